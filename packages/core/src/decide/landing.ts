import { checkKey, type ProcessKey } from '../model/process-key.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import { cannotRun, exitName } from './judge.ts'
import * as moves from './moves.ts'
import { lookMs, span, stopBecause, type Verdict, write } from './turn.ts'
import type { Sight } from './world.ts'

/** How long a landing that something outside the task keeps waiting is left alone before it is tried again. */
const heldMs = 2000

/** The rows of the recovery table for a change that waits for its landing, up to the gate: phases `committed` and `pr_created`. */
export function decideReview(sight: Sight, task: Task, record: RunRecord): Verdict | 'may-land' {
  const { world, policy } = sight
  const { id, state } = record
  const mover = { owner: world.owner, at: world.now }
  const head = state.branch?.head ?? null
  if (head === null) return { person: true }
  if (state.phase === 'committed') {
    return state.run.stuck === null ? { do: 'open-review', id, record, task } : { person: true }
  }

  const there = world.vcs?.landed.get(id)
  const live = there === undefined ? null : liveChecks(sight, record)
  if (live !== null) return { do: 'stop', id, key: live, why: 'it has landed already' }
  if (there !== undefined) return write(record, moves.landed(state, mover, there.commit, there.by))
  if (state.run.stuck !== null) return { person: true }
  if (state.review?.head !== head) return { do: 'open-review', id, record, task }

  const review = world.reviews?.get(state.branch?.name ?? '')
  if (review?.state === 'closed') {
    const reason = 'its review was closed without merging'
    return write(record, moves.askPerson(state, mover, reason, ['retry', 'cancel'], review.url))
  }
  if (review?.state === 'changes-requested' && state.run.repairs >= policy.landing.maxRepairs) {
    const reason = `changes are requested again after ${state.run.repairs} repairs`
    return write(record, moves.askPerson(state, mover, reason, ['guide', 'cancel'], review.url))
  }
  if (review?.state === 'changes-requested') {
    return write(
      record,
      moves.repair(state, mover, `Changes were requested: ${review.url}`, `review-${state.review.round}`),
    )
  }
  // Approved is what was seen: another head is another review.
  if (review?.state === 'approved' && review.head === head && !state.review.approved)
    return write(record, moves.approved(state, mover))
  const open = policy.landing.by === 'orchestrator' || state.review.approved
  return open ? 'may-land' : { person: true }
}

/** The next step of the one change whose turn it is to land. */
export function decideLanding(sight: Sight, task: Task, record: RunRecord): Verdict {
  const { world, policy } = sight
  const { id, state } = record
  if (world.vcs === null) return { wait: lookMs }
  const candidate = state.review?.candidate ?? null
  if (candidate === null || candidate.base !== world.vcs.target) {
    const live = liveChecks(sight, record)
    if (live !== null) return { do: 'stop', id, key: live, why: 'the target has moved' }
    return { do: 'build-candidate', id, record, task, base: world.vcs.target }
  }
  const { checks, checkMs } = policy.landing
  if (checks.length === 0) return { do: 'land', id, record }

  const key = checkKey(candidate.tree, checks, candidate.run)
  const verdict: Turn | undefined = world.turns.get(key)
  if (verdict === undefined) return { wait: lookMs }
  switch (verdict.is) {
    case 'never':
      return { do: 'start-checks', id, record, key }
    case 'alive': {
      if ((world.ages.turn.get(key) ?? 0) <= checkMs) return { wait: lookMs }
      return stopBecause(sight, record, key, `its checks took more than ${span(checkMs)}`)
    }
    case 'ended': {
      if (verdict.survivors) return { do: 'stop', id, key, why: 'its checks have ended and left processes behind' }
      if (verdict.exit === 0) return { do: 'land', id, record }
      const unrunnable = state.run.stopping === null && cannotRun(verdict.exit)
      const red = unrunnable
        ? `the checks cannot be run: ${exitName(verdict.exit)}`
        : `the checks are red (exit ${verdict.exit})`
      return { do: 'reject', id, record, key, why: state.run.stopping ?? red, unrunnable }
    }
    case 'vanished':
    case 'unknown': {
      if (verdict.is === 'vanished' && verdict.survivors) return { do: 'stop', id, key, why: 'its checks were killed' }
      const left = verdict.is === 'unknown' ? policy.leaseMs - (world.ages.turn.get(key) ?? 0) : 0
      if (left > 0) return { wait: left }
      const mover = { owner: world.owner, at: world.now }
      const lost = candidate.lost + 1
      if (lost >= policy.maxAttempts) {
        const reason = `its checks ended ${lost} times without a verdict (killed, or the machine went down)`
        return write(record, moves.askPerson(state, mover, reason, ['guide', 'retry', 'cancel']))
      }
      return write(record, moves.withCandidate(state, mover, { ...candidate, lost }))
    }
  }
}

/** The checks of a task that may still run, or have left processes behind; nobody would look after them once the record has moved on. */
export function liveChecks({ world, policy }: Sight, { state }: Pick<RunRecord, 'state'>): ProcessKey | null {
  const candidate = state.review?.candidate ?? null
  if (state.phase !== 'pr_created' || candidate === null || policy.landing.checks.length === 0) return null
  const key = checkKey(candidate.tree, policy.landing.checks, candidate.run)
  const turn = world.turns.get(key)
  return turn !== undefined && (turn.is === 'alive' || ('survivors' in turn && turn.survivors)) ? key : null
}

/** Whether a landing that was held is to be left alone for now: milliseconds, 0 when it may be tried. */
export function heldFor(sight: Sight, record: RunRecord): number {
  if (record.state.review?.waits == null) return 0
  const tried = sight.world.ages.landing.get(record.id)
  return tried === undefined ? 0 : Math.max(0, heldMs - tried)
}
