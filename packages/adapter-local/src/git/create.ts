import { link, mkdir, rename, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type Failed, failed, type MadeWorkspace, OrchError, ok, type Result } from '@orch/core'
import { codeOf, freshFolder, isFolder, lookAt, namesIn, remove } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { writeCloneRef } from './clone-files.ts'
import { refsAt, refuseLinks } from './clones.ts'
import type { GitContext } from './context.ts'
import { fillFresh } from './fill.ts'
import { goOn } from './go-on.ts'
import { branchRef, oidOf, type RefName } from './names.ts'
import { hasSubmodules, moveWholeAside } from './submodules.ts'
import { withView } from './view.ts'
import {
  branchOfEntry,
  isReady,
  moveAside,
  movedTo,
  type Place,
  prepareEntry,
  readEntry,
  refIn,
  refuseNoFolder,
  writeEntry,
  writeGitFile,
} from './worktrees.ts'

/** Bytes that must be free before a workspace is made. */
const roomNeeded = 64 * 1024 * 1024

export interface CreateOptions {
  readonly name: string
  readonly branch: string
  readonly from: string
  readonly continues?: boolean
  readonly signal: AbortSignal
}

type Refused = 'branch-elsewhere' | 'no-space' | 'clash' | 'other-branch'

/**
 * The files are written where nobody looks, then entry and folder get their names, each in one move: a workspace is there whole or
 * not at all, and completing an interrupted one can never touch what an agent did.
 */
export async function createWorkspace(
  context: GitContext,
  options: CreateOptions,
): Promise<Result<MadeWorkspace, Refused>> {
  refuseNoFolder(context.worktrees)
  const place = context.worktrees.place(options.name)
  const ref = branchRef(options.branch)
  const found = (await context.refs.read(ref)) !== null || isFolder(place.files)
  const directory = place.files
  const workspace: MadeWorkspace = { name: options.name, directory, branch: options.branch, state: 'ready', found }
  const elsewhere = await takenBy(context, place, ref)
  if (elsewhere !== null)
    return failed('branch-elsewhere', `${options.branch} is checked out in ${elsewhere}; switch that away`)
  const away = movedTo(place)
  if (away !== null)
    return failed(
      'branch-elsewhere',
      `the worktree was moved to ${away}; move it back with 'git worktree move', or take it away`,
    )
  if (isReady(place)) {
    const branch = branchOfEntry(place.entry)
    const isOther = branch !== null && branch !== options.branch
    if (isOther && options.continues !== true) return otherBranch(place, branch)
    if (!isOther && (await context.refs.read(ref)) !== null) return ok(workspace)
  }
  const clash = await clashing(context, options.branch)
  if (clash !== null)
    return failed('clash', `${options.branch} cannot exist beside the branch ${clash}; rename that one`)
  if (options.continues === true) {
    const went = await goOn(context, place, ref, options)
    if (went === 'elsewhere') return otherBranch(place, branchOfEntry(place.entry))
    if (went === 'on') return ok({ ...workspace, found: false })
  }
  await mkdir(context.worktrees.folder, { recursive: true })
  const room = await statfs(context.worktrees.folder)
  if (room.bavail * room.bsize < roomNeeded)
    return failed(
      'no-space',
      `${Math.floor((room.bavail * room.bsize) / 1024 ** 2)} MB are free in ${context.worktrees.folder}, 64 MB are needed; free some space`,
    )
  try {
    await make(context, place, ref, options)
  } catch (error) {
    if (!isFull(error)) throw error
    return failed('no-space', `the disk of ${context.worktrees.folder} is full; free some space`)
  }
  return ok(workspace)
}

function otherBranch(place: Place, branch: string | null): Failed<'other-branch'> {
  return failed('other-branch', `the workspace ${place.name} is for the branch ${branch}`)
}

