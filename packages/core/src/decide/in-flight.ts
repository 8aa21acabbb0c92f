import type { RunRecord, RunState } from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { TaskId } from '../model/task.ts'
import type { Stacks } from '../plan/stacks.ts'
import type { World } from './world.ts'

/** Which branches build on which: of all tasks in flight, whoever runs them. */
export function stacksIn({ records }: World): Stacks {
  const chains = new Map<TaskId, readonly TaskId[]>()
  const finished = new Set<TaskId>()
  for (const { id, state } of records.values()) {
    if (!isInFlight(state)) continue
    chains.set(id, [id, ...(state.branch?.on ?? [])])
    if (isFinished(state)) finished.add(id)
  }
  return { finished, chains }
}

/** It has, or is about to have, work on a branch that has not landed. */
export function isInFlight(state: RunState): boolean {
  return state.phase !== 'open' && state.phase !== 'merged' && state.phase !== 'closed' && state.branch !== null
}

/** Its work is done, as far as anybody knows. */
function isFinished({ phase, run, outcome, branch }: RunState): boolean {
  const waitsToLand = phase === 'committed' || phase === 'pr_created'
  return waitsToLand && run.wants === null && run.stuck === null && outcome === null && branch?.head != null
}

/** Others in flight whose workspace it is. */
export function holders({ records }: World, id: TaskId, workspace: string): readonly RunRecord[] {
  return [...records.values()].filter(
    (other) => other.id !== id && isInFlight(other.state) && other.state.branch?.workspace === workspace,
  )
}

/** A name that no task's workspace has: no id holds a NUL. */
export function groupWorkspace(group: string): string {
  return slugOf(`\0${group}`)
}
