import type { Graph } from './graph.ts'
import { listAt } from './lists.ts'
import type { Wait } from './plan.ts'
import type { Numbered } from './project-of.ts'
import { sortBy } from './solve/sort.ts'

/**
 * What each task waited for, the wait that binds first. A task that starts later than all that it waits for by its own fields found
 * something taken that was given back at the very moment in which it starts, because no task of a timetable could start earlier by itself.
 */
export function bindings(graph: Graph, numbered: Numbered, start: Float64Array): readonly (readonly Wait[])[] {
  const { project, indexes } = numbered
  const end = start.map((time, place) => time + (project.minutes[place] ?? 0))
  const taken = takenIn(numbered, start, end)
  /** By index in the graph. What is closed has ended before the start. */
  const ends = new Float64Array(graph.tasks.length)
  for (let place = 0; place < project.size; place++) ends[indexes[place] ?? 0] = end[place] ?? 0
  const isBegun = new Uint8Array(project.size)
  for (const place of project.begun) isBegun[place] = 1
  const waits: (readonly Wait[])[] = []
  for (let place = 0; place < project.size; place++) {
    waits.push(isBegun[place] === 1 ? [] : waitsAt(graph, indexes[place] ?? 0, ends, start[place] ?? 0, taken[place]))
  }
  return waits
}

function waitsAt(
  graph: Graph,
  index: number,
  ends: Float64Array,
  begin: number,
  taken: Told | undefined,
): readonly Wait[] {
  const { at, items } = graph.edges
  const from = at[index] ?? 0
  const to = at[index + 1] ?? 0
  const own: number[] = []
  let latest = 0
  let isSorted = true
  let last = Number.POSITIVE_INFINITY
  for (let edge = from; edge < to; edge++) {
    const until = ends[items[edge] ?? 0] ?? 0
    if (until > latest) latest = until
    if (until > last) isSorted = false
    last = until
    own.push(edge)
  }
  if (!isSorted) latestFirst(own, (edge) => ends[items[edge] ?? 0] ?? 0)
  const found: Wait[] = []
  if (taken !== undefined && (begin === 0 || begin > latest)) found.push(taken(graph))
  for (const edge of own) found.push(graph.wait(edge))
  const task = graph.tasks[index]
  if (task?.kind === 'manual') found.push({ for: 'person' })
  if (task?.hold) found.push({ for: 'hold' })
  return found
}

/** Most lists are so short that sorting in place is quicker. */
const few = 16

function latestFirst(edges: number[], until: (edge: number) => number): void {
  if (edges.length > few) {
    edges.sort((a, b) => until(b) - until(a) || a - b)
    return
  }
  for (let next = 1; next < edges.length; next++) {
    const edge = edges[next] ?? 0
    const key = until(edge)
    let at = next
    for (; at > 0 && until(edges[at - 1] ?? 0) < key; at--) edges[at] = edges[at - 1] ?? 0
    edges[at] = edge
  }
}

type Told = (graph: Graph) => Wait

/** For each task what was taken until it started: another task's files, or the last unit of a resource. */
function takenIn(numbered: Numbered, start: Float64Array, end: Float64Array): readonly (Told | undefined)[] {
  const { project, indexes, resources, exclusions } = numbered
  const { demands, units, capacities, classes, excludes } = project
  const byStart = sorted(start)
  const byEnd = sorted(end)
  const used = new Float64Array(capacities.length)
  const begun = new Set(project.begun)
  const out: (Told | undefined)[] = []
  for (const place of project.begun) give(place, 1)
  let from = 0
  for (let at = 0; at < byStart.length; ) {
    const now = start[byStart[at] ?? 0] ?? 0
    // Who ended before has given back what it took; who ends now has it until now.
    for (; from < byEnd.length && (end[byEnd[from] ?? 0] ?? 0) < now; from++) give(byEnd[from] ?? 0, -1)
    const ending: number[] = []
    for (let next = from; next < byEnd.length && end[byEnd[next] ?? 0] === now; next++) {
      const place = byEnd[next] ?? 0
      // What only keeps its files is planned as landing at once.
      if ((start[place] ?? 0) < now || begun.has(place)) ending.push(place)
    }
    const first = at
    for (; at < byStart.length && start[byStart[at] ?? 0] === now; at++) {
      const place = byStart[at] ?? 0
      if (ending.length > 0) out[place] = whyNotBefore(place, ending)
    }
    for (let next = first; next < at; next++) if (!begun.has(byStart[next] ?? 0)) give(byStart[next] ?? 0, 1)
  }
  return out

  function give(place: number, sign: 1 | -1): void {
    if ((end[place] ?? 0) === (start[place] ?? 0) && !begun.has(place)) return
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      used[resource] = (used[resource] ?? 0) + sign * (units[at] ?? 0)
    }
  }

  function whyNotBefore(place: number, ending: readonly number[]): Told | undefined {
    const own = classes[place] ?? -1
    const excluded = own < 0 ? new Int32Array() : listAt(excludes, own)
    const other = excluded.length === 0 ? undefined : ending.find((one) => excluded.includes(classes[one] ?? -1))
    if (other !== undefined) {
      return (graph) => {
        const [task, against] = [graph.tasks[indexes[place] ?? 0], graph.tasks[indexes[other] ?? 0]]
        const wait = task === undefined || against === undefined ? null : exclusions.between(task, against)
        return wait ?? { for: 'overlap', task: against?.id ?? '', path: null }
      }
    }
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      if ((used[resource] ?? 0) + (units[at] ?? 0) <= (capacities[resource] ?? 0)) continue
      const holder = ending.find((one) => listAt(demands, one).includes(resource))
      if (holder === undefined) continue
      return (graph) => resources.wait(resource, graph.tasks[indexes[holder] ?? 0]?.id ?? null)
    }
    // What lands at once keeps only those back that need what it has.
    if (start[place] === 0) return undefined
    // Nothing was taken: only strict batches let a task wait all the same.
    const [last = place] = ending
    return (graph) => ({ for: 'batch', task: graph.tasks[indexes[last] ?? 0]?.id ?? '' })
  }
}

function sorted(times: Float64Array): Int32Array {
  const order = Int32Array.from(times.keys())
  sortBy(order, times)
  return order
}

/**
 * How many tasks of no minutes lie before each task at the moment of its start, one after the other: they start together and yet not side by
 * side.
 */
export function depths({ project }: Numbered, start: Float64Array): Int32Array {
  const depth = new Int32Array(project.size)
  if (!project.minutes.includes(0)) return depth
  const unmet = Int32Array.from({ length: project.size }, (_, place) => listAt(project.before, place).length)
  const queue = [...unmet.keys()].filter((place) => unmet[place] === 0)
  for (let at = 0; at < queue.length; at++) {
    const place = queue[at] ?? 0
    for (const next of listAt(project.after, place)) {
      if (start[next] === start[place]) depth[next] = Math.max(depth[next] ?? 0, (depth[place] ?? 0) + 1)
      unmet[next] = (unmet[next] ?? 0) - 1
      if (unmet[next] === 0) queue.push(next)
    }
  }
  return depth
}
