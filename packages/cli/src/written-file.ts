import { realpath, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemCode, UsageError } from './usage-error.ts'

interface Destination {
  readonly file: string
  readonly directory: string
  /** What was read, and may not be written over. */
  readonly source: string | undefined
}

/** Writes a text where somebody asked for it. Throws `UsageError` when that cannot be. */
export async function writeText({ file, directory, source }: Destination, text: string): Promise<void> {
  const path = resolve(directory, file)
  if (source !== undefined && (await isSame(path, resolve(directory, source)))) {
    throw new UsageError('unwritable-file', `${file} holds the tasks that are drawn; choose another file.`)
  }
  try {
    await writeFile(path, text)
  } catch (error) {
    const why = whys[systemCode(error) ?? '']
    if (why === undefined) throw error
    throw new UsageError('unwritable-file', `${file} cannot be written: ${why}.`)
  }
}

/** Through links, too. What is not there yet is nothing else. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => realpath(path).catch(() => path)))
  return first === second
}

const whys: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions forbid it',
  EPERM: 'its permissions forbid it',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}
