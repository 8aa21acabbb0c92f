import type { VcsInspection } from '../model/inspection.ts'
import type { Result } from '../model/result.ts'
import type { Oid } from '../model/run-state.ts'
import type { KeptChanges, KeptWork, RestoreTo } from './kept-work.ts'

/** How people get kept work back and find what is wrong with a repository: no pass needs it, and an adapter may leave it out. */
export interface VcsKeeping {
  /** All that is kept under pins or moved aside, the oldest first. Nothing is changed by looking. */
  kept?(options: { readonly signal: AbortSignal }): Promise<readonly KeptWork[]>

  /**
   * In what the kept commit `oid` differs from `from`, or from where it last left the target when that is later; from there also when `from` is null or no
   * ancestor of it. `gone`: the repository has the commit no more.
   */
  keptChanges?(options: {
    readonly oid: Oid
    readonly from: Oid | null
    /** The branch that it was to land on. Default the repository's target. */
    readonly target?: string | undefined
    readonly patch: boolean
    readonly signal: AbortSignal
  }): Promise<Result<KeptChanges, 'gone'>>

  /**
   * Puts the kept commit `oid` on a new branch, or its files into a new directory (absolute); no check-out is touched. `in-the-way`: something has that
   * name already, and was left as it is; `clash`: as in `createWorkspace`; `gone`: the repository has the commit no more. Throws `invalid-branch`.
   */
  restore?(options: {
    readonly oid: Oid
    readonly to: RestoreTo
    readonly signal: AbortSignal
  }): Promise<Result<void, 'in-the-way' | 'clash' | 'gone'>>

  /** Everything that may be wrong with the repository. It reads more than a pass needs and changes nothing. */
  inspect?(options: {
    /** Of which to tell whether they are there. */
    readonly commits: readonly Oid[]
    readonly branches: readonly string[]
    /** Other branches than the repository's target that changes land on. Default none. */
    readonly targets?: readonly string[]
    readonly prefix: string
    readonly signal: AbortSignal
  }): Promise<VcsInspection>

  /** Takes away a lock that `inspect` named and that is still nobody's. `in-use`: it is somebody's, or not there any more. */
  unlock?(options: { readonly path: string; readonly signal: AbortSignal }): Promise<Result<void, 'in-use'>>

  /** Takes away what `inspect` told as `leavings`, and completes or takes back what it told as `landing`. At the end of a run nobody is asked first. */
  sweep?(options: { readonly signal: AbortSignal }): Promise<void>
}
