import type { ConflictFile, ConflictSides } from '../model/conflict.ts'
import type { Policy } from '../model/policy.ts'
import type { Failed, Result } from '../model/result.ts'
import type { Oid } from '../model/run-state.ts'
import type { Glob } from '../model/task.ts'

/** How a change gets onto the target: built, checked, moved there, and looked at. */
export interface VcsLanding {
  /**
   * The commit that would land `head` on `base`, made in memory: no working tree is touched. The same input gives the
   * same commit, bit for bit. `conflict`: in these files; `empty`: the result has the tree of `base`, and `base` has all that was to land.
   */
  buildCandidate(options: {
    readonly base: Oid
    readonly head: Oid
    /** Where the branch started. What came since is what lands, also where `from` is on the target only in content, or not at all. */
    readonly from: Oid
    /** `from` is not to land: its changes are no part of what lands, also where the branch has merged the target since. Default false. */
    readonly alone?: boolean
    readonly method: Policy['landing']['method']
    /** A file that it covers and that both sides changed in conflicting ways gets the lines of both, those of `base` first. Default none. */
    readonly union?: readonly Glob[]
    /**
     * Files that are made of others. One that it covers and that both sides changed in conflicting ways stays as it is in `base`, until `amendCandidate`. Default none.
     */
    readonly regenerate?: readonly Glob[]
    /** Subject line and body of the landing commit. */
    readonly message: string
    readonly signal: AbortSignal
  }): Promise<Result<BuiltCandidate, 'empty'> | Conflicting>

  /**
   * The candidate `commit` with the files that `include` covers as they are in `directory`, where a command has worked in a check-out of it; whatever else that has done there is not taken.
   * Message, parents and author stay; with the same files it is the same commit. `empty`: that has the tree of `base`; `not-representable`: a file that git cannot store as it
   * lies there (`detail` names it); `gone`: the commit or the directory is not there any more.
   */
  amendCandidate(options: {
    readonly base: Oid
    readonly commit: Oid
    readonly directory: string
    readonly include: readonly Glob[]
    readonly signal: AbortSignal
  }): Promise<Result<Omit<BuiltCandidate, 'touched'>, 'empty' | 'not-representable' | 'gone'>>

  /**
   * A directory that holds exactly the tree of `commit`, for checks. It is the caller's alone until `release`, which is called once nothing works
   * in it any more; without that, until this process has ended and nothing works in it.
   */
  checkout(options: { readonly commit: Oid; readonly signal: AbortSignal }): Promise<{
    readonly directory: string
    release?(): void
  }>

  /**
   * Moves the target from `expect` to `commit` by compare-and-swap; where a user has the target checked out, their files
   * and index follow. `moved`: the target is not at `expect`; `held-by-user`: a file that the landing touches has changes
   * of the user's (`detail` names them) and nothing was done. `gone`: the commit is not in the repository any more, so it has to be built
   * again: nothing names a candidate, and `git gc --prune=now` takes what nothing names.
   * With `via: 'push'` the repository's target is the remote's: it moves there first, and the user's own branch and files follow when they can, which `notes` tell when they
   * cannot; `expect` that is `commit` pushes nothing. `rejected`: the remote is at `expect` and refuses the commit (`detail` are its words); `unreachable`: it does not answer, or lets nobody in.
   */
  land(options: {
    /** The branch that is moved. Default the repository's target. */
    readonly target?: string | undefined
    readonly expect: Oid
    readonly commit: Oid
    readonly signal: AbortSignal
  }): Promise<Result<void, 'moved' | 'held-by-user' | 'gone' | 'rejected' | 'unreachable'>>

  /**
   * Looks anew, from the repository itself, whether a landing is what it was to be: the target holds `commit`, which has the tested `tree` and comes from
   * `base`, where the target was. `violated`: `detail` says which of it is not so; `commit` and what the target holds are both pinned by then, as kept
   * work of `landing`, and nothing else was moved.
   */
  verifyLanding(options: {
    /** Where it was landed. Default the repository's target. */
    readonly target?: string | undefined
    readonly base: Oid
    readonly commit: Oid
    readonly tree: Oid
    readonly signal: AbortSignal
  }): Promise<Result<void, 'violated'>>
}

export interface BuiltCandidate {
  readonly commit: Oid
  readonly tree: Oid
  /** Files that `regenerate` covers and that the change touches, or `base` has changed since `from`. */
  readonly touched: readonly string[]
}

/** It does not merge. */
export interface Conflicting extends Failed<'conflict'> {
  readonly files: readonly ConflictFile[]
  /** Texts of both, in the order of `files`; none where they are no texts. */
  readonly sides: readonly ConflictSides[]
}
