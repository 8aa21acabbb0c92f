import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OrchError, type ProcessKey } from '@orch/core'
import { codeOf, lookAt, namesIn } from '../disk/files.ts'

/**
 * Everything that one process leaves on disk. The claim lies outside, so that a folder that was deleted by hand is told apart
 * from a process that never ran. While it is prepared the folder has a name of its own; the launcher gives it the key's.
 */
export interface Folder {
  readonly path: string
  readonly prompt: string
  readonly log: string
  readonly outbox: string
  readonly inbox: string
  /** One file per guidance that was delivered; agents may empty the inbox, so that cannot tell. */
  readonly sent: string
  readonly exit: string
  readonly pid: string
  readonly started: string
  /** Since when it has shown no sign, for orchestrators to come. */
  readonly silence: string
}

function folderAt(path: string): Folder {
  return {
    path,
    prompt: join(path, 'prompt.md'),
    log: join(path, 'log'),
    outbox: join(path, 'events.jsonl'),
    inbox: join(path, 'inbox'),
    sent: join(path, 'sent'),
    exit: join(path, 'exit'),
    pid: join(path, 'pid'),
    started: join(path, 'started'),
    silence: join(path, 'silence'),
  }
}

/** Where the runner keeps things below its directory. Names with a leading dot can never be keys. */
export interface Places {
  readonly claims: string
  readonly starting: string
  claim(key: ProcessKey): string
  folder(key: ProcessKey): Folder
  /** The folder of one start, before it has the key. */
  prepared(key: ProcessKey, id: string): Folder
}

export function placesIn(directory: string): Places {
  const claims = join(directory, '.claims')
  const starting = join(directory, '.starting')
  return {
    claims,
    starting,
    claim: (key) => join(claims, checked(key)),
    folder: (key) => folderAt(join(directory, checked(key))),
    prepared: (key, id) => folderAt(join(starting, `${checked(key)}~${id}`)),
  }
}

/** Every key of which there is a claim or a folder. */
export function keysIn({ claims }: Places, directory: string): readonly ProcessKey[] {
  return [...new Set([...namesIn(claims), ...namesIn(directory)])].filter(isKey).sort()
}

export function claimedIn({ claims }: Places): readonly ProcessKey[] {
  return namesIn(claims).filter(isKey)
}

function isKey(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,119}$/.test(name)
}

function checked(key: ProcessKey): string {
  if (isKey(key)) return key
  throw new OrchError('bug', `${JSON.stringify(key)} is no process key: it must match [a-z0-9][a-z0-9.-]{0,119}.`)
}

/**
 * Makes a folder with what the launcher and its command read. In the background, unlike all that only looks at these small files: making one
 * may wait for the disk's journal, and then everything would wait.
 */
export async function prepare(
  folder: Folder,
  content: { readonly prompt: string; readonly started: string },
): Promise<void> {
  await mkdir(folder.path, { mode: 0o700, recursive: true })
  const write = (path: string, text: string) => writeFile(path, text, { mode: 0o600, flag: 'wx' })
  await Promise.all([
    mkdir(folder.inbox, { mode: 0o700, recursive: true }),
    write(folder.prompt, content.prompt),
    write(folder.started, content.started),
  ])
}

export interface FileStat {
  readonly size: number
  readonly modified: number
  readonly inode: number
}

/** What a plain file looks like now; null when it is missing or something else than a file. */
export function statFile(path: string): FileStat | null {
  const found = lookAt(path)
  if (!found?.isFile()) return null
  return { size: found.size, modified: found.mtimeMs, inode: found.ino }
}

/** The value, or null when the file is not there. */
export function unlessMissing<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    throw error
  }
}
