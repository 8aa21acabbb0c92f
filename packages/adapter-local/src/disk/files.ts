import { randomBytes } from 'node:crypto'
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The code of a system error: `ENOENT` and so on. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error) => nullWithout(error))
}

function nullWithout(error: unknown, ...more: readonly string[]): null {
  if (['ENOENT', 'ENOTDIR', ...more].includes(codeOf(error) ?? '')) return null
  throw error
}

// These look at single small files, hundreds of times for one task, and wait for the disk no longer than a thread's round trip
// takes: ten times the read.

/** For opening what somebody else may have put a pipe in the place of: opening that would wait until it is written to. */
export const withoutWaiting: number = constants.O_RDONLY | constants.O_NONBLOCK

/** The file's text; null when it is not there or is no file. Never waits: an agent can put a pipe or a device in its place. */
export function readText(path: string): string | null {
  let file: number
  try {
    file = openSync(path, withoutWaiting)
  } catch (error) {
    return nullWithout(error, 'ENXIO') // a socket
  }
  try {
    return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : null
  } finally {
    closeSync(file)
  }
}

/** Reads `length` bytes at `from`. An agent can put anything in the place of a file: links and pipes are not followed. */
export function readPart(path: string, from: number, length: number): Buffer {
  const file = openSync(path, withoutWaiting | constants.O_NOFOLLOW)
  try {
    const buffer = Buffer.alloc(length)
    return buffer.subarray(0, readSync(file, buffer, 0, length, from))
  } finally {
    closeSync(file)
  }
}

/** The entries of a folder; empty when it is not there. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    return nullWithout(error, 'ELOOP') ?? []
  }
}

/** What is at `path`, links not followed; null when nothing is. */
export function lookAt(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    return nullWithout(error, 'ELOOP')
  }
}

export function isFolder(path: string): boolean {
  return lookAt(path)?.isDirectory() === true
}

/** Changes whenever the file does, as far as `stat` can tell; null when it is not there. */
export function signatureOf(path: string): string | null {
  let found: BigIntStats | undefined
  try {
    found = statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    return nullWithout(error)
  }
  return found === undefined ? null : `${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`
}

/** False when `from` is not there. */
export async function moved(from: string, to: string): Promise<boolean> {
  return (await orNull(rename(from, to).then(() => true))) ?? false
}

/** Read whole at every moment. What an agent has put in the place of the file goes: a link there is not followed, and a pipe keeps nobody waiting. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(unfinished, text, { flag: 'wx' })
  await rename(unfinished, path)
}

export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
}

export function removeFile(path: string): void {
  rmSync(path, { force: true })
}

/** Takes a folder away if nothing is in it. */
export async function removeEmpty(directory: string): Promise<void> {
  try {
    await rmdir(directory)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error
  }
}

/** A path in `parent`, which is there then, with a name that nobody else has. */
export function freshPath(parent: string, prefix: string): string {
  mkdirSync(parent, { recursive: true })
  return freshName(parent, prefix)
}

/** A new folder below `parent` with a name that nobody else has. */
export async function freshFolder(parent: string, prefix: string): Promise<string> {
  const path = freshName(parent, prefix)
  await mkdir(path, { recursive: true })
  return path
}

function freshName(parent: string, prefix: string): string {
  return join(parent, `${prefix}.${randomBytes(6).toString('hex')}`)
}
