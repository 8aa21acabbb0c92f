import { bindings, depths } from './bindings.ts'
import type { Graph } from './graph.ts'
import type { Wait } from './plan.ts'
import type { Timetable } from './project.ts'
import type { Numbered } from './project-of.ts'
import { byText } from './rules.ts'

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
  const order = [...indexes.keys()].sort((a, b) => {
    const [one, other] = [graph.tasks[indexes[a] ?? 0], graph.tasks[indexes[b] ?? 0]]
    const byTime = (start[a] ?? 0) - (start[b] ?? 0)
    // Of two that start together one may be over at once and let the other begin.
    return (
      byTime ||
      (depth[a] ?? 0) - (depth[b] ?? 0) ||
      (one?.priority ?? 0) - (other?.priority ?? 0) ||
      byText(one?.id ?? '', other?.id ?? '')
    )
  })
  return order.map((place) => {
    const index = indexes[place] ?? 0
    const begin = start[place] ?? 0
    return { index, start: begin, end: begin + (project.minutes[place] ?? 0), waits: waits[place] ?? [] }
  })
}
