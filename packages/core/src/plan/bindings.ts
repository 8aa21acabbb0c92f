import type { Graph } from './graph.ts'
import { listAt, upTo } from './lists.ts'
import type { Wait } from './plan.ts'
import type { Numbered } from './project-of.ts'
import { sortBy } from './solve/sort.ts'

/**
 * What each task waited for, the wait that binds first. A task that starts later than all that it waits for by its own fields found
 * something taken that was given back at the very moment in which it starts, because no task of a timetable could start earlier by itself.
 * @param order the tasks by their start
 */
export function bindings(
  graph: Graph,
  numbered: Numbered,
  start: Float64Array,
  order: Int32Array,
): readonly (readonly Wait[])[] {
  const { project, indexes } = numbered
  const end = new Float64Array(project.size)
  /** By index in the graph. What is closed has ended before the start. */
  const ends = new Float64Array(graph.tasks.length)
  for (let place = 0; place < project.size; place++) {
    const until = (start[place] ?? 0) + (project.minutes[place] ?? 0)
    end[place] = until
    ends[indexes[place] ?? 0] = until
  }
  const taken = takenIn(graph, numbered, start, end, order)
  const edges = new LatestFirst(graph, ends)
  const waits: (readonly Wait[])[] = []
  for (let place = 0; place < project.size; place++) {
    waits.push(waitsAt(graph, indexes[place] ?? 0, edges, taken[place]))
  }
  // What runs already waits for nothing any more.
  for (const place of project.begun) waits[place] = none
  return waits
}

const none: readonly Wait[] = Object.freeze([])

function waitsAt(graph: Graph, index: number, edges: LatestFirst, taken: Wait | undefined): readonly Wait[] {
  const task = graph.tasks[index]
  const isManual = task?.kind === 'manual'
  const isHeld = task?.hold === true
  const own = edges.take(index)
  const size = own + Number(taken !== undefined) + Number(isManual) + Number(isHeld)
  if (size === 0) return none
  // One that grows takes several times as much room as most of these ever need.
  const found = new Array<Wait>(size)
  let next = 0
  if (taken !== undefined) found[next++] = taken
  for (let at = 0; at < own; at++) found[next++] = graph.wait(edges.taken[at] ?? 0)
  if (isManual) found[next++] = { for: 'person' }
  if (isHeld) found[next++] = { for: 'hold' }
  return found
}

/** Most lists are so short that sorting in place is quicker. */
const few = 16

/** The edges of one task after another, by when they are over, the latest first. */
class LatestFirst {
  /** Those that were taken last. */
  readonly taken: Int32Array
  readonly #edges: Graph['edges']
  readonly #ends: Float64Array

  /** @param ends when each task is over */
  constructor({ edges }: Graph, ends: Float64Array) {
    let most = 0
    for (let index = 1; index < edges.at.length; index++) {
      most = Math.max(most, (edges.at[index] ?? 0) - (edges.at[index - 1] ?? 0))
    }
    this.taken = new Int32Array(most)
    this.#edges = edges
    this.#ends = ends
  }

