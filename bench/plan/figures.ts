import { inBatches } from '../../packages/core/src/plan/in-batches.ts'
import { solve } from '../../packages/core/src/plan/solve/solve.ts'
import { type Figure, mean } from '../figure.ts'
import { besidePGraph } from './beside.ts'
import { wrongEstimates } from './estimates.ts'
import { families, membersOf } from './families.ts'
import { psplib } from './psplib.ts'
import { speed } from './speed.ts'

/** How good plans are: against the best that is known, against what nobody can do without, and when the estimates were wrong. */
export async function figures(): Promise<readonly Figure[]> {
  return [...psplib(), ...wrongEstimates(), ...ratios(), ...speed(), ...(await besidePGraph())]
}

/** Makespans in lower bounds, beside those of strict batches. */
function ratios(): readonly Figure[] {
  const figure = (name: string, value: number, goal: number | null): Figure => ({
    bench: 'plan',
    figure: name,
    value,
    unit: 'ratio',
    goal,
  })
  return families.flatMap((family) => {
    const members = membersOf(family)
    const planned = members.map(({ project, bound }) => solve(project).makespan / bound)
    const batches = members.map(({ project, bound }) => inBatches(project).makespan / bound)
    return [
      figure(`ratio-${family.name}`, mean(planned), 1.1),
      figure(`ratio-${family.name}-waves`, mean(batches), null),
    ]
  })
}
