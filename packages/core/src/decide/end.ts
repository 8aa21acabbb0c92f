import { turnKey } from '../model/process-key.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import { liveJudging, seesJudging } from './judging.ts'
import { atWork } from './standing.ts'
import { lookMs, type Verdict } from './turn.ts'
import type { Sight } from './world.ts'

/** Its end is decided: the agent stops first, then everything is put away. */
export function decideEnd(sight: Sight, task: Task | undefined, record: RunRecord): Verdict {
  const { id, state } = record
  if (atWork(state)) {
    const key = turnKey(id, state.run.attempt, state.run.turn)
    const turn = sight.world.turns.get(key)
    if (turn === undefined || turn.is === 'unknown') return { wait: lookMs }
    if (turn.is === 'alive' || (turn.is !== 'never' && turn.survivors))
      return { do: 'stop', id, key, why: state.run.why }
  }
  const live = liveJudging(sight, record)
  if (live !== null) return { do: 'stop', id, key: live, why: state.run.why }
  if (!seesJudging(sight, record)) return { wait: lookMs }
  if (sight.world.left.has(id)) return { person: true }
  // Its source is to be closed, and perhaps its pattern told: what was not listed is not gone.
  if (task === undefined && !sight.world.complete) return { wait: lookMs }
  return { do: 'finish', id, record, task: task ?? null }
}
