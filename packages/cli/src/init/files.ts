import { constants } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configurationFiles } from '../configuration/load.ts'
import { systemCode } from '../usage-error.ts'

/** What configures orch in `root` already, usable or not; null when nothing does. */
export async function presentConfiguration(root: string): Promise<string | null> {
  for (const name of configurationFiles) {
    const path = join(root, name)
    if (name === 'package.json') return 'orch' in (await readManifest(root)) ? '"orch" in package.json' : null
    if ((await textOf(path)) !== null) return name
  }
  return null
}

/** False when the file is there already, and then it stays as it is. */
export async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
    return false
  }
}

/** The fields of `package.json`; none when there is no usable one. */
export async function readManifest(root: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await textOf(join(root, 'package.json'))
  if (text === null) return {}
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return {} // a broken manifest suggests nothing; npm will say what is wrong with it
  }
}

export async function textOf(file: string): Promise<string | null> {
  try {
    // A pipe in its place is not waited for.
    return await readFile(file, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK })
  } catch (error) {
    if (systemCode(error) === null) throw error
    return null
  }
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
