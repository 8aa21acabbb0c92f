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
  /** Of the present batch; made when somebody first asks. */
  let names = null as Set<TaskId> | null
  const waitsInside = (task: Timed, group: readonly Timed[]): boolean => {
    const inside = names ?? new Set(group.map(({ id }) => id))
    names = inside
    return task.waits.some((wait) => inside.has(idOf(wait) ?? ''))
  }
  let start = 0
  let ends = Number.POSITIVE_INFINITY
  for (const task of tasks) {
    const group = groups.at(-1)
    // As long as none has ended, nobody can have waited for one of them; what takes no time has ended when it starts.
    if (group !== undefined && (task.start < ends || (task.start === start && !waitsInside(task, group)))) {
      group.push(task)
      names?.add(task.id)
      ends = Math.min(ends, task.end)
      continue
    }
    groups.push([task])
    names = null
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
  const unknown = loose.size === 0 ? 0 : group.filter((task) => loose.has(task.id)).length
  if (unknown === 0) return 'no two of them may write the same file'
  return `no two of them are known to write the same file; ${unknown} did not say what they write`
}

/** The task that a wait is for, where it is for one. */
export function idOf(wait: Wait): TaskId | null {
  return 'task' in wait ? wait.task : null
}
