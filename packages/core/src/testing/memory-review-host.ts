import { failed, ok } from '../model/result.ts'
import type { Review } from '../model/review.ts'
import type { ReviewHost } from '../ports/review-host.ts'

/** A review host in memory. People act on it by hand: `review`, `comments`. */
export interface MemoryReviewHost extends ReviewHost {
  /** What people do to the review of `branch`. */
  set(branch: string, state: Review['state']): void
  comments(branch: string): readonly string[]
}

export function memoryReviewHost(): MemoryReviewHost {
  const reviews = new Map<string, Review>()
  const comments = new Map<string, Map<string, string>>()
  return {
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
      if (review !== undefined) reviews.set(branch, { ...review, state })
    },
    comments: (branch) => [...(comments.get(branch)?.values() ?? [])],
  }
}
