import { type ProcessKey, turnKey } from '../model/process-key.ts'
import type { RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { isLive, type Turn } from '../model/turn.ts'
import { atWork } from './standing.ts'
import type { Sight } from './world.ts'

/** Its turn under way, when something of that is alive. */
export function liveTurn({ world }: Sight, id: TaskId, state: RunState): ProcessKey | null {
  if (!atWork(state)) return null
  const key = turnKey(id, state.run.attempt, state.run.turn)
  const turn = world.turns.get(key)
  return turn !== undefined && isLive(turn) ? key : null
}

/** Its agent may be alive, and nobody can tell for now: a second one beside it would spoil its work. */
export function cannotTell({ world, policy }: Sight, id: TaskId, state: RunState): boolean {
  if (!atWork(state) || state.outcome !== null) return false
  const key = turnKey(id, state.run.attempt, state.run.turn)
  const turn = world.turns.get(key)
  if (turn?.is !== 'unknown') return turn === undefined
  // Where we have asked whether it still runs, that is for the person to say.
  const { stuck } = state.run
  return stuck === null || (stuck.by === 'agent' && (world.ages.turn.get(key) ?? 0) < policy.leaseMs)
}

/** The state with what its agent needs to go on where it ended, when it has ended and said so. */
export function withItsResume({ world }: Sight, id: TaskId, state: RunState): RunState {
  if (!atWork(state)) return state
  return withResumeOf(state, world.turns.get(turnKey(id, state.run.attempt, state.run.turn)))
}

/** As its turn has left it: without a session of its own, that of the turn before is gone on with. */
export function withResumeOf(state: RunState, turn: Turn | undefined): RunState {
  if (turn === undefined || !('resume' in turn) || turn.resume === null) return state
  return { ...state, run: { ...state.run, resume: turn.resume } }
}
