import type { Candidate, LandingWait, Oid, RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { askPerson, type Mover, moved } from './moves.ts'

export function approved(state: RunState, mover: Mover): RunState {
  // Where checks could not be run, or where the target was red, they run once more: something outside may have been mended.
  const again = state.run.stuck !== null || state.review?.waits?.for === 'red-target'
  const candidate = again ? null : (state.review?.candidate ?? null)
  const next = moved(state, null, mover, 'a person let it land', { stuck: null })
  return { ...next, review: state.review && { ...state.review, approved: true, candidate, waits: null } }
}

/** A candidate to be checked, or the same once more after a run that was lost; never with the number of an earlier run. */
export function withCandidate(state: RunState, mover: Mover, built: Omit<Candidate, 'run'>): RunState {
  const checks = state.run.checks + 1
  const next = moved(state, null, mover, 'candidate built', { checks, stopping: null })
  return { ...next, review: state.review && { ...state.review, candidate: { ...built, run: checks }, waits: null } }
}

/** Its candidate on what has landed beside it: the same run of the checks goes on counting, though that is not what they ran on. */
export function carried(
  state: RunState,
  mover: Mover,
  built: Pick<Candidate, 'base' | 'commit' | 'tree'>,
  beside: readonly TaskId[],
): RunState {
  const { review } = state
  if (review?.candidate == null) return state
  const { tree, checked, run, lost } = review.candidate
  const before = { tree: checked?.tree ?? tree, beside: [...(checked?.beside ?? []), ...beside] }
  const why = `its checks passed before ${before.beside.join(', ')} landed beside it`
  const next = moved(state, null, mover, why, {})
  return { ...next, review: { ...review, candidate: { ...built, run, lost, checked: before } } }
}

/** What its candidate was built on is not what it lands on. */
export function displaced(state: RunState, mover: Mover, why: string): RunState {
  const candidate = state.review?.candidate ?? null
  const next = moved(state, null, mover, why, {})
  return {
    ...next,
    review: state.review && { ...state.review, candidate: candidate && { ...candidate, displaced: true } },
  }
}

/** Its candidate was taken out of the repository: it is built, and checked, once more. */
export function withoutCandidate(state: RunState, mover: Mover): RunState {
  const next = moved(state, null, mover, 'its candidate is gone from the repository and is built again', {})
  return { ...next, review: state.review && { ...state.review, candidate: null } }
}

/** Said before it is done: whoever finds it merged knows then whose doing that is. */
export function asked(state: RunState, mover: Mover): RunState {
  return withAsked(moved(state, null, mover, 'its review host is asked to merge it', {}), true)
}

/** The review host has said no, so what becomes of it from now on is somebody else's doing. */
export function notMerged(state: RunState): RunState {
  return withAsked(state, false)
}

function withAsked(state: RunState, asked: boolean): RunState {
  const candidate = state.review?.candidate ?? null
  return { ...state, review: state.review && { ...state.review, candidate: candidate && { ...candidate, asked } } }
}

/** Something outside the task keeps it from landing. */
export function held(state: RunState, mover: Mover, waits: LandingWait): RunState {
  return { ...moved(state, null, mover, waits.why, {}), review: state.review && { ...state.review, waits } }
}

/** It was landed, and is not there as it was tested: nothing lands until a person says how to go on. */
export function violated(state: RunState, mover: Mover, reason: string, context: string): RunState {
  const next = askPerson(state, mover, reason, ['land', 'guide', 'cancel'], context)
  const waits: LandingWait = { for: 'violated', why: reason, check: null }
  return { ...next, review: state.review && { ...state.review, waits } }
}

export function landed(state: RunState, mover: Mover, commit: Oid, by: 'us' | 'other'): RunState {
  const next = moved(state, 'land', mover, by === 'us' ? 'landed' : 'landed by somebody else', { stuck: null })
  return { ...next, outcome: 'done', review: state.review && { ...state.review, landed: { commit, by }, waits: null } }
}
