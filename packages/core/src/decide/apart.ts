import type { Policy } from '../model/policy.ts'
import type { RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { isInFlight } from './in-flight.ts'
import type { World } from './world.ts'

/** Its change is compared with those of others. */
export function isComparedWith({ records }: Pick<World, 'records'>, id: TaskId): boolean {
  const state = records.get(id)?.state
  return state !== undefined && isInFlight(state) && state.outcome === null
}

/** By the policy `pause`, for whom its next turn waits: somebody in flight who goes first and with whose change its own would not merge. */
export function waitsForConflict(
  world: Pick<World, 'records'>,
  { onConflict }: Policy,
  { run }: RunState,
): TaskId | null {
  if (onConflict !== 'pause') return null
  const met = (run.conflicts ?? []).find(
    (one) => !one.goesFirst && one.with !== null && isComparedWith(world, one.with),
  )
  return met?.with ?? null
}
