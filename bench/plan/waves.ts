import type { Project } from '../../packages/core/src/plan/project.ts'

/**
 * The makespan of strict batches: all that may run together starts together, and nothing else starts before the last of them has
 * ended.
 *
 * @param order who goes first; a batch is filled by it
 */
export function waves(project: Project, order: readonly number[]): number {
  const { size, minutes, before, capacities, demands, units, classes, excludes } = project
  const done = new Set<number>()
  let now = 0
  while (done.size < size) {
    const free = Float64Array.from(capacities)
    const closed = new Set<number>()
    const wave: number[] = []
    for (const task of order) {
      if (done.has(task) || closed.has(classes[task] ?? -1)) continue
      if (!before.items.subarray(before.at[task], before.at[task + 1]).every((other) => done.has(other))) continue
      const from = demands.at[task] ?? 0
      const wanted = [...demands.items.subarray(from, demands.at[task + 1])]
      if (wanted.some((resource, at) => (free[resource] ?? 0) < (units[from + at] ?? 0))) continue
      for (const [at, resource] of wanted.entries()) free[resource] = (free[resource] ?? 0) - (units[from + at] ?? 0)
      const own = classes[task] ?? -1
      if (own >= 0)
        for (const other of excludes.items.subarray(excludes.at[own], excludes.at[own + 1])) closed.add(other)
      wave.push(task)
    }
    now += Math.max(...wave.map((task) => minutes[task] ?? 0))
    for (const task of wave) done.add(task)
  }
  return now
}
