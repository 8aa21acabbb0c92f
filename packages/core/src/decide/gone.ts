import { turnKey } from '../model/process-key.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import { isLive } from '../model/turn.ts'
import { liveJudging } from './judging.ts'
import { atWork } from './standing.ts'
import { lookMs, pastLimit, type Verdict } from './turn.ts'
import type { Sight } from './world.ts'

/** Its source was read whole, and does not list it. */
export function isGone({ world }: Sight, task: Task | undefined): boolean {
  return task === undefined && world.complete
}

/**
 * A task that has left its source may come back: what it has stays as it is, and its agent may end. But nobody's agent runs beyond its
 * limits, and nobody waits for its reviewer and its checks.
 */
export function decideGone(sight: Sight, record: RunRecord): Verdict {
  const { id, state } = record
  const judging = liveJudging(sight, record)
  if (judging !== null) return { do: 'stop', id, key: judging, why: 'its task has left its source' }
  if (!atWork(state)) return { person: true }
  const key = turnKey(id, state.run.attempt, state.run.turn)
  const turn = sight.world.turns.get(key)
  if (turn === undefined) return { wait: lookMs }
  if (!isLive(turn)) return { person: true }
  const why = turn.is === 'alive' ? pastLimit(sight, record, key) : 'its agent has ended and left processes behind'
  return why === null ? { wait: lookMs } : { do: 'stop', id, key, why }
}
