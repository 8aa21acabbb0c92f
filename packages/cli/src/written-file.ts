import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { systemCode, UsageError } from './usage-error.ts'

/** Writes a text where somebody asked for it. Throws `UsageError` when that cannot be. */
export async function writeText(
  { file, directory }: { readonly file: string; readonly directory: string },
  text: string,
): Promise<void> {
  try {
    await writeFile(resolve(directory, file), text)
  } catch (error) {
    const why = whys[systemCode(error) ?? '']
    if (why === undefined) throw error
    throw new UsageError('unwritable-file', `${file} cannot be written: ${why}.`)
  }
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
