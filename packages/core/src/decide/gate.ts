import { turnKey } from '../model/process-key.ts'
import type { RunRecord, RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { isLive } from '../model/turn.ts'
import type { Action } from './action.ts'
import { judge, stuckReport } from './judge.ts'
import * as moves from './person-moves.ts'
import { atWork, isHeldBack } from './standing.ts'
import { isLast } from './turn.ts'
import { inReach, type Sight } from './world.ts'

/** Why no agent is started although seats may be free; with `of: 'new'` only those of tasks that are not under way. */
export type Gate =
  | { readonly for: 'paused'; readonly of: 'all' }
  | { readonly for: 'failure'; readonly of: 'all' | 'new'; readonly task: TaskId }

/** Nothing is remembered: it opens again when whatever closed it is over. */
export function gateOf(sight: Sight): Gate | null {
  const { world, policy, reach } = sight
  if (world.paused) return { for: 'paused', of: 'all' }
  if (policy.onFailure === 'continue') return null
  const failed = [...world.records.values()].find(
    (record) => inReach(reach, record.id, world.tasks.get(record.id)) && isFailing(sight, record),
  )
  if (failed === undefined) return null
  return { for: 'failure', of: policy.onFailure === 'stop' ? 'all' : 'new', task: failed.id }
}

/** It is stuck, or will be as soon as what its turn came to is written down. */
function isFailing(sight: Sight, record: RunRecord): boolean {
  const { id, state } = record
  if (state.outcome !== null) return false
  if (state.run.stuck !== null) return true
  const turn = sight.world.turns.get(turnKey(id, state.run.attempt, state.run.turn))
  if (turn === undefined || !atWork(state)) return false
  if (stuckReport(turn, state) !== null) return true
  if (turn.is !== 'ended' && turn.is !== 'vanished') return false
  const judgement = judge(turn, state)
  return judgement.is === 'failed' && (judgement.hopeless || isLast(sight, record))
}

/** Whether an agent may be started for it, as far as people and failures go. */
export function letsStart(gate: Gate | null, state: RunState | undefined): boolean {
  if (state !== undefined && isHeldBack(state)) return false
  if (gate === null) return true
  return gate.of === 'new' && state !== undefined && state.phase !== 'open'
}

/**
 * By the policy `stop`, what is at work beside a stuck task: stopped, kept, and left to another attempt. What has ended well is none of it. Null: it
 * goes its way.
 */
export function decideSetAside(sight: Sight, gate: Gate | null, record: RunRecord): Action | null {
  const { world } = sight
  if (gate?.for !== 'failure' || gate.of !== 'all') return null
  const { id, state } = record
  const key = turnKey(id, state.run.attempt, state.run.turn)
  const turn = world.turns.get(key)
  if (turn === undefined || turn.is === 'unknown') return null
  const why = `stopped because ${gate.task} is stuck`
  if (state.run.stuck !== null) return isLive(turn) ? { do: 'stop', id, key, why } : null
  // That it is stuck, too, is written down first.
  if (isFailing(sight, record)) return null
  if (turn.is === 'never') {
    const next = moves.stopped(state, { owner: world.owner, at: world.now }, state.branch?.before ?? null, why)
    return { do: 'write', id, record, next, answered: [] }
  }
  if (turn.is !== 'alive' && judge(turn, state).is !== 'failed') return null
  return { do: 'set-aside', id, record, key, why }
}
