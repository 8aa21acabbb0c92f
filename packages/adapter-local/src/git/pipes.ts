import { type Dirent, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { OrchError } from '@orch/core'
import { lookAt } from '../disk/files.ts'

/** What git opens in every folder of files without a look at what it is. */
const opened: readonly string[] = ['.gitattributes', '.gitignore']

/** Milliseconds after which it is looked for what keeps a git waiting: nearly every one is done by then. */
const patienceMs = 1000

/** Where one git may meet a pipe. */
export interface Reached {
  /** The files of a work tree. */
  readonly files?: string | undefined
  /** A git directory that is not ours. */
  readonly gitDirectory?: string | undefined
  /** The user's own, for all repositories. */
  readonly configuration?: string | undefined
}

/** What git opens in a git directory: these, and everything in these folders. */
const ofGit = ['HEAD', 'commondir', 'config', 'config.worktree', 'gitdir', 'packed-refs', 'shallow'] as const
const foldersOfGit = ['info', 'logs', 'objects/info', 'refs'] as const

/**
 * The first pipe that git would wait at if it moved files in `folders`, each relative to `files`; null when there is none. To be asked
 * before: a git that is ended while it waits has written half of the files.
 */
export function pipeBelow(files: string, folders: Iterable<string>): string | null {
  for (const folder of folders)
    for (const name of opened) {
      const path = join(files, folder, name)
      if (lookAt(path)?.isFIFO() === true) return path
    }
  return null
}

/**
 * Runs a git that may wait at a pipe for ever. One that takes long is looked after, and ended when there is a pipe in its way: then this
 * throws `no-access`, with the path.
 */
export async function pastPipes<T>(
  reached: () => Reached,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // Nearly every git is done before anybody looks, so little is set up for one.
  const stop = new AbortController()
  const pass = (): void => stop.abort(signal?.reason)
  let done = false
  const look = async (): Promise<void> => {
    const pipe = await firstPipe(reached(), () => done)
    if (pipe !== null && !done) stop.abort(new OrchError('no-access', pipeText(pipe), { port: 'vcs' }))
  }
  // What cannot be looked through, git cannot either.
  const patience = setTimeout(() => void look().catch(() => undefined), patienceMs).unref()
  if (signal?.aborted === true) pass()
  signal?.addEventListener('abort', pass)
  try {
    const result = await run(stop.signal)
    stop.signal.throwIfAborted()
    return result
  } catch (error) {
    stop.signal.throwIfAborted()
    throw error
  } finally {
    done = true
    clearTimeout(patience)
    signal?.removeEventListener('abort', pass)
  }
}

/** In the same words whoever meets it. */
export function pipeText(path: string): string {
  return `${path} is a pipe, and git would wait for what it says; move it away`
}

async function firstPipe(
  { files, gitDirectory, configuration }: Reached,
  isDone: () => boolean,
): Promise<string | null> {
  const inGit = (names: readonly string[]) =>
    gitDirectory === undefined ? [] : names.map((name) => join(gitDirectory, name))
  const single = inGit(ofGit)
  for (const path of configuration === undefined ? single : [...single, configuration]) if (isPipe(path)) return path
  const inFiles = (entry: Dirent) => opened.includes(entry.name) && entry.isFIFO()
  const found = files === undefined ? null : await search(files, inFiles, isDone)
  if (found !== null) return found
  const inWhole = (entry: Dirent) => !entry.isFile() && isPipe(join(entry.parentPath, entry.name))
  for (const folder of inGit(foldersOfGit)) {
    const other = await search(folder, inWhole, isDone)
    if (other !== null) return other
  }
  return null
}

async function search(folder: string, isIt: (entry: Dirent) => boolean, isDone: () => boolean): Promise<string | null> {
  if (isDone()) return null
  // What cannot be read, git cannot read either.
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])
  const found = entries.find(isIt)
  if (found !== undefined) return join(folder, found.name)
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === '.git') continue
    const below = await search(join(folder, entry.name), isIt, isDone)
    if (below !== null) return below
  }
  return null
}

function isPipe(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true
  } catch {
    return false // a loop of links, or not ours to see: git does not wait for that
  }
}

/** The `.git` of the repository that holds `directory`, as git finds it; undefined outside of every one. */
export function nearestGit(directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const path = basename(at) === '.git' ? at : join(at, '.git')
    if (lookAt(path)?.isDirectory() === true) return path
    if (at === dirname(at)) return undefined
  }
}
