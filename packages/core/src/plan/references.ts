import type { NewTask } from '../model/task.ts'
import { listAt, turned } from './lists.ts'
import type { Lists } from './project.ts'

export interface References extends Lists {
  /** The same the other way round. */
  readonly followers: Lists
  /** Everything that is named is another one of the tasks. */
  readonly complete: boolean
  /** Nothing but dependencies makes one wait for another. */
  readonly plain: boolean
  /** Each task by its id; of several with one id the last. */
  readonly indexes: ReadonlyMap<string, number>
}

const none: readonly string[] = []

/**
 * What each task names as having to come first, by index. Left out is what is not among the tasks, and the task itself. Of several tasks
 * that establish one pattern the first counts.
 */
export function referencesOf(tasks: readonly NewTask[]): References {
  const indexes = new Map<string, number>()
  const establishers = new Map<string, number>()
  let most = 0
  for (let index = 0; index < tasks.length; index++) {
    const task = tasks[index]
    if (task === undefined) continue
    indexes.set(task.id, index)
    if (task.establishes !== undefined && !establishers.has(task.establishes)) establishers.set(task.establishes, index)
    most += (task.dependsOn?.length ?? 0) + (task.follows?.length ?? 0) + 1
  }
  const named = new Int32Array(tasks.length).fill(-1)
  const at = new Int32Array(tasks.length + 1)
  const items = new Int32Array(most)
  let count = 0
  let complete = true
  let plain = true
  for (let index = 0; index < tasks.length; index++) {
    const { dependsOn = none, stackedOn, follows = none, group } = tasks[index] ?? {}
    const from = count
    for (let next = 0; next < dependsOn.length; next++) items[count++] = indexes.get(dependsOn[next] ?? '') ?? -1
    if (stackedOn !== undefined) items[count++] = indexes.get(stackedOn) ?? -1
    for (const pattern of follows) items[count++] = establishers.get(pattern) ?? -1
    if (stackedOn !== undefined || follows.length > 0 || group !== undefined) plain = false
    // What is left out is closed up.
    let kept = from
    for (let edge = from; edge < count; edge++) {
      const on = items[edge] ?? -1
      if (on < 0 || on === index) complete = false
      else if (named[on] !== index) {
        named[on] = index
        items[kept++] = on
      }
    }
    count = kept
    at[index + 1] = count
  }
  const lists = { at, items: items.slice(0, count) }
  return { ...lists, followers: turned(lists), complete, plain, indexes }
}

/** The same as lists that can be taken apart. */
export function unpacked(lists: Lists): readonly (readonly number[])[] {
  return Array.from({ length: lists.at.length - 1 }, (_, index) => [...listAt(lists, index)])
}
