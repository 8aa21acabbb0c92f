import type { ReviewVerdict } from '../model/review-verdict.ts'
import type { ReviewerFacts, RunState } from '../model/run-state.ts'
import { type Mover, moved } from './moves.ts'

/** Takes a seat for its reviewer. Write it with the revision that it was decided on. */
export function reviewerClaimed(state: RunState, mover: Mover): RunState {
  const run = (state.run.reviews ?? 0) + 1
  const next = moved(state, null, mover, 'its reviewer got a seat', { reviews: run, stopping: null })
  const { lost = 0, failure } = state.review?.reviewer ?? {}
  return withReviewer(next, { run, lost, ...(failure !== undefined && { failure }) })
}

/** Its reviewer was handed the guidance `key`. */
export function reviewerTold(state: RunState, mover: Mover, key: string): RunState {
  const { run = null, lost = 0, ...rest } = state.review?.reviewer ?? {}
  return withReviewer(moved(state, null, mover, state.run.why, {}), { ...rest, run, lost, told: key })
}

/** Its reviewer has ended, by itself or stopped, and has said nothing that counts: another one follows when a seat is free. */
export function reviewerLost(state: RunState, mover: Mover, why: string): RunState {
  const next = moved(state, null, mover, why, { stopping: null })
  return withReviewer(next, { run: null, lost: (state.review?.reviewer?.lost ?? 0) + 1, failure: why })
}

/** Its reviewer was stopped and has done nothing wrong. */
export function reviewerStopped(state: RunState, mover: Mover): RunState {
  const next = moved(state, null, mover, 'its reviewer was stopped by a person', { stopping: null })
  return withReviewer(next, { run: null, lost: state.review?.reviewer?.lost ?? 0 })
}

/** A person wants to hear another one. */
export function reviewerRetried(state: RunState, mover: Mover): RunState {
  const next = moved(state, null, mover, 'another reviewer is asked', { stuck: null })
  return withReviewer(next, { run: null, lost: 0 })
}

export function reviewerApproved(state: RunState, mover: Mover, verdict: ReviewVerdict): RunState {
  const next = moved(state, null, mover, 'approved by its reviewer', { stopping: null })
  return { ...next, review: next.review && { ...next.review, verdict } }
}

function withReviewer(state: RunState, reviewer: ReviewerFacts): RunState {
  return { ...state, review: state.review && { ...state.review, reviewer } }
}
