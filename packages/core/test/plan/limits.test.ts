import { describe, expect, test } from 'vitest'
import { explain } from '../../src/plan/explain.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { ready } from '../../src/plan/ready.ts'
import { task } from '../../src/testing/task.ts'

const own = (id: string) => ({ writes: [`${id}.ts`], minutes: 10 })
const starts = (plan: Plan) => Object.fromEntries(plan.tasks.map((one) => [one.id, one.start]))

describe('a limit', () => {
  const tasks = [
    task('ios-1', { ...own('ios-1'), layer: 'ios' }),
    task('ios-2', { ...own('ios-2'), layer: 'ios' }),
    task('api-1', { ...own('api-1'), layer: 'api' }),
  ]
  const policy = { limits: { layers: { ios: 1 } } }

  test('of a layer lets tasks of others run beside it, and says so', () => {
    const plan = planTasks(tasks, policy)
    expect(starts(plan)).toEqual({ 'ios-1': 0, 'ios-2': 10, 'api-1': 0 })
    expect(explain(plan, 'ios-2')).toBe('ios-2 waits for ios-1: only 1 of the layer ios may run')
    expect(plan.lowerBound).toEqual({ minutes: 20, by: 'limit', name: 'ios' })
  })

  test('holds for what is started', () => {
    const now = ready(tasks, new Map(), policy)
    expect(now.start.map((one) => one.id).sort()).toEqual(['api-1', 'ios-1'])
    expect(now.waits.get('ios-2')).toEqual([{ for: 'limit', of: 'layer', name: 'ios', limit: 1, task: 'ios-1' }])
  })

  test('counts what runs already, and not what only keeps its files', () => {
    expect(ready(tasks, new Map([['ios-1', 'running']]), policy).waits.has('ios-2')).toBe(true)
    expect(ready(tasks, new Map([['ios-1', 'holding']]), policy).waits.has('ios-2')).toBe(false)
  })

  test.each(['role', 'feature'] as const)('can be of a %s', (field) => {
    const some = ['a', 'b'].map((id) => task(id, { ...own(id), [field]: 'x' }))
    const plan = planTasks(some, { limits: { [`${field}s`]: { x: 1 } } })
    expect(explain(plan, 'b')).toBe(`b waits for a: only 1 of the ${field} x may run`)
  })

  test('has no name in common with what every object has', () => {
    const some = ['a', 'b'].map((id) => task(id, { ...own(id), layer: 'constructor', role: '__proto__' }))
    expect(starts(planTasks(some, { limits: { layers: {} } }))).toEqual({ a: 0, b: 0 })
  })
})

describe('a resource', () => {
  const using = (id: string, units: number) => task(id, { ...own(id), resources: { 'test-db': units } })

  test('is shared as far as it goes', () => {
    const plan = planTasks([using('a', 2), using('b', 2), using('c', 1)], { resources: { 'test-db': 3 } })
    expect(starts(plan)).toEqual({ a: 0, b: 10, c: 0 })
    expect(explain(plan, 'b')).toBe('b waits for a: only 3 of the resource test-db')
  })

  test('that the policy does not name has one unit', () => {
    expect(starts(planTasks([using('a', 1), using('b', 1)]))).toEqual({ a: 0, b: 10 })
    const now = ready([using('a', 1), using('b', 1)], new Map())
    expect(now.waits.get('b')).toEqual([{ for: 'limit', of: 'resource', name: 'test-db', limit: 1, task: 'a' }])
  })

  test('of which a task asks for more than there is, is refused by a plan and waited for by a run', () => {
    expect(() => planTasks([using('a', 2)])).toThrow(/asks for 2 of the resource test-db/)
    expect(ready([using('a', 2)], new Map()).waits.get('a')).toEqual([
      { for: 'limit', of: 'resource', name: 'test-db', limit: 1, task: null },
    ])
  })
})

test('changes that wait to land count as open reviews until they have', () => {
  const tasks = ['a', 'b', 'c'].map((id) => task(id, own(id)))
  const policy = { maxOpenReviews: 1 }
  expect(ready(tasks, new Map([['a', 'holding']]), policy).start).toEqual([])
  expect(ready(tasks, new Map([['a', 'done']]), policy).start.map((one) => one.id)).toEqual(['b'])
  const plan = planTasks(tasks, policy)
  expect(plan.makespan).toBe(30)
  expect(explain(plan, 'b')).toBe('b waits for a: only 1 change may be under way or wait to land')
})

test('of a shared file never two tasks write, even where they name different files of it', () => {
  const tasks = [
    task('users', { writes: ['prisma/users.prisma', 'src/users/**'], minutes: 10 }),
    task('posts', { writes: ['prisma/posts.prisma', 'src/posts/**'], minutes: 10 }),
    task('docs', { writes: ['docs/**'], minutes: 10 }),
  ]
  const policy = { sharedFiles: ['prisma/**'] }
  const plan = planTasks(tasks, policy)
  expect(starts(plan)).toEqual({ posts: 0, users: 10, docs: 0 })
  expect(explain(plan, 'users')).toBe('users waits for posts: one task at a time writes prisma/**')
  expect(ready(tasks, new Map([['posts', 'holding']]), policy).waits.get('users')).toEqual([
    { for: 'shared-file', name: 'prisma/**', task: 'posts' },
  ])
})

test('a reader waits for a writer only where the policy says so', () => {
  const tasks = [
    task('write', { writes: ['src/api.ts'], minutes: 10 }),
    task('read', { writes: ['docs/api.md'], reads: ['src/**'], minutes: 5 }),
  ]
  const beside = planTasks(tasks)
  expect(starts(beside)).toEqual({ write: 0, read: 0 })
  expect(beside.warnings).toMatchObject([{ code: 'reader-beside-writer', task: 'read' }])
  const apart = planTasks(tasks, { readsBlock: true })
  expect(apart.makespan).toBe(15)
  expect(apart.warnings).toEqual([])
  const [, second] = apart.tasks
  expect(second?.waits).toEqual([{ for: 'reads', task: apart.tasks[0]?.id, path: 'src/api.ts' }])
})

test('a plan tells which part of their time agents work', () => {
  const tasks = [
    task('a', { ...own('a'), minutes: 20 }),
    task('b', own('b')),
    task('c', { ...own('c'), kind: 'manual' }),
  ]
  expect(planTasks(tasks, { maxAgents: 2 }).utilisation).toBe(0.75)
  expect(planTasks([]).utilisation).toBe(0)
})

test('strict batches start together, and say what they wait for', () => {
  const tasks = [
    task('long', { ...own('long'), minutes: 60 }),
    task('short', own('short')),
    task('next', { ...own('next'), dependsOn: ['short'] }),
  ]
  const plan = planTasks(tasks, { maxAgents: 2 }, { barriers: true })
  expect(starts(plan)).toEqual({ long: 0, short: 0, next: 60 })
  expect(explain(plan, 'next')).toBe('next waits for long: the batch before ends with it')
})
