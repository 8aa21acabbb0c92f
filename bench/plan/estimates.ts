import { inBatches } from '../../packages/core/src/plan/in-batches.ts'
import type { Project } from '../../packages/core/src/plan/project.ts'
import { randomOf } from '../../packages/core/src/plan/solve/random.ts'
import { solve } from '../../packages/core/src/plan/solve/solve.ts'
import { type Figure, mean } from '../figure.ts'
import { families, membersOf } from './families.ts'
import { plannedOrder } from './order.ts'

/** A task takes a third of its estimate at least, and three times as long at most. */
const wrong = 3

/** What plans are worth when the estimates that they were made on were wrong. */
export function wrongEstimates(): readonly Figure[] {
  const gaps: { readonly loop: number; readonly waves: number }[] = []
  for (const family of families) {
    for (const [index, { project }] of membersOf(family).entries()) {
      const random = randomOf(1000 + index)
      const minutes = project.minutes.map((estimate) => estimate * wrong ** (2 * random() - 1))
      const truth: Project = { ...project, minutes }
      const order = plannedOrder(project)
      const best = solve(truth, { iterations: 5000, seed: 1 }).makespan
      const gap = (makespan: number) => (makespan / best - 1) * 100
      gaps.push({ loop: gap(replay(truth, order)), waves: gap(inBatches(ordered(truth, order)).makespan) })
    }
    console.error(`wrong estimates: ${family.name}, ${mean(gaps.map(({ loop }) => loop)).toFixed(2)} % so far`)
  }
  const figure = (name: string, value: number): Figure => ({
    bench: 'plan',
    figure: name,
    value,
    unit: '%',
    goal: null,
  })
  return [
    figure('wrong-estimates-mean-gap', mean(gaps.map(({ loop }) => loop))),
    figure('wrong-estimates-mean-gap-waves', mean(gaps.map((one) => one.waves))),
  ]
}

/** Whenever something ends, whoever comes first in the order and can start does. Priorities of their own leave nothing else to choose. */
function replay(project: Project, order: readonly number[]): number {
  return solve(ordered(project, order)).makespan
}

function ordered(project: Project, order: readonly number[]): Project {
  const priority = new Float64Array(project.size)
  for (const [place, task] of order.entries()) priority[task] = place
  return { ...project, priority }
}
