import type { Policy } from '../model/policy.ts'
import type { Result } from '../model/result.ts'
import type { Review } from '../model/review.ts'
import type { Oid } from '../model/run-state.ts'

/** Where people review: a pull request host. Optional; without one the review is part of the task's record. */
export interface ReviewHost {
  readonly name: string
  /** The review of each branch that has one. */
  observe(options: {
    readonly branches: readonly string[]
    readonly signal: AbortSignal
  }): Promise<ReadonlyMap<string, Review>>
  /** Opens the review of `branch`, or adopts the one that exists. The host has `head` by then, and the review is at it. */
  open(options: {
    readonly branch: string
    readonly head: Oid
    readonly title: string
    readonly body: string
    readonly signal: AbortSignal
  }): Promise<Result<{ readonly url: string }, 'refused'>>
  /** Adds a comment, once per `key`. */
  comment(options: {
    readonly branch: string
    readonly key: string
    readonly body: string
    readonly signal: AbortSignal
  }): Promise<void>
  close(options: { readonly branch: string; readonly signal: AbortSignal }): Promise<void>
  /**
   * Merges the review of `branch` as the host does it, with its own words. `commit` is what the branch that it is for holds after that, and whoever fetches gets it. One that is merged at `head`
   * already is `ok` with that same commit, so asking twice is merging once; and the status of a host's answer alone never tells that, so look. Where it is not `ok` nothing was merged by this call,
   * but for `unknown`: it did not answer, or has not done it yet, and `observe` tells later what became of it.
   */
  merge?(options: {
    readonly branch: string
    /** The commit that was judged. */
    readonly head: Oid
    /** Where the branch that it is for was when `head` was judged. Of a host that compares the head alone, the adapter looks at that branch right before. */
    readonly base: Oid
    readonly method: Policy['landing']['method']
    readonly signal: AbortSignal
  }): Promise<Result<{ readonly commit: Oid }, NotMergedBecause>>
}

/**
 * `head-moved`: the review is not at the `head` that was judged; `target-moved`: what it is for is not at `base`; `not-mergeable`: a conflict, a review that is closed or was never opened, a method
 * that is not allowed there; `unmet`: rules of the host that may be met later, its checks or approvals (`detail` says which).
 */
export type NotMergedBecause = 'head-moved' | 'target-moved' | 'not-mergeable' | 'unmet' | 'unknown'
