import type { NewTask } from '../model/task.ts'
import { listAt } from './lists.ts'
import type { Lists } from './project.ts'

export interface References extends Lists {
  /** Everything that is named is another one of the tasks. */
  readonly complete: boolean
  /** Nothing but dependencies is named. */
  readonly plain: boolean
}

/**
 * What each task names as having to come first, by index. Left out is what is not among the tasks, and the task itself. Of several tasks
 * that establish one pattern the first counts.
 */
export function referencesOf(tasks: readonly NewTask[]): References {
  const indexes = new Map<string, number>()
  const establishers = new Map<string, number>()
  for (const [index, { id, establishes }] of tasks.entries()) {
    indexes.set(id, index)
    if (establishes !== undefined && !establishers.has(establishes)) establishers.set(establishes, index)
  }
  const named = new Int32Array(tasks.length).fill(-1)
  const at = new Int32Array(tasks.length + 1)
  const items: number[] = []
  let complete = true
  let plain = true
  const add = (index: number, on: number | undefined): void => {
    if (on === undefined || on === index) complete = false
    else if (named[on] !== index) {
      named[on] = index
      items.push(on)
    }
  }
  for (const [index, task] of tasks.entries()) {
    if (task.dependsOn !== undefined) for (const id of task.dependsOn) add(index, indexes.get(id))
    if (task.stackedOn !== undefined || task.follows?.length) plain = false
    if (task.stackedOn !== undefined) add(index, indexes.get(task.stackedOn))
    if (task.follows !== undefined) for (const pattern of task.follows) add(index, establishers.get(pattern))
    at[index + 1] = items.length
  }
  return { at, items: Int32Array.from(items), complete, plain }
}

/** The same as lists that can be taken apart. */
export function unpacked(lists: Lists): readonly (readonly number[])[] {
  return Array.from({ length: lists.at.length - 1 }, (_, index) => [...listAt(lists, index)])
}

/** Whether nothing waits for itself, by however many others (Kahn 1962). */
export function isAcyclic(before: Lists, after: Lists): boolean {
  const size = before.at.length - 1
  const unmet = new Int32Array(size)
  const free: number[] = []
  for (let index = 0; index < size; index++) {
    unmet[index] = (before.at[index + 1] ?? 0) - (before.at[index] ?? 0)
    if (unmet[index] === 0) free.push(index)
  }
  for (let at = 0; at < free.length; at++) {
    for (const next of listAt(after, free[at] ?? 0)) {
      unmet[next] = (unmet[next] ?? 0) - 1
      if (unmet[next] === 0) free.push(next)
    }
  }
  return free.length === size
}
