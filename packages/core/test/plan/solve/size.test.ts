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

/** `size` tasks of which no two demand the same. */
function unlike(size: number): Project {
  return projectOf({
    minutes: Array.from({ length: size }, (_, task) => 1 + (task % 7)),
    capacities: [100_000, 100_000],
    demands: Array.from({ length: size }, (_, task) => [
      [0, 5000 + ((task * 7919) % 10_007)],
      [1, 5000 + ((task * 31_607) % 10_009)],
    ]),
  })
}

/** How many times longer the second takes; the shortest of some runs, as whatever else the machine does makes a run only longer. */
function growth(one: Project, other: Project): number {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let turn = 0; turn < 10; turn++) {
    for (const [index, project] of [one, other].entries()) {
      const started = performance.now()
      solve(project)
      least[index] = Math.min(least[index] ?? 0, performance.now() - started)
    }
  }
  return (least[1] ?? 0) / (least[0] ?? 0)
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
    ['tasks that all demand something else', unlike],
    ['tasks that exclude each other', (size: number) => narrow(size, 'class')],
  ])('takes not much more than twice as long for twice as many %s', { retry: 2 }, (_, projectOfSize) => {
    expect(growth(projectOfSize(10_000), projectOfSize(20_000))).toBeLessThan(4)
  })
})
