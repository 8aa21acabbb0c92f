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
  const isTold = (policy.unknownScope ?? 'warn') === 'warn'
  for (const task of tasks) {
    if (!isTold || rules.scope(task) !== null) continue
    const message = `${task.id} does not say what it writes: it may run beside tasks that write the same files`
    out.push({ code: 'unknown-scope', task: task.id, message })
  }
  const writers = writersBeside(tasks, planned, rules, policy)
  if (writers.size === 0) return out
  for (const [at, task] of tasks.entries()) {
    const name = tasks[writers.get(at) ?? -1]?.id
    if (name === undefined) continue
    const message = `${task.id} reads files that ${name} may write at the same time`
    out.push({ code: 'reader-beside-writer', task: task.id, message })
  }
  return out
}

/** For each task that reads what another one beside it may write, the first of those. Walks through time with the tasks that run. */
function writersBeside(
  tasks: readonly Task[],
  planned: readonly PlannedTask[],
  rules: Rules,
  policy: PlanPolicy,
): ReadonlyMap<number, number> {
  const out = new Map<number, number>()
  if (tasks.every((task) => task.reads === undefined)) return out
  const look = (reader: number, writer: number): void => {
    const [task, other] = [tasks[reader], tasks[writer]]
    if (task?.reads === undefined || task.reads.length === 0 || other === undefined) return
    if ((out.get(reader) ?? writer + 1) <= writer) return
    const scope = rules.scope(other)
    if (scope !== null && overlapOf(scopeOf(task.reads, policy), scope).is === 'overlap') out.set(reader, writer)
  }
  let running: number[] = []
  for (const [at, { start, end }] of planned.entries()) {
    running = running.filter((other) => (planned[other]?.end ?? 0) > start)
    for (const other of running) {
      if ((planned[other]?.start ?? 0) >= end) continue
      look(at, other)
      look(other, at)
    }
    running.push(at)
  }
  return out
}
