import { topologicalOrder, turned } from '../../packages/core/src/plan/lists.ts'
import type { Lists, Project } from '../../packages/core/src/plan/project.ts'

/** What a benchmark says of a project; every task has the same priority, and none has begun. */
export interface Sketch {
  readonly minutes: readonly number[]
  readonly before: readonly (readonly number[])[]
  readonly capacities: readonly number[]
  /** Units of each resource, by task. */
  readonly demands: readonly (readonly number[])[]
  /** The tasks that each task may not run beside. */
  readonly excludes?: readonly (readonly number[])[]
}

export function projectOf({ minutes, before: lists, capacities, demands, excludes }: Sketch): Project {
  const before = listsOf(lists)
  const after = turned(before)
  return {
    size: minutes.length,
    minutes: Float64Array.from(minutes),
    before,
    after,
    order: topologicalOrder(before, after),
    capacities: Float64Array.from(capacities),
    demands: listsOf(demands.map((row) => [...row.keys()].filter((resource) => (row[resource] ?? 0) > 0))),
    units: Float64Array.from(demands.flat().filter((units) => units > 0)),
    classes: Int32Array.from(minutes.keys(), (task) => (excludes === undefined ? -1 : task)),
    excludes: listsOf(excludes ?? []),
    priority: new Float64Array(minutes.length),
    rank: Int32Array.from(minutes.keys()),
    begun: new Int32Array(),
  }
}

/** Packs lists of numbers into two arrays. */
function listsOf(lists: readonly (readonly number[])[]): Lists {
  const at = new Int32Array(lists.length + 1)
  for (const [index, list] of lists.entries()) at[index + 1] = (at[index] ?? 0) + list.length
  const items = new Int32Array(at[lists.length] ?? 0)
  for (const [index, list] of lists.entries()) items.set(list, at[index] ?? 0)
  return { at, items }
}
