import type { Problem } from '../model/error.ts'
import { shown } from '../model/shown.ts'
import type { NewTask } from '../model/task.ts'

/** Bits of an integer. */
const atOnce = 32

/**
 * Tasks that are stacked on one that lies before a sync point which they wait for: by the time that they start it has landed, so there is no branch to start on.
 * @param references what each task waits for, by index
 */
export function* stackProblems(
  tasks: readonly NewTask[],
  references: readonly (readonly number[])[],
): Generator<Problem> {
  const indexes = new Map(tasks.map((task, index) => [task.id, index]))
  const stacked = [...tasks.entries()].flatMap(([index, { stackedOn }]) => {
    const on = stackedOn === undefined ? undefined : indexes.get(stackedOn)
    return on === undefined || on === index ? [] : [{ index, on }]
  })
  const syncs = [...tasks.entries()].filter(([, { kind }]) => kind === 'sync').map(([index]) => index)
  if (stacked.length === 0 || syncs.length === 0) return
  const order = linearOrder(references)
  const told = new Set<number>()
  for (let first = 0; first < syncs.length; first += atOnce) {
    const some = syncs.slice(first, first + atOnce)
    const own = new Int32Array(tasks.length)
    for (const [bit, index] of some.entries()) own[index] = 1 << bit
    /** The sync points that each task waits for, and those that wait for it. */
    const before = new Int32Array(tasks.length)
    const after = new Int32Array(tasks.length)
    for (const index of order) {
      for (const on of references[index] ?? []) before[index] = bits(before, index) | bits(before, on) | bits(own, on)
    }
    for (const index of order.toReversed()) {
      for (const on of references[index] ?? []) after[on] = bits(after, on) | bits(after, index) | bits(own, index)
    }
    for (const { index, on } of stacked) {
      const crossed = bits(before, index) & bits(after, on)
      const sync = some[31 - Math.clz32(crossed & -crossed)]
      if (crossed === 0 || sync === undefined || told.has(index)) continue
      told.add(index)
      const [task, base, point] = [index, on, sync].map((one) => tasks[one]?.id ?? '')
      const message = `${shown(task ?? '')} is stacked on ${shown(base ?? '')}, which has landed before the sync point ${shown(point ?? '')} that it waits for`
      yield { code: 'stack-crosses-sync', task: task ?? '', field: 'stackedOn', message }
    }
  }
}

function bits(all: Int32Array, index: number): number {
  return all[index] ?? 0
}

/** Every index after what it waits for, as far as there are no circles. Without recursion: chains can be long. */
function linearOrder(references: readonly (readonly number[])[]): readonly number[] {
  const out: number[] = []
  const begun = new Uint8Array(references.length)
  for (let root = 0; root < references.length; root++) {
    if (begun[root] === 1) continue
    begun[root] = 1
    const path = [{ index: root, next: 0 }]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const on = references[top.index]?.[top.next++]
      if (on === undefined) {
        out.push(top.index)
        path.pop()
      } else if (begun[on] === 0) {
        begun[on] = 1
        path.push({ index: on, next: 0 })
      }
    }
  }
  return out
}
