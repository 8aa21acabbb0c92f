import { OrchError } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import type { Oid } from '../model/run-state.ts'
import { differing, type Edits, edited, type Files } from './memory-files.ts'
import { memoryCandidate } from './memory-landing.ts'
import {
  describeWorkspace,
  headOf,
  type MemoryRepository,
  type MemoryWorkspace,
  moveBranch,
  workspaceIn,
} from './memory-repository.ts'

/** What agents and users do to a repository in memory, from outside. */
export interface MemoryDeeds {
  /** As an agent: writes files of a workspace, which is told by its name or its directory; or as a command, of a check-out. */
  edit(workspace: string, edits: Edits): void
  /** As an agent: commits all that its workspace holds. */
  commit(workspace: string, message: string): Oid
  /** As an agent: leaves the branch. */
  detach(workspace: string): void
  /** As an agent: moves its branch to another commit and keeps its files, as `git reset` does. */
  reset(workspace: string, to: Oid): void
  /** As an agent: merges the target, or another branch, into its own; of a file that both changed it keeps both texts. */
  mergeTarget(workspace: string, branch?: string): Oid
  /** As an agent: puts something into the workspace that a commit cannot hold. */
  spoil(workspace: string, path: string): void
  /** A process that is not ours works in the workspace from now on, or no longer. */
  occupy(workspace: string, occupied: boolean): void
  /** As a crash, or a person: the files of the workspace are gone, what is known about it stays. */
  tear(workspace: string): void
  /** As a person: takes a workspace and its branch away, whatever they hold. */
  remove(workspace: string): void
  /** As the user: commits to the target, and to their checkout of it. */
  userCommit(edits: Edits, message?: string): Oid
  /** As a review host: merges `head` into the target; null where that conflicts, or would change nothing. */
  hostMerge(head: Oid, method: Policy['landing']['method']): Oid | null
  /** The remote answers pushes, is away, or refuses them, from now on. */
  remoteIs(now: MemoryRepository['remote']): void
  /** As somebody who forces the target, or another branch, to another commit; null takes it away. */
  userReset(commit: Oid | null, branch?: string): void
  /** As the user: changes files of the checkout without committing them. */
  userEdit(edits: Edits): void
  /** What the user's checkout of the target holds. */
  userFiles(): Files
  /** What a commit holds, or a directory that `checkout` or `createWorkspace` named. */
  read(commitOrDirectory: string): Files
  pins(): ReadonlyMap<string, Oid>
  /** Heads by branch. */
  branches(): ReadonlyMap<string, Oid>
  /** What the directories of all workspaces hold, and of those that were moved aside. */
  folders(): ReadonlyMap<string, Files>
  /** A commit and all that it came from. */
  ancestors(commit: Oid): ReadonlySet<Oid>
}

const { signal } = new AbortController()

export function memoryDeeds(repository: MemoryRepository): MemoryDeeds {
  const { commits } = repository
  const stored = (nameOrDirectory: string): MemoryWorkspace => {
    const found = workspaceIn(repository, nameOrDirectory.split('/').at(-1) ?? '')
    if (found === null) throw new OrchError('bug', `there is no workspace ${nameOrDirectory}`)
    return found
  }
  return {
    edit(workspace, edits) {
      const checkout = repository.checkouts.get(workspace)
      if (checkout !== undefined) {
        repository.checkouts.set(workspace, edited(checkout, edits))
        return
      }
      const found = stored(workspace)
      found.files = edited(found.files, edits)
    },
    commit(workspace, message) {
      const { branch, files } = stored(workspace)
      const oid = commits.add({ files, parents: [headOf(repository, branch)], message })
      moveBranch(repository, branch, oid)
      return oid
    },
    detach(workspace) {
      stored(workspace).detached = true
    },
    reset(workspace, to) {
      moveBranch(repository, stored(workspace).branch, to)
    },
    mergeTarget(workspace, branch = repository.target) {
      const found = stored(workspace)
      const [ours, theirs] = [headOf(repository, found.branch), headOf(repository, branch)]
      const [mine, other] = [commits.get(ours).files, commits.get(theirs).files]
      const merged = commits.merge(ours, theirs)
      const both =
        'files' in merged
          ? {}
          : Object.fromEntries(merged.conflicts.map(({ path }) => [path, `${other[path] ?? ''}${mine[path] ?? ''}`]))
      const files = 'files' in merged ? merged.files : edited(other, { ...mine, ...both })
      found.files = edited(
        files,
        Object.fromEntries(differing(found.files, mine).map((path) => [path, found.files[path] ?? null])),
      )
      const oid = commits.add({ files, parents: [ours, theirs], message: `Merge ${branch}\n` })
      moveBranch(repository, found.branch, oid)
      return oid
    },
    spoil(workspace, path) {
      stored(workspace).spoiled = path
    },
    occupy(workspace, occupied) {
      stored(workspace).occupied = occupied
    },
    tear(workspace) {
      const found = stored(workspace)
      found.torn = true
      found.occupied = false
    },
    remove(workspace) {
      const found = stored(workspace)
      repository.workspaces.delete(found.name)
      repository.branches.delete(found.branch)
    },
    userCommit(edits, message = 'By the user\n') {
      const now = headOf(repository, repository.target)
      const oid = commits.add({ files: edited(commits.get(now).files, edits), parents: [now], message })
      moveBranch(repository, repository.target, oid)
      return oid
    },
    hostMerge(head, method) {
      const base = headOf(repository, repository.target)
      const message = `Merge ${head} at the review host\n`
      // A branch with all that it has, as one commit or two: what it holds is the same.
      const how = method === 'rebase' ? 'squash' : method
      const merged = memoryCandidate(commits, { base, head, from: base, method: how, message, signal })
      if (!merged.ok) return null
      moveBranch(repository, repository.target, merged.value.commit)
      return merged.value.commit
    },
    remoteIs(now) {
      repository.remote = now
    },
    userReset(commit, branch = repository.target) {
      if (commit === null) repository.branches.delete(branch)
      else moveBranch(repository, branch, commit)
    },
    userEdit(edits) {
      const { files } = commits.get(headOf(repository, repository.target))
      const all = Object.entries({ ...repository.userEdits, ...edits })
      // A file that is as it was committed is clean again.
      repository.userEdits = Object.fromEntries(all.filter(([path, text]) => text !== (files[path] ?? null)))
    },
    userFiles: () => edited(commits.get(headOf(repository, repository.target)).files, repository.userEdits),
    read(commitOrDirectory) {
      if (commits.has(commitOrDirectory)) return commits.get(commitOrDirectory).files
      return (
        repository.checkouts.get(commitOrDirectory) ??
        repository.aside.get(commitOrDirectory) ??
        stored(commitOrDirectory).files
      )
    },
    pins: () => new Map(repository.pins),
    branches: () => new Map(repository.branches),
    folders: () =>
      new Map([
        ...[...repository.workspaces.values()]
          .filter((workspace) => !workspace.torn)
          .map((workspace) => [describeWorkspace(workspace).directory, workspace.files] as const),
        ...repository.aside,
      ]),
    ancestors: commits.ancestors,
  }
}
