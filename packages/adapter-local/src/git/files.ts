import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { copyFile, lstat, mkdir, readdir, readFile, rename, rm, rmdir, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The code of a system error: `ENOENT` and so on. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}

/** The file's text; null when it is not there or is a folder. Never waits: an agent can put a pipe in its place, which has no text. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NONBLOCK })
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EAGAIN', 'ENXIO'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}

/** The entries of a folder; empty when it is not there. */
export async function namesIn(directory: string): Promise<readonly string[]> {
  return (await orNull(readdir(directory))) ?? []
}

/** What is at `path`, links not followed; null when nothing is. */
export function lookAt(path: string): Promise<Stats | null> {
  return orNull(lstat(path))
}

export async function isFolder(path: string): Promise<boolean> {
  return (await lookAt(path))?.isDirectory() === true
}

/** Changes whenever the file does, as far as `stat` can tell; null when it is not there. */
export async function signatureOf(path: string): Promise<string | null> {
  const found = await orNull(stat(path, { bigint: true }))
  return found === null ? null : `${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`
}

/** False when `from` is not there. */
export async function moved(from: string, to: string): Promise<boolean> {
  return (await orNull(rename(from, to).then(() => true))) ?? false
}

export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
}

/** Takes a folder away if nothing is in it. */
export async function removeEmpty(directory: string): Promise<void> {
  try {
    await rmdir(directory)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error
  }
}

/** A new folder below `parent` with a name that nobody else has. */
export async function freshFolder(parent: string, prefix: string): Promise<string> {
  const path = join(parent, `${prefix}.${randomBytes(6).toString('hex')}`)
  await mkdir(path, { recursive: true })
  return path
}

/**
 * Copies an index. Git looks twice at files that changed no earlier than the index was written, so the copy must not look
 * younger than the original. False when there is none.
 */
export async function copyIndex(from: string, to: string): Promise<boolean> {
  const original = await orNull(stat(from))
  if (original === null) return false
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
  const time = Math.floor(original.mtimeMs / 1000)
  await utimes(to, time, time)
  return true
}
