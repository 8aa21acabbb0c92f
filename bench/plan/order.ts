import type { Project } from '../../packages/core/src/plan/project.ts'
import { solve } from '../../packages/core/src/plan/solve/solve.ts'

/** The tasks in the order in which the plan starts them. */
export function plannedOrder(project: Project): readonly number[] {
  const { start } = solve(project)
  return [...start.keys()].sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b)
}
