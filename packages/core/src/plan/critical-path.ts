import type { TaskId } from '../model/task.ts'
import { idOf } from './batches.ts'
import type { PlannedTask } from './plan.ts'

/**
 * Back from the task that ends last, along what each waited for until it could start.
 * @param named finds one of `planned`
 */
export function criticalPath(
  planned: readonly PlannedTask[],
  named: (id: TaskId) => PlannedTask | undefined,
): TaskId[] {
  let at: PlannedTask | undefined
  for (const task of planned) if (at === undefined || task.end > at.end) at = task
  const path = new Set<TaskId>()
  while (at !== undefined && !path.has(at.id)) {
    path.add(at.id)
    const [binding] = at.waits
    const before: PlannedTask | undefined = binding === undefined ? undefined : named(idOf(binding) ?? '')
    at = before !== undefined && before.end === at.start ? before : undefined
  }
  return [...path].reverse()
}
