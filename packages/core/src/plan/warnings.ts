import type { Task } from '../model/task.ts'
import { overlapOf } from './overlap.ts'
import type { PlannedTask, PlanPolicy, PlanWarning } from './plan.ts'
import type { Rules } from './rules.ts'
import { scopeOf } from './scope.ts'

/** What a person should know before the plan is carried out. Both lists are in the order of the plan. */
export function warningsOf(
  tasks: readonly Task[],
  planned: readonly PlannedTask[],
  rules: Rules,
  policy: PlanPolicy,
): PlanWarning[] {
  const out: PlanWarning[] = []
  for (const task of tasks) {
    if ((policy.unknownScope ?? 'warn') !== 'warn' || rules.scope(task) !== null) continue
    const message = `${task.id} does not say what it writes: it may run beside tasks that write the same files`
    out.push({ code: 'unknown-scope', task: task.id, message })
  }
  for (const [at, task] of tasks.entries()) {
    if (task.reads === undefined || task.reads.length === 0) continue
    const writer = besideOf(at, planned).find((other) => {
      const scope = tasks[other] === undefined ? null : rules.scope(tasks[other])
      return scope !== null && overlapOf(scopeOf(task.reads ?? [], policy), scope).is === 'overlap'
    })
    const name = writer === undefined ? undefined : tasks[writer]?.id
    if (name === undefined) continue
    const message = `${task.id} reads files that ${name} may write at the same time`
    out.push({ code: 'reader-beside-writer', task: task.id, message })
  }
  return out
}

/** The tasks that run during some of the time of the one at `at`; sorted by start, so that the search can end early. */
function besideOf(at: number, planned: readonly PlannedTask[]): number[] {
  const slot = planned[at]
  const out: number[] = []
  if (slot === undefined) return out
  for (const [index, other] of planned.entries()) {
    if (other.start >= slot.end) break
    if (index !== at && other.end > slot.start) out.push(index)
  }
  return out
}
