import type { Lists, Project } from '../project.ts'
import { tails } from '../tails.ts'
import { type Kinds, kindsOf } from './kinds.ts'

/** A project made ready for being scheduled many times, in one direction of time. */
export interface Instance extends Project, Kinds {
  /** Without what begun tasks wait for: they do not wait any more. */
  readonly before: Lists
  /** Time goes backward here: begun tasks end last, rather than start first. */
  readonly reversed: boolean
  readonly isBegun: Uint8Array
  /** Minutes of the longest chain that begins with each task, its own included. */
  readonly tail: Float64Array
  /** Not all tasks have the same priority. */
  readonly ranked: boolean
  /** There are tasks that take no time, but have to find a moment in which a resource is free or nobody of a class runs. */
  readonly picky: boolean
}

export function instanceOf(project: Project): Instance {
  const { size, minutes, order, demands, classes, excludes, priority, begun } = project
  const isBegun = new Uint8Array(size)
  for (const task of begun) isBegun[task] = 1
  const { before, after } = withoutBegun(project, isBegun)
  if (order.length < size) throw new Error('There is a circle in what the tasks wait for.')
  let ranked = false
  let picky = false
  let first = Number.NaN
  for (let task = 0; task < size; task++) {
    if (isBegun[task] === 1) continue
    const demanding = (demands.at[task + 1] ?? 0) > (demands.at[task] ?? 0)
    const own = classes[task] ?? -1
    const excluding = own >= 0 && (excludes.at[own + 1] ?? 0) > (excludes.at[own] ?? 0)
    if (minutes[task] === 0) picky ||= demanding || excluding
    if (Number.isNaN(first)) first = priority[task] ?? 0
    else if (priority[task] !== first) ranked = true
  }
  return {
    ...project,
    before,
    after,
    isBegun,
    tail: tails({ minutes, after, order }),
    reversed: false,
    ranked,
    picky,
    ...kindsOf(project),
  }
}

/** The same with time going backward. */
export function reverse(instance: Instance): Instance {
  const { minutes, before } = instance
  const order = instance.order.toReversed()
  return {
    ...instance,
    before: instance.after,
    after: instance.before,
    order,
    tail: tails({ minutes, after: before, order }),
    priority: instance.priority.map((priority) => -priority),
    reversed: !instance.reversed,
  }
}

function withoutBegun(project: Project, isBegun: Uint8Array): { readonly before: Lists; readonly after: Lists } {
  const { size, before, after, begun } = project
  if (begun.every((task) => before.at[task] === before.at[task + 1])) return { before, after }
  const kept = (lists: Lists, keeps: (from: number, to: number) => boolean): Lists => {
    const at = new Int32Array(size + 1)
    const items: number[] = []
    for (let task = 0; task < size; task++) {
      for (let edge = lists.at[task] ?? 0; edge < (lists.at[task + 1] ?? 0); edge++) {
        const other = lists.items[edge] ?? 0
        if (keeps(task, other)) items.push(other)
      }
      at[task + 1] = items.length
    }
    return { at, items: Int32Array.from(items) }
  }
  return {
    before: kept(before, (task) => isBegun[task] === 0),
    after: kept(after, (_, follower) => isBegun[follower] === 0),
  }
}
