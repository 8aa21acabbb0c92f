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
  /** Opens the review of `branch`, or adopts the one that exists. */
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
}
