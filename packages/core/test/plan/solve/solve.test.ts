import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Project } from '../../../src/plan/project.ts'
import { instanceOf, reverse } from '../../../src/plan/solve/instance.ts'
import { lowerBound } from '../../../src/plan/solve/lower-bound.ts'
import { solve } from '../../../src/plan/solve/solve.ts'
import { anyProject, earlier, faults, projectOf } from './projects.ts'

function boundOf(project: Project): number {
  const instance = instanceOf(project)
  return lowerBound(instance, reverse(instance))
}

const effort = { iterations: 60, seed: 7 }

describe('any project', () => {
  test('is placed within its rules', () => {
    fc.assert(
      fc.property(anyProject(), (project) => {
        expect(faults(project, solve(project))).toEqual([])
        expect(faults(project, solve(project, effort))).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('is placed within its rules where all priorities are equal', () => {
    fc.assert(
      fc.property(anyProject({ priorities: false, most: 20 }), (project) => {
        expect(faults(project, solve(project))).toEqual([])
        expect(faults(project, solve(project, effort))).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('is placed in the same way every time', () => {
    fc.assert(
      fc.property(anyProject(), (project) => {
        expect(solve(project)).toEqual(solve(project))
        expect(solve(project, effort)).toEqual(solve(project, effort))
      }),
    )
  })

  test('never gets longer by effort, and never shorter than its bound', () => {
    fc.assert(
      fc.property(anyProject({ priorities: false }), (project) => {
        const some = solve(project, effort).makespan
        expect(some).toBeLessThanOrEqual(solve(project).makespan)
        expect(some).toBeGreaterThanOrEqual(boundOf(project))
      }),
      { numRuns: 300 },
    )
  })

  test('has no task that could start earlier', () => {
    fc.assert(
      fc.property(anyProject({ most: 10 }), fc.nat(9), (project, task) => {
        fc.pre(task < project.size && !project.begun.includes(task))
        expect(earlier(project, solve(project), task)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('has no task that could start earlier where all priorities are equal', () => {
    fc.assert(
      fc.property(anyProject({ most: 10, priorities: false }), fc.nat(9), (project, task) => {
        fc.pre(task < project.size && !project.begun.includes(task))
        expect(earlier(project, solve(project), task)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('is placed though nobody waits for the answer any more', () => {
    fc.assert(
      fc.property(anyProject(), (project) => {
        expect(faults(project, solve(project, { iterations: 100_000, signal: AbortSignal.abort() }))).toEqual([])
      }),
    )
  })

  test('is placed as well as it was when nobody waited any more', () => {
    fc.assert(
      fc.property(anyProject(), fc.nat(100), (project, looks) => {
        let left = looks
        const signal = {
          get aborted() {
            return left-- <= 0
          },
        } as AbortSignal
        const timetable = solve(project, { iterations: 60, signal })
        expect(faults(project, timetable)).toEqual([])
        expect(timetable.makespan).toBeGreaterThanOrEqual(solve(project, { iterations: 60 }).makespan)
      }),
    )
  })

  test('lets nobody overtake one of lower priority number in the queue for a seat', () => {
    const task = fc.record({
      minutes: fc.integer({ min: 1, max: 9 }),
      before: fc.array(fc.nat(1000), { maxLength: 2 }),
      priority: fc.nat(3),
      // What takes no seat may be worth hurrying for, but not by overtaking.
      seat: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(task, { maxLength: 12 }), (tasks) => {
        const before = tasks.map((one, index) => (index === 0 ? [] : [...new Set(one.before.map((on) => on % index))]))
        const project = projectOf({
          minutes: tasks.map((one) => one.minutes),
          before,
          capacities: [1],
          demands: tasks.map((one) => (one.seat ? [[0, 1]] : [])),
          priority: tasks.map((one) => one.priority),
        })
        for (const { start } of [solve(project), solve(project, effort)]) {
          const ready = before.map((row) =>
            Math.max(0, ...row.map((on) => (start[on] ?? 0) + (tasks[on]?.minutes ?? 0))),
          )
          for (const [one, { priority, seat }] of tasks.entries()) {
            for (const [other, rival] of tasks.entries()) {
              if (!seat || !rival.seat || rival.priority >= priority || (ready[other] ?? 0) > (start[one] ?? 0))
                continue
              expect(start[other]).toBeLessThan(start[one] ?? 0)
            }
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a project', () => {
  test('of nothing takes no time', () => {
    expect(solve(projectOf({ minutes: [] }))).toEqual({ start: new Float64Array(), makespan: 0 })
  })

  test('starts what has begun at once, though it waits, excludes and takes too much', () => {
    const project = projectOf({
      minutes: [5, 3, 2, 1],
      before: [[], [0], [], [1]],
      capacities: [1],
      demands: [[[0, 1]], [[0, 1]], [[0, 1]], [[0, 1]]],
      classes: [0, 0, 0, -1],
      excludes: [[0]],
      begun: [0, 1],
    })
    const { start, makespan } = solve(project, effort)
    expect([...start]).toEqual([0, 0, 5, 7])
    expect(makespan).toBe(8)
  })

  test('is known to take as many rounds as its tasks need on few seats', () => {
    const seats = (minutes: number[], units: number[], capacity: number) =>
      projectOf({ minutes, capacities: [capacity], demands: units.map((unit) => [[0, unit]]) })
    expect(boundOf(seats([30, 30, 30, 30, 30], [1, 1, 1, 1, 1], 4))).toBe(60)
    expect(boundOf(seats([9, 5, 4, 3], [1, 1, 1, 1], 2))).toBe(11)
    expect(boundOf(seats([6, 6, 5, 4], [2, 2, 2, 3], 5))).toBe(11)
  })

  test('goes by rank where everything else is equal', () => {
    const project = projectOf({
      minutes: [1, 1, 1],
      capacities: [1],
      demands: [[[0, 1]], [[0, 1]], [[0, 1]]],
      rank: [1, 2, 0],
    })
    expect([...solve(project).start]).toEqual([1, 2, 0])
  })

  test('lets tasks of no time touch, but not happen inside of what excludes them', () => {
    const project = projectOf({
      minutes: [0, 4, 0, 2],
      before: [[], [], [3], []],
      classes: [0, 0, 0, -1],
      excludes: [[0]],
    })
    const { start } = solve(project)
    expect([...start]).toEqual([0, 0, 4, 0])
  })
})