async function make(context: GitContext, place: Place, ref: RefName, options: CreateOptions): Promise<void> {
  const { repository } = context
  const present = await context.refs.read(ref)
  const start = present ?? oidOf(options.from)
  const [made, entry] = await Promise.all([
    freshFolder(context.making, place.name),
    prepareEntry(repository, place, options.branch),
  ])
  try {
    const [, created] = await Promise.all([
      fillFresh(context, { files: made, index: join(entry, 'index') }, start, options.signal),
      present !== null || context.refs.change([{ ref, to: start, from: null }], 'orch: a branch for a task'),
    ])
    // Somebody made the branch at this very moment: what it holds now counts.
    if (!created) return await make(context, place, ref, options)
    if (place.isClone) await writeCloneRef(entry, ref, start)
    await writeGitFile(made, place)
    failPoint('workspace-filled')
    await context.locked('worktrees', options.signal, () => install(context, place, options, { made, entry, start }))
  } finally {
    await Promise.all([remove(made), remove(entry)])
  }
}

interface Made {
  readonly made: string
  readonly entry: string
  readonly start: string
}

/** Inside the lock. First the entry, then the files: a crash between the two leaves an entry that says where files are missing. */
async function install(
  context: GitContext,
  place: Place,
  options: CreateOptions,
  { made, entry, start }: Made,
): Promise<void> {
  if (isReady(place)) return
  const files = lookAt(place.files)
  // A link or a file in our place is not ours to follow.
  if (files !== null && !files.isDirectory()) await moveAside(context.worktrees, place.files)
  if (isFolder(place.files)) return adopt(context, place, options, { made, entry, start })
  await mkdir(join(place.entry, '..'), { recursive: true })
  // What was committed in a submodule is in the entry alone.
  if (lookAt(place.entry) !== null) {
    if (hasSubmodules(place)) await moveWholeAside(context, place, { files: false })
    await remove(place.entry)
  }
  await rename(entry, place.entry)
  failPoint('workspace-entered')
  await rename(made, place.files)
  failPoint('workspace-made')
}

/** The files are there, so somebody may have worked in them: only what is missing is added. */
async function adopt(context: GitContext, place: Place, options: CreateOptions, { entry, start }: Made): Promise<void> {
  refuseLinks(place)
  const before = readEntry(place.entry)
  if (before.torn || before.head === null) {
    await mkdir(place.entry, { recursive: true })
    await writeEntry(context.repository, place.entry, place, options.branch)
  }
  const ref = branchRef(options.branch)
  if (place.isClone && (await refsAt(context, place).read(ref)) === null) await writeCloneRef(place.entry, ref, start)
  await writeGitFile(place.files, place)
  failPoint('workspace-adopted')
  if (lookAt(join(place.entry, 'index')) !== null) return
  const untouched = namesIn(place.files).every((name) => name === '.git')
  await withView(context.repository, { worktree: place.files, signal: options.signal }, async (view) => {
    if (untouched) await view.git({ arguments: ['read-tree', '-m', '-u', oidOf(start)] })
    else {
      await view.git({ arguments: ['read-tree', oidOf(start)] })
      // Never overwrites: 1 says that some files were there already.
      await view.git({ arguments: ['checkout-index', '--all', '--quiet'], answers: [0, 1] })
      await view.git({ arguments: ['update-index', '-q', '--refresh'], answers: [0, 1] })
    }
    await rename(view.index, join(entry, 'index'))
  })
  await link(join(entry, 'index'), join(place.entry, 'index'))
}

async function takenBy(context: GitContext, place: Place, ref: RefName): Promise<string | null> {
  const { repository, worktrees } = context
  if (refIn(repository.commonDirectory) === ref) return repository.root
  const other = worktrees.having(ref).find((directory) => directory !== place.entry)
  return other === undefined ? null : (readEntry(other).files ?? other)
}

/** Whether workspaces can be made, on branches that begin with `prefix`. */
export async function admits(context: GitContext, prefix: string): Promise<Result<void, 'clash'>> {
  refuseNoFolder(context.worktrees)
  const clash = await clashing(context, `${prefix}x`)
  return clash === null ? ok() : failed('clash', clash)
}

/** A branch whose name is a folder of ours, or the other way round. */
export async function clashing(context: GitContext, branch: string): Promise<string | null> {
  const parts = branch.split('/')
  for (let length = 1; length < parts.length; length++) {
    const above = parts.slice(0, length).join('/')
    if ((await context.refs.read(branchRef(above))) !== null) return above
  }
  const [below] = (await context.refs.list(`refs/heads/${branch}/`)).keys()
  return below === undefined ? null : below.slice('refs/heads/'.length)
}

function isFull(error: unknown): boolean {
  if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') return true
  return OrchError.is(error) && error.code === 'disk-full'
}
