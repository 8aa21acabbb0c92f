import type { Problem } from '../model/error.ts'
import { shown } from '../model/shown.ts'
import type { NewTask } from '../model/task.ts'
import type { Lists } from './project.ts'
import { mostMarks, Reach } from './reach.ts'

/**
 * Tasks that are stacked on one that lies before a sync point which they wait for: by the time that they start it has landed, so there is no branch to start on.
 * @param references what each task waits for, by index
 */
export function* stackProblems(tasks: readonly NewTask[], references: Lists): Generator<Problem> {
  const indexes = new Map(tasks.map((task, index) => [task.id, index]))
  const stacked = [...tasks.entries()].flatMap(([index, { stackedOn }]) => {
    const on = stackedOn === undefined ? undefined : indexes.get(stackedOn)
    return on === undefined || on === index ? [] : [{ index, on }]
  })
  const syncs = [...tasks.entries()].filter(([, { kind }]) => kind === 'sync').map(([index]) => index)
  if (stacked.length === 0 || syncs.length === 0) return
  const reach = new Reach(references)
  const told = new Set<number>()
  for (let first = 0; first < syncs.length; first += mostMarks) {
    const some = syncs.slice(first, first + mostMarks)
    const before = reach.before(some)
    const after = reach.after(some)
    for (const { index, on } of stacked) {
      const crossed = (before[index] ?? 0) & (after[on] ?? 0)
      const sync = some[31 - Math.clz32(crossed & -crossed)]
      if (crossed === 0 || sync === undefined || told.has(index)) continue
      told.add(index)
      const [task, base, point] = [index, on, sync].map((one) => tasks[one]?.id ?? '')
      const message = `${shown(task ?? '')} is stacked on ${shown(base ?? '')}, which has landed before the sync point ${shown(point ?? '')} that it waits for`
      yield { code: 'stack-crosses-sync', task: task ?? '', field: 'stackedOn', message }
    }
  }
}
