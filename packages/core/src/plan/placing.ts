import { bindings } from './bindings.ts'
import type { Graph } from './graph.ts'
import { listAt } from './lists.ts'
import type { Wait } from './plan.ts'
import type { Timetable } from './project.ts'
import type { Numbered } from './project-of.ts'
import { sortBy } from './solve/sort.ts'

/** The tasks of a project in planned time. */
export interface Placing {
  /** In the order of start. */
  readonly order: Int32Array
  /** For each task of the project what it waited for, the wait that binds first. */
  readonly waits: readonly (readonly Wait[])[]
}

export function placingOf(graph: Graph, numbered: Numbered, { start }: Timetable): Placing {
  const { size, rank, priority } = numbered.project
  // Of two that start together one may be over at once and let the other begin; then priority decides, then the id.
  const order = new Int32Array(size)
  for (let place = 0; place < size; place++) order[rank[place] ?? 0] = place
  for (const keys of [priority, depths(numbered, start), start]) if (keys !== null) sortBy(order, keys)
  return { order, waits: bindings(graph, numbered, start, order) }
}

/**
 * How many tasks of no minutes lie before each task at the moment of its start, one after the other: they start together and yet not side by
 * side. Null: none before any.
 */
function depths({ project }: Numbered, start: Float64Array): Float64Array | null {
  const { size, minutes, after, order } = project
  if (!minutes.includes(0)) return null
  const depth = new Float64Array(size)
  for (const place of order) {
    for (const next of listAt(after, place)) {
      if (start[next] === start[place]) depth[next] = Math.max(depth[next] ?? 0, (depth[place] ?? 0) + 1)
    }
  }
  return depth
}