  /** Answers how many there are. */
  take(index: number): number {
    const from = this.#edges.at[index] ?? 0
    const count = (this.#edges.at[index + 1] ?? 0) - from
    const { taken } = this
    for (let next = 0; next < count; next++) {
      const until = this.#until(from + next)
      let at = next
      if (count <= few) for (; at > 0 && this.#until(taken[at - 1] ?? 0) < until; at--) taken[at] = taken[at - 1] ?? 0
      taken[at] = from + next
    }
    if (count > few) taken.subarray(0, count).sort((a, b) => this.#until(b) - this.#until(a) || a - b)
    return count
  }

  #until(edge: number): number {
    return this.#ends[this.#edges.items[edge] ?? 0] ?? 0
  }
}

/** For each task what was taken until it started: another task's files, or the last unit of a resource. */
function takenIn(
  graph: Graph,
  numbered: Numbered,
  start: Float64Array,
  end: Float64Array,
  order: Int32Array,
): readonly (Wait | undefined)[] {
  const { project, indexes, resources, exclusions } = numbered
  const { size, before, demands, units, capacities, classes, excludes } = project
  const byEnd = upTo(size)
  sortBy(byEnd, end)
  const used = new Float64Array(capacities.length)
  const isBegun = new Uint8Array(size)
  for (const place of project.begun) isBegun[place] = 1
  const out = new Array<Wait | undefined>(size).fill(undefined)
  /** Who ends at the present moment: the first `ended` of these. */
  const ending = new Int32Array(size)
  let ended = 0
  for (const place of project.begun) give(place, 1)
  let from = 0
  for (let at = 0; at < size; ) {
    const now = start[order[at] ?? 0] ?? 0
    // Who ended before has given back what it took; who ends now has it until now.
    for (; from < size && (end[byEnd[from] ?? 0] ?? 0) < now; from++) give(byEnd[from] ?? 0, -1)
    ended = 0
    for (let next = from; next < size && end[byEnd[next] ?? 0] === now; next++) {
      const place = byEnd[next] ?? 0
      // What only keeps its files is planned as landing at once.
      if ((start[place] ?? 0) < now || isBegun[place] === 1) ending[ended++] = place
    }
    const first = at
    for (; at < size && start[order[at] ?? 0] === now; at++) {
      const place = order[at] ?? 0
      if (ended > 0 && isBegun[place] === 0 && isFree(place, now)) out[place] = whyNotBefore(place)
    }
    for (let next = first; next < at; next++) if (isBegun[order[next] ?? 0] === 0) give(order[next] ?? 0, 1)
  }
  return out

  /** Nothing that it waits for by its own fields kept it back until now. */
  function isFree(place: number, now: number): boolean {
    if (now === 0) return true
    const to = before.at[place + 1] ?? 0
    let edge = before.at[place] ?? 0
    while (edge < to && (end[before.items[edge] ?? 0] ?? 0) < now) edge++
    return edge === to
  }

  function give(place: number, sign: 1 | -1): void {
    if ((end[place] ?? 0) === (start[place] ?? 0) && isBegun[place] === 0) return
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      used[resource] = (used[resource] ?? 0) + sign * (units[at] ?? 0)
    }
  }

  function whyNotBefore(place: number): Wait | undefined {
    const other = excluder(classes[place] ?? -1)
    if (other >= 0) {
      const [task, against] = [taskAt(place), taskAt(other)]
      const wait = task === undefined || against === undefined ? null : exclusions.between(task, against)
      return wait ?? { for: 'overlap', task: against?.id ?? '', path: null }
    }
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      if ((used[resource] ?? 0) + (units[at] ?? 0) <= (capacities[resource] ?? 0)) continue
      const holder = taker(resource)
      if (holder >= 0) return resources.wait(resource, taskAt(holder)?.id ?? null)
    }
    // What lands at once keeps only those back that need what it has.
    if (start[place] === 0) return undefined
    // Nothing was taken: only strict batches let a task wait all the same.
    return { for: 'batch', task: taskAt(ending[0] ?? 0)?.id ?? '' }
  }

  /** The first of those that end now which a class may not run beside; -1: none. */
  function excluder(own: number): number {
    if (own < 0) return -1
    const excluded = listAt(excludes, own)
    for (let at = 0; at < ended; at++) if (excluded.includes(classes[ending[at] ?? 0] ?? -1)) return ending[at] ?? -1
    return -1
  }

  /** The first of those that end now which has some of a resource; -1: none. */
  function taker(resource: number): number {
    for (let at = 0; at < ended; at++) {
      const one = ending[at] ?? 0
      for (let demand = demands.at[one] ?? 0; demand < (demands.at[one + 1] ?? 0); demand++) {
        if (demands.items[demand] === resource) return one
      }
    }
    return -1
  }

  function taskAt(place: number) {
    return graph.tasks[indexes[place] ?? 0]
  }
}
