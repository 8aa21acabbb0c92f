import type { ProcessKey } from '../model/process-key.ts'
import { toldBy } from '../model/process-key.ts'
import type { RunState } from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { TaskId } from '../model/task.ts'
import { isLive } from '../model/turn.ts'
import type { Action } from './action.ts'
import type { Sight } from './world.ts'

/** Why a process carries a dead attempt, as a sentence about its task; null: it does not. */
export function outlivedBy(key: ProcessKey, id: TaskId, { phase, run }: RunState): string | null {
  const told = toldBy(key)
  if (told === null) return null
  if (phase === 'closed') return `${id} is closed`
  switch (told.of) {
    case 'checks':
      return told.run < run.checks ? `${id} is at its checks number ${run.checks}` : null
    case 'review': {
      if (phase !== 'pr_created') return `${id} is ${phase}`
      const { reviews = 0 } = run
      return told.run < reviews ? `${id} is at its reviewer number ${reviews}` : null
    }
    case 'turn': {
      const order = told.attempt - run.attempt || told.turn - run.turn
      return order < 0 ? `${id} is at attempt ${run.attempt}, turn ${run.turn}` : null
    }
  }
}

/** Stops what was started by an owner that was paused meanwhile, or that nobody could see when its task went on. */
export function decideOutlived({ world, reach }: Sight): readonly Extract<Action, { do: 'stop' }>[] {
  const living = [...world.unasked].filter(([, turn]) => isLive(turn))
  if (living.length === 0) return []
  const bySlug = new Map([...world.records.values()].map((record) => [slugOf(record.id), record]))
  return living.flatMap(([key]) => {
    const record = bySlug.get(toldBy(key)?.slug ?? '')
    if (record === undefined || world.busy.has(record.id)) return []
    const { id, state } = record
    const { owner } = state.run
    if (owner !== null && owner !== world.owner && world.liveOwners.has(owner)) return []
    if (reach.only !== undefined && reach.only !== id) return []
    const past = outlivedBy(key, id, state)
    return past === null ? [] : [{ do: 'stop', id, key, why: past }]
  })
}
