import type { ProcessKey } from '../model/process-key.ts'
import { toldBy } from '../model/process-key.ts'
import type { RunRecord, RunState } from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { TaskId } from '../model/task.ts'
import { isLive } from '../model/turn.ts'
import type { Action } from './action.ts'
import { checkKeysOf } from './checking.ts'
import type { Sight } from './world.ts'

/** Why a process carries a dead attempt, as a sentence about its task; null: it does not. */
export function outlivedBy(key: ProcessKey, id: TaskId, { phase, run, review }: RunState): string | null {
  const told = toldBy(key)
  if (told === null) return null
  if (phase === 'closed') return `${id} is closed`
  switch (told.of) {
    case 'checks':
      if (told.run < run.checks) return `${id} is at its checks number ${run.checks}`
      return isDropped(told.run, run.checks, review?.candidate?.run) ? `nobody waits for these checks of ${id}` : null
    case 'review': {
      if (phase !== 'pr_created') return `${id} is ${phase}`
      const { reviews = 0 } = run
      if (told.run < reviews) return `${id} is at its reviewer number ${reviews}`
      return isDropped(told.run, reviews, review?.reviewer?.run) ? `nobody waits for this reviewer of ${id}` : null
    }
    case 'turn': {
      const order = told.attempt - run.attempt || told.turn - run.turn
      if (order < 0) return `${id} is at attempt ${run.attempt}, turn ${run.turn}`
      return order === 0 && run.wants !== null ? `${id} waits for its next ${run.wants}` : null
    }
  }
}

/** What runs on its candidate is not what the policy asks of it by now, so nobody waits for what it says. */
function isOfOthers({ policy }: Sight, record: RunRecord, key: ProcessKey): boolean {
  const { candidate } = record.state.review ?? {}
  const told = toldBy(key)
  return told?.of === 'checks' && told.run === candidate?.run && !checkKeysOf({ policy }, record).includes(key)
}

/** It was the last one, and was given up: it could not be seen, and has come to light since. */
function isDropped(run: number, last: number, current: number | null | undefined): boolean {
  return run === last && run !== current
}

/** Stops what was started by an owner that was paused meanwhile, that nobody could see when its task went on, or under another policy. */
export function decideOutlived(sight: Sight): readonly Extract<Action, { do: 'stop' }>[] {
  const { world, reach } = sight
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
    const past =
      outlivedBy(key, id, state) ??
      (isOfOthers(sight, record, key) ? `the policy asks for other checks of ${id} by now` : null)
    return past === null ? [] : [{ do: 'stop', id, key, why: past }]
  })
}
