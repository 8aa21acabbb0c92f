import { expect, test } from 'vitest'
import type { Task } from '../../src/model/task.ts'
import type { Standing } from '../../src/plan/plan.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { ready } from '../../src/plan/ready.ts'
import { task } from '../../src/testing/task.ts'

const own = (id: string) => ({ writes: [`${id}.ts`], minutes: 10 })
const standing = (given: Record<string, Standing>) => ({ standing: new Map(Object.entries(given)) })

test('`ready` does not depend on what it was asked before', () => {
  const tasks = (urgent: string) =>
    [5, 40, 20, 35, 10, 25].map((minutes, index) =>
      task(`t${index}`, { writes: [`f${index % 3}`], minutes, priority: `t${index}` === urgent ? 0 : 1 }),
    )
  const ranks = (list: readonly Task[]) => Object.fromEntries(ready(list, new Map(), { maxAgents: 2 }).rank)
  const ids = ['none', ...tasks('').map((one) => one.id)]
  for (const now of ids) {
    ready([task('other')], new Map())
    const fresh = ranks(tasks(now))
    for (const before of ids) {
      ready([task('other')], new Map())
      ranks(tasks(before))
      expect(ranks(tasks(now))).toEqual(fresh)
    }
  }
})

test('a list that grows between two calls is looked at anew', () => {
  const tasks = [task('a', { writes: ['x'] })]
  expect(ready(tasks, new Map()).start).toHaveLength(1)
  tasks.push(task('b', { writes: ['x'] }))
  expect(ready(tasks, new Map()).start).toHaveLength(1)
})

test('a circle, a number that is none and a double id do not keep the others of a queue from starting', () => {
  const circle = [task('a', { dependsOn: ['b'] }), task('b', { dependsOn: ['a'] })]
  const odd = [task('n', { minutes: Number.NaN }), task('i', { minutes: Number.POSITIVE_INFINITY }), task('n')]
  const now = ready([...circle, ...odd], new Map(), { maxAgents: 9 })
  expect(now.start.map((one) => one.id).sort()).toEqual(['i', 'n', 'n'])
  expect(now.waits.get('a')).toEqual([{ for: 'dependency', task: 'b' }])
})

test('estimates whose sum is no number are planned all the same', () => {
  const tasks = Array.from({ length: 8 }, (_, index) =>
    task(`t${index}`, { writes: [`f${index % 2}`], minutes: index % 3 === 1 ? 5 : Number.MAX_VALUE }),
  )
  const plan = planTasks(tasks, { maxAgents: 2 })
  expect(plan.tasks.every((one) => Number.isFinite(one.end))).toBe(true)
  expect(plan.utilisation).toBeGreaterThan(0)
})

test('fractions of a resource add up to all of it', () => {
  const tasks = ['a', 'b', 'c'].map((id) => task(id, { ...own(id), resources: { r: 0.1 } }))
  const policy = { maxAgents: 9, resources: { r: 0.3 } }
  expect(planTasks(tasks, policy).makespan).toBe(10)
  expect(ready(tasks, new Map(), policy).start).toHaveLength(3)
  const more = [...tasks, task('d', { ...own('d'), resources: { r: 0.1 } })]
  expect(ready(more, new Map(), policy).waits.get('d')).toMatchObject([{ for: 'limit', name: 'r', limit: 0.3 }])
})

test('fractions that were given back leave room for a task that needs everything', () => {
  const using = (id: string, minutes: number, units: number, priority: number) =>
    task(id, { ...own(id), minutes, priority, resources: { r: units } })
  const tasks = [using('a', 7, 0.3, 0), using('b', 9, 0.9, 1), using('c', 9, 0.1, 2), using('d', 9, 0.7, 3)]
  const plan = planTasks([...tasks, using('all', 10, 1, 9)], { maxAgents: 9, resources: { r: 1 } })
  const all = plan.tasks.find((one) => one.id === 'all')
  const beside = plan.tasks.filter((one) => one.end > (all?.start ?? 0) && one.start < (all?.end ?? 0))
  expect(beside.map((one) => one.id)).toEqual(['all'])
})

test('what waits to land keeps only those back that need what it has', () => {
  const tasks = [task('a', { writes: ['a.ts'] }), task('b', own('b')), task('c', own('a'))]
  const waits = (policy: object) =>
    Object.fromEntries(planTasks(tasks, policy, standing({ a: 'holding' })).tasks.map((one) => [one.id, one.waits]))
  expect(waits({})).toEqual({ a: [], b: [], c: [{ for: 'overlap', task: 'a', path: 'a.ts' }] })
  expect(waits({ maxOpenReviews: 1 }).b).toEqual([{ for: 'reviews', limit: 1, task: 'a' }])
})

test('a lower bound is not above the makespan, where more runs already than may be started', () => {
  const tasks = ['a', 'b'].map((id) => task(id, { writes: ['x'], minutes: 10 }))
  const plan = planTasks(tasks, { maxAgents: 1 }, standing({ a: 'running', b: 'running' }))
  expect(plan).toMatchObject({ makespan: 10, lowerBound: { minutes: 10 }, utilisation: 1 })
})

test('a lower bound counts no task twice', () => {
  const tasks = [task('a', { writes: ['./a.ts', '*.ts'], minutes: 10 })]
  expect(planTasks(tasks).lowerBound.minutes).toBe(10)
  expect(planTasks(tasks, { sharedFiles: ['a.ts', 'a.ts'] }).lowerBound.minutes).toBe(10)
})

test.each(['running', 'holding'] as const)('of a group nothing starts while a later member is %s', (stands) => {
  const tasks = ['a', 'b', 'c', 'd'].map((id) => task(id, { ...own(id), group: 'g' }))
  const options = standing({ b: stands, c: 'running' })
  const now = ready(tasks, options.standing)
  expect(now.start).toEqual([])
  expect(now.waits.get('a')).toEqual([
    { for: 'group', task: 'b' },
    { for: 'group', task: 'c' },
  ])
  const plan = planTasks(tasks, {}, options)
  expect(plan.tasks.filter((one) => one.start > 0).map((one) => [one.id, one.start])).toEqual([
    ['a', 10],
    ['d', 20],
  ])
})
