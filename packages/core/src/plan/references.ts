import type { NewTask } from '../model/task.ts'

/**
 * What each task names as having to come first, by index. Left out is what is not among the tasks, and the task itself. Of several tasks
 * that establish one pattern the first counts.
 */
export function referencesOf(tasks: readonly NewTask[]): readonly (readonly number[])[] {
  const indexes = new Map(tasks.map((task, index) => [task.id, index]))
  const establishers = new Map<string, number>()
  for (const [index, { establishes }] of tasks.entries()) {
    if (establishes !== undefined && !establishers.has(establishes)) establishers.set(establishes, index)
  }
  const named = new Int32Array(tasks.length).fill(-1)
  return tasks.map((task, index) => {
    const out: number[] = []
    const add = (on: number | undefined): void => {
      if (on === undefined || on === index || named[on] === index) return
      named[on] = index
      out.push(on)
    }
    for (const id of task.dependsOn ?? []) add(indexes.get(id))
    if (task.stackedOn !== undefined) add(indexes.get(task.stackedOn))
    for (const pattern of task.follows ?? []) add(establishers.get(pattern))
    return out
  })
}
