import type { TaskId } from '../model/task.ts'
import type { Batch, Wait } from './plan.ts'

export interface Timed {
  readonly id: TaskId
  readonly start: number
  readonly end: number
  readonly waits: readonly Wait[]
}

/** `A`, `B`, …, `Z`, `AA`, … */
function batchName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : batchName(Math.floor(index / 26) - 1) + letter
}

/**
 * Cuts tasks in the order of start into batches: a task joins the present one as long as it runs beside all of its members.
 * @param loose tasks whose files nobody knows
 */
export function batchesOf(tasks: readonly Timed[], loose: ReadonlySet<TaskId>): Batch[] {
  const groups: Timed[][] = []
  let names = new Set<TaskId>()
  let start = 0
  let ends = Number.POSITIVE_INFINITY
  for (const task of tasks) {
    const group = groups.at(-1)
    // As long as none has ended, nobody can have waited for one of them; what takes no time has ended when it starts.
    const beside =
      task.start < ends || (task.start === start && !task.waits.some((wait) => names.has(idOf(wait) ?? '')))
    if (group !== undefined && beside) {
      group.push(task)
      names.add(task.id)
      ends = Math.min(ends, task.end)
      continue
    }
    groups.push([task])
    names = new Set([task.id])
    start = task.start
    ends = task.end
  }
  return groups.map((group, index) => ({
    name: batchName(index),
    tasks: group.map((task) => task.id),
    reason: reasonFor(group, loose),
  }))
}

function reasonFor(group: readonly Timed[], loose: ReadonlySet<TaskId>): string {
  if (group.length === 1) return 'nothing else starts beside it'
  const unknown = group.filter((task) => loose.has(task.id)).length
  if (unknown === 0) return 'no two of them may write the same file'
  return `no two of them are known to write the same file; ${unknown} did not say what they write`
}

/** The task that a wait is for, where it is for one. */
export function idOf(wait: Wait): TaskId | null {
  return 'task' in wait ? wait.task : null
}
