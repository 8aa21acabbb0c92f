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

export function instanceOf(whole: Project): Instance {
  const project = { ...whole, ...rivals(whole) }
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

/** Without classes of one task that exclude no other one: nothing ever waits because of them. */
function rivals({ classes, excludes: { at, items } }: Project): Pick<Project, 'classes' | 'excludes'> {
  const members = new Int32Array(at.length - 1)
  for (const own of classes) if (own >= 0) members[own] = (members[own] ?? 0) + 1
  const kept: number[] = []
  const places = members.map((tasks, own) => {
    const from = at[own] ?? 0
    const others = (at[own + 1] ?? 0) - from
    const isAlone = others === 0 || (others === 1 && items[from] === own && tasks < 2)
    return isAlone ? -1 : kept.push(own) - 1
  })
  const keptAt = new Int32Array(kept.length + 1)
  const keptItems: number[] = []
  for (const [place, own] of kept.entries()) {
    for (let edge = at[own] ?? 0; edge < (at[own + 1] ?? 0); edge++) keptItems.push(places[items[edge] ?? 0] ?? -1)
    keptAt[place + 1] = keptItems.length
  }
  return {
    classes: classes.map((own) => places[own] ?? -1),
    excludes: { at: keptAt, items: Int32Array.from(keptItems) },
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
