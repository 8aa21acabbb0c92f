import { failed, ok } from '../model/result.ts'
import type { Review } from '../model/review.ts'
import type { Oid } from '../model/run-state.ts'
import type { ReviewHost } from '../ports/review-host.ts'
import type { MemoryVcs } from './memory-vcs.ts'

/** A review host in memory. People act on it by hand: `set`, `push`, `comments`. */
export interface MemoryReviewHost extends ReviewHost {
  /** What people do to the review of `branch`. */
  set(branch: string, state: Review['state']): void
  /** As somebody who pushes to the branch of a review. */
  push(branch: string, head: Oid): void
  comments(branch: string): readonly string[]
  /**
   * What becomes of merges from now on. `unmet`: its rules are not met; `silent`: it merges and does not say so; `raced`: somebody is faster in the moment between its look at the target
   * and the merge, which it does all the same. Default `answers`.
   */
  mergesAre(now: 'answers' | 'unmet' | 'silent' | 'raced'): void
}

/** @param vcs the repository that it merges into; without one it cannot merge */
export function memoryReviewHost(
  vcs?: Pick<MemoryVcs, 'target' | 'branches' | 'hostMerge' | 'userCommit'>,
): MemoryReviewHost {
  const reviews = new Map<string, Review>()
  const comments = new Map<string, Map<string, string>>()
  let merges: Parameters<MemoryReviewHost['mergesAre']>[0] = 'answers'
  let races = 0
  const host: MemoryReviewHost = {
    name: 'memory',
    async observe({ branches, signal }) {
      signal.throwIfAborted()
      return new Map([...reviews].filter(([branch]) => branches.includes(branch)))
    },
    async open({ branch, head, signal }) {
      signal.throwIfAborted()
      const before = reviews.get(branch)
      if (before?.state === 'merged' || before?.state === 'closed') {
        return failed('refused', `the review of ${branch} is ${before.state}`)
      }
      const url = before?.url ?? `memory:review/${reviews.size + 1}`
      const state = before?.head === head ? before.state : 'open'
      reviews.set(branch, { url, head, state })
      return ok({ url })
    },
    async comment({ branch, key, body, signal }) {
      signal.throwIfAborted()
      const all = comments.get(branch) ?? new Map<string, string>()
      if (!all.has(key)) all.set(key, body)
      comments.set(branch, all)
    },
    async close({ branch, signal }) {
      signal.throwIfAborted()
      const review = reviews.get(branch)
      if (review !== undefined && review.state !== 'merged') reviews.set(branch, { ...review, state: 'closed' })
    },
    set(branch, state) {
      const review = reviews.get(branch)
      if (review !== undefined && review.state !== 'merged') reviews.set(branch, { ...review, state })
    },
    push(branch, head) {
      const review = reviews.get(branch)
      if (review?.state === 'open' || review?.state === 'approved') reviews.set(branch, { ...review, head })
    },
    comments: (branch) => [...(comments.get(branch)?.values() ?? [])],
    mergesAre(now) {
      merges = now
    },
  }
  if (vcs === undefined) return host
  return {
    ...host,
    async merge({ branch, head, base, method, signal }) {
      signal.throwIfAborted()
      const review = reviews.get(branch)
      if (review === undefined) return failed('not-mergeable', `${branch} has no review`)
      if (review.head !== head) return failed('head-moved', `${branch} is at ${review.head}`)
      if (review.commit !== undefined) return ok({ commit: review.commit })
      if (review.state === 'merged' || review.state === 'closed')
        return failed('not-mergeable', `the review of ${branch} is ${review.state}`)
      const now = vcs.branches().get(vcs.target)
      if (now !== base) return failed('target-moved', `${vcs.target} is at ${now}`)
      if (merges === 'unmet') return failed('unmet', 'an approval is required')
      if (merges === 'raced') vcs.userCommit({ [`raced/${++races}`]: 'by somebody who was faster\n' })
      const commit = vcs.hostMerge(head, method)
      if (commit === null) return failed('not-mergeable', `${branch} conflicts with ${vcs.target}`)
      reviews.set(branch, { ...review, state: 'merged', commit })
      return merges === 'silent' ? failed('unknown', 'no answer yet') : ok({ commit })
    },
  }
}
