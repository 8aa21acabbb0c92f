import { bindings, depths } from './bindings.ts'
import type { Graph } from './graph.ts'
import type { Wait } from './plan.ts'
import type { Timetable } from './project.ts'
import type { Numbered } from './project-of.ts'
import { sortBy } from './solve/sort.ts'

/** Where a task lies in planned time, and what it waited for. */
export interface Slot {
  /** In the graph. */
  readonly index: number
  readonly start: number
  readonly end: number
  /** The one that binds first. */
  readonly waits: readonly Wait[]
}

/** The slots of a timetable, in the order of start. */
export function slotsOf(graph: Graph, numbered: Numbered, { start }: Timetable): readonly Slot[] {
  const { project, indexes } = numbered
  const waits = bindings(graph, numbered, start)
  const depth = depths(numbered, start)
  // Of two that start together one may be over at once and let the other begin; then priority decides, then the id.
  const order = new Int32Array(project.size)
  for (const [place, rank] of project.rank.entries()) order[rank] = place
  for (const keys of [project.priority, Float64Array.from(depth), start]) sortBy(order, keys)
  return Array.from(order, (place) => {
    const index = indexes[place] ?? 0
    const begin = start[place] ?? 0
    return { index, start: begin, end: begin + (project.minutes[place] ?? 0), waits: waits[place] ?? [] }
  })
}
