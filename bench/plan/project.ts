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

export function projectOf({ minutes, before, capacities, demands, excludes }: Sketch): Project {
  const after: number[][] = minutes.map(() => [])
  for (const [task, row] of before.entries()) for (const other of row) after[other]?.push(task)
  return {
    size: minutes.length,
    minutes: Float64Array.from(minutes),
    before: listsOf(before),
    after: listsOf(after),
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

function listsOf(rows: readonly (readonly number[])[]): Lists {
  const at = new Int32Array(rows.length + 1)
  for (const [index, row] of rows.entries()) at[index + 1] = (at[index] ?? 0) + row.length
  return { at, items: Int32Array.from(rows.flat()) }
}
