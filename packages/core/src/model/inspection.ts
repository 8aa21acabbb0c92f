import type { Oid } from './run-state.ts'

/** What a repository tells of itself when it is asked for everything that may be wrong with it. Looking changes nothing. */
export interface VcsInspection {
  /** Those of the commits asked for that are not there. */
  readonly missing: readonly Oid[]
  /** By name: those asked for that are there, and all that begin with the prefix. */
  readonly branches: ReadonlyMap<string, Oid>
  /** How much is kept, by workspace name. */
  readonly kept: ReadonlyMap<string, number>
  /** Folders among the workspaces that the repository knows nothing of, by name. */
  readonly folders: ReadonlyMap<string, string>
  /** Locks whose holder is proved dead, or that are old while no git is at work. Those of ours the next call breaks. */
  readonly locks: readonly { readonly path: string; readonly isOurs: boolean }[]
  /** What the repository keeps about worktrees that are not ours and that it can no longer read: absolute paths. */
  readonly torn: readonly string[]
  /** Where users have checked out a branch that changes land on: absolute paths by its name, in the order asked for, the repository's target first. */
  readonly checkouts: ReadonlyMap<string, readonly string[]>
  /** Those of `checkouts` in which git is told not to look at some files. */
  readonly blind: readonly string[]
  /** What interrupted calls left half made, and check-outs of processes that have ended: absolute paths. */
  readonly leavings: readonly string[]
  /** The commit of a landing that was begun and not brought to its end. */
  readonly landing: Oid | null
}
