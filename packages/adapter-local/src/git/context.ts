import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Attributes, attributesOf } from './attributes.ts'
import { CheckFolders } from './check-folders.ts'
import { withLock } from './lock.ts'
import { branchRef, type NamedRef } from './names.ts'
import { type Objects, objectsOf } from './objects.ts'
import { type Refs, refsOf } from './refs.ts'
import { type Refusals, refusals } from './refusals.ts'
import type { Remote } from './remote.ts'
import type { Repository } from './repository.ts'
import { type Isolation, type Worktrees, worktreesOf } from './worktrees.ts'

/** What every verb works with. */
export interface GitContext {
  readonly repository: Repository
  /** What changes land on: a branch, or where git keeps what is known of a remote's. */
  readonly target: NamedRef
  /** The user's branch: the target, or the one that follows it. */
  readonly branch: NamedRef
  /** Where changes are pushed; null where they land here. */
  readonly remote: Remote | null
  readonly refs: Refs
  readonly objects: Objects
  readonly attributes: Attributes
  readonly worktrees: Worktrees
  /** For what is made before it gets its place, and for what is on its way out; on the same disk as the workspaces. */
  readonly making: string
  /** Landings of this process: the commit and what it was landed on. */
  readonly landedHere: Map<string, string>
  /** Where this process moved the target last. */
  movedTarget: string | null
  /** What this process was refused by the user's files. */
  readonly refusals: Refusals
  readonly checkFolders: CheckFolders
  /** Where the files of our locks are. */
  readonly locks: string
  /** One lock per repository round the bookkeeping of worktrees. */
  locked<T>(name: 'worktrees' | 'landing', signal: AbortSignal, use: () => Promise<T>): Promise<T>
}

/** The same repository with another branch to land on, which is never a remote's. Throws `invalid-branch`. */
export function landingOn(context: GitContext, target: string | undefined): GitContext {
  if (target === undefined || target === context.target.name) return context
  const branch = { name: target, ref: branchRef(target) }
  return { ...context, target: branch, branch, remote: null }
}

export async function contextOf(
  repository: Repository,
  { branch, remote }: { readonly branch: NamedRef; readonly remote: Remote | null },
  { folder, isolation }: { readonly folder: string | undefined; readonly isolation: Isolation },
): Promise<GitContext> {
  const objects = objectsOf(repository)
  const worktrees = worktreesOf(repository, folder ?? `${repository.root}.worktrees`, isolation)
  const making = join(worktrees.folder, '.making')
  const locks = join(repository.commonDirectory, 'orch', 'locks')
  await mkdir(locks, { recursive: true })
  return {
    repository,
    target: remote === null ? branch : remote.target,
    branch,
    remote,
    refs: refsOf(repository),
    objects,
    attributes: attributesOf(objects),
    worktrees,
    making,
    landedHere: new Map(),
    movedTarget: null,
    refusals: refusals(),
    checkFolders: new CheckFolders({
      folders: join(worktrees.folder, '.checks'),
      records: join(repository.commonDirectory, 'orch', 'checks'),
      making,
    }),
    locks,
    locked: (name, signal, use) => withLock(join(locks, name), signal, use),
  }
}
