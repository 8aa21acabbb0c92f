import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Project } from '../../../src/plan/project.ts'
import { solve } from '../../../src/plan/solve/solve.ts'
import { faults, projectOf } from './projects.ts'

interface Line {
  readonly capacities: readonly number[]
  readonly durations: readonly number[]
  readonly demands: readonly (readonly number[])[]
  readonly successors: readonly (readonly number[])[]
  readonly makespan: { readonly upper: number }
}

const file = join(import.meta.dirname, '../../../../../bench/plan/j30-sample.jsonl')
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Line => JSON.parse(line))

function projectOfLine({ durations, successors, capacities, demands }: Line): Project {
  const before: number[][] = durations.map(() => [])
  for (const [job, row] of successors.entries()) for (const successor of row) before[successor]?.push(job)
  return projectOf({
    minutes: durations,
    before,
    capacities,
    demands: demands.map((row) => row.flatMap((units, resource) => (units > 0 ? [[resource, units] as const] : []))),
  })
}

/** The mean distance from the best makespans that are known, in percent. */
function meanGap(iterations: number): number {
  let sum = 0
  for (const line of lines) {
    const project = projectOfLine(line)
    const timetable = solve(project, { iterations, seed: 1 })
    expect(faults(project, timetable)).toEqual([])
    expect(timetable.makespan).toBeGreaterThanOrEqual(line.makespan.upper)
    sum += timetable.makespan / line.makespan.upper - 1
  }
  return (sum / lines.length) * 100
}

describe('30 instances of PSPLIB', () => {
  test('are placed close to the best by default', () => {
    expect(lines).toHaveLength(30)
    expect(meanGap(0)).toBeLessThanOrEqual(2.5)
  })

  test('are placed closer with 1,000 iterations', () => {
    expect(meanGap(1000)).toBeLessThanOrEqual(0.6)
  })
})
