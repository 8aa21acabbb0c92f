import { readlinkSync, realpathSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { OrchError } from '@orch/core'
import { freshFolder, isFolder, lookAt, namesIn, readText, replaceFile } from '../disk/files.ts'
import { writeClone } from './clone-files.ts'
import { isWorkspaceName, type WorkspaceName, workspaceName } from './names.ts'
import type { Repository } from './repository.ts'

/** What git keeps about one linked worktree, read from its files: the `.git` file inside the worktree is never believed. */
export interface Entry {
  /** `<common git dir>/worktrees/<id>`. */
  readonly directory: string
  /** Where its files are; null when the entry is torn. */
  readonly files: string | null
  /** The ref that HEAD names; null when HEAD is detached or unreadable. */
  readonly head: string | null
  readonly torn: boolean
}

/** Where the workspaces are, and our entries about them. Every name of ours is computed, so nobody else's entry is ever touched. */
export interface Worktrees {
  /** `<root>.worktrees` unless chosen otherwise. */
  readonly folder: string
  /** Everybody's. */
  all(): readonly Entry[]
  /** Those that are not ours. */
  others(): readonly Entry[]
  /** The directories of everybody's that have `ref` checked out. */
  having(ref: string): readonly string[]
  place(name: string): Place
  /** Workspaces that git knows of under a name like ours. */
  entries(): readonly WorkspaceName[]
  /** With another folder configured it is another instance's. */
  isMine(name: WorkspaceName): boolean
  /** Workspaces of ours that git knows of. */
  names(): readonly WorkspaceName[]
}

export interface Place {
  readonly name: WorkspaceName
  /** The workspace's files. */
  readonly files: string
  /** Its entry in the git directory; of a clone its git directory, which is beside the files for nobody to walk into. */
  readonly entry: string
  readonly isClone: boolean
  /** For what is to become its entry or was one: on the same disk. */
  readonly making: string
}

/** A linked worktree shares configuration, hooks, refs and stash with the repository; a clone shares nothing but objects, and writes none of those. */
export type Isolation = 'worktree' | 'clone'

/** Marks entries as ours: git itself names an entry after the folder. */
const prefix = 'orch.'

const isOthers = (directory: string): boolean => !basename(directory).startsWith(prefix)

export function worktreesOf(repository: Repository, folder: string, isolation: Isolation): Worktrees {
  const homes = { worktree: join(repository.commonDirectory, 'worktrees'), clone: join(folder, '.clones') }
  const making = {
    worktree: join(repository.commonDirectory, 'orch', 'tmp'),
    clone: join(folder, '.making'),
  }
  const place = (name: string): Place => {
    const checked = workspaceName(name)
    const entryIn = (kind: Isolation) => join(homes[kind], prefix + checked)
    const other = isolation === 'clone' ? 'worktree' : 'clone'
    // What is there counts, whatever is wanted by now.
    const kind = lookAt(entryIn(isolation)) === null && lookAt(entryIn(other)) !== null ? other : isolation
    return {
      name: checked,
      files: join(folder, checked),
      entry: entryIn(kind),
      isClone: kind === 'clone',
      making: making[kind],
    }
  }
  const directories = () => Object.values(homes).flatMap((home) => namesIn(home).map((name) => join(home, name)))
  const named = (): readonly WorkspaceName[] =>
    directories()
      .map((directory) => basename(directory))
      .filter((name) => name.startsWith(prefix) && isWorkspaceName(name.slice(prefix.length)))
      .map((name) => workspaceName(name.slice(prefix.length)))
  const isMine = (name: WorkspaceName): boolean => {
    const at = place(name)
    const gitdir = readText(join(at.entry, 'gitdir'))?.trim() ?? ''
    return gitdir === '' || gitdir === join(at.files, '.git')
  }
  return {
    folder,
    place,
    all: () => directories().map(readEntry),
    others: () => directories().filter(isOthers).map(readEntry),
    having: (ref) => directories().filter((directory) => refIn(directory) === ref),
    entries: named,
    isMine,
    names: () => named().filter(isMine),
  }
}

/**
 * Moves whenever git puts something into an entry or takes something away, which it does by renaming. What is written over in its place
 * is met by whoever works with the entry: that reads it.
 */
export function entrySignature({ entry, files }: Place): string {
  const found = lookAt(entry)
  return `${found?.ino} ${found?.mtimeMs} ${found?.ctimeMs} ${isFolder(files)}`
}

export function readEntry(directory: string): Entry {
  const [head, gitdir, common] = ['HEAD', 'gitdir', 'commondir'].map((name) => readText(join(directory, name)))
  const files = gitdir?.trim() ?? ''
  // A clone has none.
  const lacksCommon = basename(dirname(directory)) === 'worktrees' && (common?.trim() ?? '') === ''
  const torn = files === '' || lacksCommon || (head?.trim() ?? '') === ''
  return {
    directory,
    files: files === '' ? null : dirname(files),
    head: refOf(head),
    torn,
  }
}

/** The ref that HEAD names in a git directory: this file alone is read of it. */
export function refIn(directory: string): string | null {
  return refOf(readText(join(directory, 'HEAD')))
}

function refOf(head: string | null | undefined): string | null {
  const named = /^ref: (refs\/heads\/\S+)\n?$/.exec(head ?? '')?.[1] ?? null
  // An agent may have written it, and it becomes a path.
  return named?.split('/').includes('..') ? null : named
}

/** What the workspace was made for, beside git's own files. For finding things again, never believed where it matters. */
export function branchOfEntry(entry: string): string | null {
  return readText(join(entry, 'orch-branch'))?.trim() ?? null
}

/** The whole entry in a folder of its own, so that it appears in one piece: git dies from half of one. */
export async function prepareEntry(repository: Repository, place: Place, branch: string): Promise<string> {
  const directory = await freshFolder(place.making, place.name)
  await writeEntry(repository, directory, place, branch)
  return directory
}

export async function writeEntry(
  repository: Repository,
  directory: string,
  place: Place,
  branch: string,
): Promise<void> {
  await Promise.all([
    beginLog(directory),
    replaceFile(join(directory, 'HEAD'), `ref: refs/heads/${branch}\n`),
    place.isClone
      ? writeClone(repository, directory)
      : Promise.all([
          replaceFile(join(directory, 'commondir'), '../..\n'),
          replaceFile(join(directory, 'locked'), 'orch uses it; `orch prune` takes it away when it is left over\n'),
        ]),
    replaceFile(join(directory, 'gitdir'), `${join(place.files, '.git')}\n`),
    replaceFile(join(directory, 'orch-branch'), `${branch}\n`),
  ])
}

/**
 * Git goes on with a log that is there even where the user wants none: nothing else names a commit that was reset away. What an agent
 * has put in its place is left alone.
 */
async function beginLog(directory: string): Promise<void> {
  const logs = join(directory, 'logs')
  if (lookAt(logs) !== null) return
  await mkdir(logs)
  await writeFile(join(logs, 'HEAD'), '', { flag: 'wx' })
}

export async function writeGitFile(files: string, place: Place): Promise<void> {
  await replaceFile(join(files, '.git'), `gitdir: ${place.entry}\n`)
}

/** Throws `no-access` when what is in the place of the folder is none and leads to none. */
export function refuseNoFolder({ folder }: Worktrees): void {
  const found = lookAt(folder)
  if (found === null || found.isDirectory()) return
  // With a slash at its end a link is followed.
  if (found.isSymbolicLink() && isFolder(`${folder}/`)) return
  const what = found.isSymbolicLink()
    ? `is a link to ${readlinkSync(folder)}, where no folder is; make that folder, or take the link away`
    : 'is no folder; move it away'
  throw new OrchError('no-access', `the worktrees of tasks are to be in ${folder}, which ${what}`, { port: 'vcs' })
}

/**
 * Where git says that the files of an entry with our name are, when they are there and not where ours would be: somebody has moved the worktree, and it
 * is theirs, or it belongs to an instance with another folder.
 */
export function movedTo({ entry, files }: Place): string | null {
  const told = readEntry(entry).files
  if (told === null || told === files || !isFolder(told)) return null
  return isFolder(files) && realpathSync(files) === realpathSync(told) ? null : told
}

/** Whether the workspace is there to be worked in. */
export function isReady(place: Place): boolean {
  return !readEntry(place.entry).torn && isFolder(place.files) && lookAt(join(place.entry, 'index')) !== null
}

/** Out of the way without losing a byte: a folder that git does not know, beside the workspaces. */
export async function moveAside(worktrees: Worktrees, path: string): Promise<string> {
  const aside = join(worktrees.folder, '.aside')
  await mkdir(aside, { recursive: true })
  const to = await freshFolder(aside, basename(path))
  const target = join(to, basename(path))
  await rename(path, target)
  return target
}
