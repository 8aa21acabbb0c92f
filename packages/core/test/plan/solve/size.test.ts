import { describe, expect, test } from 'vitest'
import type { Project } from '../../../src/plan/project.ts'
import { solve } from '../../../src/plan/solve/solve.ts'
import { projectOf } from './projects.ts'

/** `size` tasks that each wait for five of the 2,000 before, for 16 seats. */
function large(size: number): Project {
  return projectOf({
    minutes: Array.from({ length: size }, (_, task) => 1 + ((task * 7919) % 60)),
    before: Array.from({ length: size }, (_, task) =>
      task < 2000 ? [] : [1, 2, 3, 4, 5].map((turn) => task - 1 - ((task * 31 * turn + turn) % 2000)),
    ).map((row) => [...new Set(row)]),
    capacities: [16],
    demands: Array.from({ length: size }, () => [[0, 1]]),
  })
}

/** `size` tasks of one minute; all need a seat, and one by one something that there is once. */
function narrow(size: number, by: 'resource' | 'class'): Project {
  return projectOf({
    minutes: Array.from({ length: size }, () => 1),
    capacities: by === 'resource' ? [16, 1] : [16],
    demands: Array.from({ length: size }, () => (by === 'resource' ? [[0, 1] as const, [1, 1] as const] : [[0, 1]])),
    ...(by === 'class' ? { classes: Array.from({ length: size }, () => 0), excludes: [[0]] } : {}),
  })
}

/** The shortest of some runs: whatever else the machine does makes a run only longer. */
function time(project: Project): number {
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 7; turn++) {
    const started = performance.now()
    solve(project)
    least = Math.min(least, performance.now() - started)
  }
  return least
}

describe('a project of many tasks', () => {
  test('may be one long chain', () => {
    const project = projectOf({
      minutes: Array.from({ length: 20_000 }, () => 1),
      before: Array.from({ length: 20_000 }, (_, task) => (task === 0 ? [] : [task - 1])),
    })
    expect(solve(project, { iterations: 5 }).makespan).toBe(20_000)
  })

  test('may be one wide fan', () => {
    const fan = Array.from({ length: 2000 }, (_, task) => task + 1)
    const project = projectOf({
      minutes: [1, ...fan.map(() => 1), 1],
      before: [[], ...fan.map(() => [0]), fan],
      capacities: [4],
      demands: [[], ...fan.map(() => [[0, 1] as const]), []],
    })
    expect(solve(project, { iterations: 5 }).makespan).toBe(502)
  })

  test.each([
    ['tasks and dependencies', large],
    ['tasks that wait for one thing', (size: number) => narrow(size, 'resource')],
    ['tasks that exclude each other', (size: number) => narrow(size, 'class')],
  ])('takes not much more than twice as long for twice as many %s', (_, projectOfSize) => {
    expect(time(projectOfSize(20_000)) / time(projectOfSize(10_000))).toBeLessThan(4)
  })
})
