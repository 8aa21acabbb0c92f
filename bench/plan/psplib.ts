import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type NewTask, type Plan, planTasks } from '@orch/core/plan'
import { type Figure, mean } from '../figure.ts'

interface Line {
  readonly name: string
  readonly capacities: readonly number[]
  readonly durations: readonly number[]
  readonly demands: readonly (readonly number[])[]
  readonly successors: readonly (readonly number[])[]
  readonly makespan: { readonly upper: number }
}

/** The library of Kolisch and Sprecher (1997), 30 jobs and 4 resources: how far we are from the best makespans that are known. */
export function psplib(): readonly Figure[] {
  const full = process.env.ORCH_PSPLIB
  if (full === undefined)
    console.error('psplib: ORCH_PSPLIB names no file, these figures are of a sample of 30 instances')
  const lines = readFileSync(full ?? join(import.meta.dirname, 'j30-sample.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line))
  const gaps = (iterations: number): readonly number[] => {
    const out = lines.map((line) => {
      const { makespan } = planned(line, iterations)
      return (makespan / line.makespan.upper - 1) * 100
    })
    console.error(`psplib: ${out.length} instances with ${iterations} iterations, ${mean(out).toFixed(3)} %`)
    return out
  }
  const most = gaps(5000)
  const figure = (name: string, value: number, goal: number | null, unit: Figure['unit'] = '%'): Figure => ({
    bench: 'plan',
    figure: `psplib-j30-${name}`,
    value,
    unit,
    goal,
  })
  return [
    figure('default-mean-gap', mean(gaps(0)), 2.5),
    figure('1000-mean-gap', mean(gaps(1000)), 0.6),
    figure('5000-mean-gap', mean(most), 0.3),
    figure('solved', most.filter((gap) => gap <= 0).length, null, 'count'),
  ]
}

/** Jobs as tasks with an agent for each, the resources of the instance as named ones of the policy. */
function planned({ durations, successors, capacities, demands }: Line, iterations: number): Plan {
  const before: string[][] = durations.map(() => [])
  for (const [job, row] of successors.entries()) for (const successor of row) before[successor]?.push(`job-${job}`)
  const tasks = durations.map((minutes, job): NewTask => {
    const wanted = [...(demands[job] ?? []).entries()].filter(([, units]) => units > 0)
    return {
      id: `job-${job}`,
      // The first and the last job stand for the beginning and the end.
      kind: minutes === 0 ? 'sync' : 'change',
      minutes,
      writes: [],
      dependsOn: before[job] ?? [],
      resources: Object.fromEntries(wanted.map(([index, units]) => [`r${index}`, units])),
    }
  })
  const resources = Object.fromEntries(capacities.map((units, index) => [`r${index}`, units]))
  return planTasks(tasks, { maxAgents: durations.length, resources }, { effort: { iterations, seed: 1 } })
}
