import type { PendingRequest } from '../model/request.ts'
import { type RunRecord, untouched } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Action } from './action.ts'
import { liveJudging, seesJudging } from './judging.ts'
import { isHalted } from './landing.ts'
import * as landings from './landing-moves.ts'
import { cannotTell, liveTurn, withItsResume } from './liveness.ts'
import * as moves from './moves.ts'
import { released } from './person-moves.ts'
import { decidePersonRequest } from './person-request.ts'
import { reviewerRetried } from './review-moves.ts'
import { isWithoutVerdict } from './reviewing.ts'
import type { Sight } from './world.ts'

/** The action that takes up a person's request, or null when it has to wait for something that is under way. */
export function decideRequest(
  sight: Sight,
  task: Task | undefined,
  id: TaskId,
  pending: PendingRequest,
): Action | null {
  const { world } = sight
  const record = world.records.get(id) ?? null
  const state = record?.state ?? untouched(world.now)
  const mover = { owner: world.owner, at: world.now }
  const answered = [pending.key]
  const write = (next: RunRecord['state']): Action => ({ do: 'write', id, record, next, answered })
  /** Where its owner has died, whoever answers looks after it from then on, also in a run of an epic that it is not of. */
  const carryOn = ({ run, ...rest }: RunRecord['state']): Action =>
    write({ ...rest, run: { ...run, owner: run.owner === null ? null : world.owner } })
  const drop: Action = { do: 'drop-requests', id, record, answered }
  const { request } = pending
  const isTaken = state.run.taken != null

  if (mayHaveLanded(sight, id, state)) return null
  switch (request.do) {
    case 'cancel': {
      const over = state.outcome !== null || state.phase === 'merged' || state.phase === 'closed'
      return over ? drop : carryOn(moves.ending(state, mover, 'cancelled', 'cancelled by a person'))
    }
    case 'guide': {
      if (state.outcome !== null) return drop
      if (cannotTell(sight, id, state) || !seesJudging(sight, { id, state })) return null
      const judging = liveJudging(sight, { id, state })
      if (judging !== null) return { do: 'stop', id, key: judging, why: 'it goes back to its agent' }
      const resumed = withItsResume(sight, id, state)
      const next = moves.guided(resumed, mover, { key: pending.key, text: request.text, turn: null })
      return write(needsTurn(sight, id, state) ? moves.wantsTurn(next, mover, `guided: ${request.text}`) : next)
    }
    case 'retry': {
      if (isTaken) return drop
      if (cannotTell(sight, id, state) || !seesJudging(sight, { id, state })) return null
      const live = liveTurn(sight, id, state) ?? liveJudging(sight, { id, state })
      if (live !== null) return { do: 'stop', id, key: live, why: 'a person wants another attempt' }
      if (state.outcome !== null && state.phase !== 'closed') return null
      const closedAtSource = task !== undefined && task.state !== 'open' && state.phase === 'open'
      if (closedAtSource || state.phase === 'closed') {
        // Its source knows no compare-and-swap: whoever opens it there has the record first.
        if (state.run.owner === world.owner) return { do: 'reopen', id, record, answered }
        return { do: 'write', id, record, next: moves.adopt(state, mover), answered: [] }
      }
      if (record === null || (state.phase === 'open' && state.run.wants === null))
        return state.run.owner === null ? drop : write(moves.reopened(state, mover))
      if (!request.fresh && isWithoutVerdict(state)) return write(reviewerRetried(state, mover))
      if (request.fresh && state.branch !== null) {
        return { do: 'start-fresh', id, record, answered }
      }
      return write(moves.retried(withItsResume(sight, id, state), mover, request.fresh))
    }
    case 'land': {
      if (state.outcome !== null || isTaken) return drop
      if (state.phase === 'open' && task?.kind === 'manual')
        return write(moves.ending(state, mover, 'done', 'done by a person'))
      if (state.phase === 'open')
        return task?.hold === true && !state.run.released ? write(released(state, mover)) : drop
      // Asked once more, what was held is tried at once.
      if (state.phase === 'pr_created') {
        const known = state.review?.approved === true && state.review.waits === null && state.run.stuck === null
        return known ? drop : carryOn(landings.approved(state, mover))
      }
      return state.phase === 'committed' && state.run.stuck === null && state.run.wants === null ? null : drop
    }
    default:
      return decidePersonRequest(sight, task, { id, state }, { ...pending, request })
  }
}

/** No agent is alive to read the answer, and one was at work: it takes another turn. */
function needsTurn(sight: Sight, id: TaskId, state: RunRecord['state']): boolean {
  if (state.phase === 'open' || state.run.wants !== null) return false
  if (state.phase === 'spawned' && state.run.stuck === null) return false
  return liveTurn(sight, id, state) === null
}

/** It may be on the target, though the record does not say so yet: that is written down before anything else is done to it. */
function mayHaveLanded({ world }: Sight, id: TaskId, state: RunRecord['state']): boolean {
  if (state.phase !== 'pr_created' || state.outcome !== null || state.run.wants !== null) return false
  // It was looked at, and waits for the very person who asks.
  if (isHalted(state)) return false
  return world.vcs === null || world.vcs.landed.has(id)
}
