import type { Kept, Oid, RunState } from '../model/run-state.ts'
import { guided, type Mover, moved, wantsTurn } from './moves.ts'

/** Its agent was stopped and has done nothing wrong: another attempt, and no failure. */
export function stopped(state: RunState, mover: Mover, before: Oid | null, why = 'stopped by a person'): RunState {
  const next = moved(state, null, mover, why, { wants: 'attempt', stuck: null, stopping: null })
  return { ...next, branch: state.branch && { ...state.branch, before } }
}

/** A person has its workspace. What its agent was to do next waits until they give it back. */
export function taken(state: RunState, mover: Mover, kept: Kept | null): RunState {
  const next = wantsTurn(state, mover, 'taken by a person')
  return { ...next, run: { ...next.run, taken: { kept }, stopping: null } }
}

/** A person hands it back: its next turn begins with what they did. */
export function given(state: RunState, mover: Mover, key: string, text: string): RunState {
  const next = guided(state, mover, { key, text, turn: null })
  return { ...next, run: { ...next.run, taken: null, why: 'handed back by a person' } }
}

export function paused(state: RunState, mover: Mover, isPaused: boolean): RunState {
  const why = isPaused ? 'paused by a person' : 'resumed by a person'
  return moved(state, null, mover, why, { paused: isPaused })
}

export function prioritised(state: RunState, mover: Mover, priority: number): RunState {
  return moved(state, null, mover, `given priority ${priority} by a person`, { priority })
}

export function released(state: RunState, mover: Mover): RunState {
  return moved(state, null, mover, 'released by a person', { released: true })
}
