import { dirname, join } from 'node:path'
import { lookAt, readPart, readText } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { pathsBetween } from './outside.ts'
import { type Difference, shortened } from './status.ts'
import type { View } from './view.ts'

/**
 * What files begin with that are stored as these filters make them. Without the filter git itself would store any bytes in their place: large ones in every clone,
 * or readable ones.
 */
const beginnings: Readonly<Record<string, string>> = {
  lfs: 'version https://git-lfs.github.com/spec/',
  'git-crypt': '\0GITCRYPT\0',
}

/**
 * Why the change cannot be stored and landed without running a filter of the repository's, which is never done: a file would be stored as it lies there, a
 * secret readable, and be written into the user's check-out as it is stored. Null when no file of it has one.
 * @param files where the change lies
 */
export async function whyFiltered(
  { repository: { filters } }: GitContext,
  view: View,
  {
    from,
    head,
    found,
    files,
  }: {
    readonly from: string
    readonly head: string
    readonly found: readonly Difference[]
    readonly files: string
  },
): Promise<string | null> {
  const committed = from === head ? [] : await pathsBetween(view, from, head)
  const changed = [...found.map(({ bytes }) => bytes), ...committed.map((path) => Buffer.from(path).toString('latin1'))]
  const paths = changed.filter((path) => lookAt(join(files, textOf(path)))?.isFile() === true)
  if (paths.length === 0 || (filters.length === 0 && !namesFilter(files, changed))) return null
  const asked = {
    arguments: ['check-attr', '-z', '--stdin', 'filter'],
    input: paths.map((path) => `${path}\0`).join(''),
  }
  const fields = (await view.git(asked)).output.split('\0')
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const name = textOf(fields[at + 2] ?? '')
    const path = textOf(fields[at] ?? '')
    const has = `${shortened(path)} has the attribute filter=${name}, and`
    const key = filters.find((each) => each.split('.').slice(1, -1).join('.') === name.toLowerCase())
    if (key !== undefined)
      return `${has} a filter (${key} in your configuration) is never run here; change it yourself, or take the attribute away`
    const beginning = Object.hasOwn(beginnings, name) ? beginnings[name] : undefined
    if (beginning === undefined) continue
    // Both store an empty file as it is.
    const begins = readPart(join(files, path), 0, beginning.length).toString('latin1')
    if (begins === '' || begins === beginning) continue
    return `${has} it is not stored as that filter makes it, which your configuration does not have (filter.${name}.clean); set that up and change the file yourself, or take the attribute away`
  }
  return null
}

/** Whether a filter may be named for one of the paths: mostly that is seen without asking git. */
function namesFilter(files: string, paths: readonly string[]): boolean {
  if (paths.some((path) => /(^|\/)\.gitattributes$/.test(path))) return true
  const folders = new Set(['.'])
  for (const path of paths)
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder)
  return [...folders].some(
    (folder) => readText(join(files, textOf(folder), '.gitattributes'))?.includes('filter') === true,
  )
}
