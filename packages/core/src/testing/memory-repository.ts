import { OrchError } from '../model/error.ts'
import { failed, ok, type Result } from '../model/result.ts'
import type { Kept, Oid } from '../model/run-state.ts'
import type { Workspace } from '../model/vcs-world.ts'
import type { Vcs } from '../ports/vcs.ts'
import { type MemoryCommits, memoryCommits } from './memory-commits.ts'
import { differing, type Edits, edited, type Files, noFiles } from './memory-files.ts'

export interface MemoryWorkspace {
  readonly name: string
  branch: string
  files: Files
  torn: boolean
  detached: boolean
  occupied: boolean
  /** What a commit cannot hold. */
  spoiled: string | null
}

/** What every handle on a repository in memory shares. */
export interface MemoryRepository {
  readonly target: string
  readonly via: NonNullable<Vcs['via']>
  /** What becomes of the next pushes. */
  remote: 'answers' | 'away' | 'refuses'
  readonly commits: MemoryCommits
  readonly branches: Map<string, Oid>
  readonly workspaces: Map<string, MemoryWorkspace>
  readonly pins: Map<string, Oid>
  readonly aside: Map<string, Files>
  readonly checkouts: Map<string, Files>
  readonly listeners: Set<() => void>
  /** The user's changes that are not committed. */
  userEdits: Edits
}

export const memoryRoot = '/memory.worktrees'

export function memoryRepository(target: string, files: Files, via: MemoryRepository['via']): MemoryRepository {
  const commits = memoryCommits()
  const first = commits.add({ files: edited(noFiles, files), parents: [], message: 'The first commit\n' })
  return {
    target,
    via,
    remote: 'answers',
    commits,
    branches: new Map([[target, first]]),
    workspaces: new Map(),
    pins: new Map(),
    aside: new Map(),
    checkouts: new Map(),
    listeners: new Set(),
    userEdits: {},
  }
}

/** Throws `no-target`. */
export function headOf({ branches }: MemoryRepository, branch: string): Oid {
  const oid = branches.get(branch)
  if (oid === undefined) throw new OrchError('no-target', `there is no branch ${branch}`, { port: 'vcs' })
  return oid
}

export function moveBranch(repository: MemoryRepository, branch: string, oid: Oid): void {
  repository.branches.set(branch, oid)
  for (const listener of [...repository.listeners]) listener()
}

/** The workspace, when its files are there. */
export function workspaceIn({ workspaces }: MemoryRepository, name: string): MemoryWorkspace | null {
  const found = workspaces.get(name)
  return found === undefined || found.torn ? null : found
}

export function describeWorkspace({ name, branch, torn }: MemoryWorkspace): Workspace {
  return { name, directory: `${memoryRoot}/${name}`, branch, state: torn ? 'torn' : 'ready' }
}

export function pin({ pins }: MemoryRepository, as: string, kind: 'head' | 'tree', oid: Oid): void {
  pins.set(`refs/orch/kept/${as}/${kind}-${oid.slice(0, 16)}`, oid)
}

export function keepWork(
  repository: MemoryRepository,
  workspace: MemoryWorkspace,
  as: string,
): Result<Kept, 'not-representable'> {
  if (workspace.spoiled !== null) return failed('not-representable', `cannot be committed: ${workspace.spoiled}`)
  const { commits } = repository
  const head = headOf(repository, workspace.branch)
  pin(repository, as, 'head', head)
  if (differing(workspace.files, commits.get(head).files).length === 0) return ok({ head, oid: head })
  const oid = commits.add({ files: workspace.files, parents: [head], message: 'What was in the working tree\n' })
  pin(repository, as, 'tree', oid)
  return ok({ head, oid })
}

/** Beside what earlier workspaces of that name have left there. */
export function freeAside({ aside }: MemoryRepository, name: string): string {
  for (let number = 1; ; number++) {
    const directory = `${memoryRoot}/.aside/${number}/${name}`
    if (!aside.has(directory)) return directory
  }
}

interface Branch {
  readonly target?: string | undefined
  /** Where it started. */
  readonly from: Oid
  readonly head: Oid
}

/** What the branch changes: neither what came with the target nor what it started on, but what of the target it has taken back. */
export function ownPaths(
  shared: MemoryRepository,
  { files, ...branch }: Branch & { readonly files: Files },
): readonly string[] {
  const { commits } = shared
  const { from } = branch
  const changed = (before: Oid, after: Files) => differing(commits.get(before).files, after)
  const met = lastMet(shared, branch) ?? from
  const ours = new Set(changed(from, files))
  const started = new Set(changed(commits.mergeBase(from, met) ?? met, commits.get(from).files))
  return changed(met, files).filter((path) => ours.has(path) || !started.has(path))
}

/** Where the branch last left the target, or what it started on when it has not met the target since. */
export function leftAt(shared: MemoryRepository, branch: Branch): Oid {
  const { commits } = shared
  const { from, head } = branch
  const met = lastMet(shared, branch) ?? from
  return (commits.mergeBase(from, met) ?? met) === met ? (commits.mergeBase(from, head) ?? from) : met
}

function lastMet(
  { commits, branches, target: own }: MemoryRepository,
  { target = own, head }: Branch,
): Oid | undefined {
  const there = branches.get(target)
  return there === undefined ? undefined : commits.mergeBase(there, head)
}

/** A branch that `branch` cannot exist beside. */
export function clashOf({ branches }: MemoryRepository, branch: string): string | undefined {
  return [...branches.keys()].find((other) => other.startsWith(`${branch}/`) || branch.startsWith(`${other}/`))
}
