import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OrchError } from '../../src/model/error.ts'
import { overlap } from '../../src/plan/overlap.ts'
import type { Plan, Standing } from '../../src/plan/plan.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { ready } from '../../src/plan/ready.ts'
import { task } from '../../src/testing/task.ts'
import { anyPolicy, anyTasks } from './any-tasks.ts'

const own = (id: string) => ({ writes: [`${id}.ts`] })
const times = (plan: Plan) => Object.fromEntries(plan.tasks.map((one) => [one.id, [one.start, one.end]]))

test('`ready` starts what the plan starts first', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, (given, policy) => {
      // What takes no time gives its seat back at once.
      const tasks = given.map((one) => ({ ...one, minutes: one.minutes || 5 }))
      const plan = planTasks(tasks, policy)
      const now = plan.tasks.filter((one) => one.start === 0 && one.waits.length === 0).map((one) => one.id)
      expect(ready(tasks, new Map(), policy).start.map((one) => one.id)).toEqual(expect.arrayContaining(now))
    }),
    { numRuns: 1_000 },
  )
})

test('a run that starts whatever `ready` says keeps every rule and comes to an end', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, (tasks, policy) => {
      const minutes = new Map(planTasks(tasks, policy).tasks.map((one) => [one.id, one.end - one.start]))
      const ends = new Map<string, number>()
      const standing = new Map<string, Standing>()
      for (let now = 0; standing.size < tasks.length || ends.size > 0; ) {
        for (const { id } of ready(tasks, standing, policy).start) {
          standing.set(id, 'running')
          ends.set(id, now + (minutes.get(id) ?? 0))
        }
        const running = tasks.filter((one) => ends.has(one.id))
        expect(running.filter((one) => one.kind !== 'sync').length).toBeLessThanOrEqual(policy.maxAgents)
        for (const [at, one] of running.entries()) {
          expect(one.dependsOn.every((id) => standing.get(id) === 'done')).toBe(true)
          for (const other of running.slice(at + 1)) {
            expect(overlap(one.writes ?? [], other.writes ?? []).is).toBe('disjoint')
          }
        }
        expect(running).not.toEqual([])
        now = Math.min(...ends.values())
        for (const [id, end] of ends) if (end === now) standing.set(id, 'done')
        for (const [id, end] of ends) if (end === now) ends.delete(id)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('a plan keeps every rule', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, (tasks, policy) => {
      const plan = planTasks(tasks, policy)
      const slots = new Map(plan.tasks.map((one) => [one.id, one]))
      const beside = (a: string, b: string) => {
        const [one, other] = [slots.get(a), slots.get(b)]
        return one !== undefined && other !== undefined && one.start < other.end && other.start < one.end
      }
      for (const one of tasks) {
        for (const id of one.dependsOn) expect(slots.get(id)?.end).toBeLessThanOrEqual(slots.get(one.id)?.start ?? -1)
        for (const other of tasks) {
          if (one === other || !beside(one.id, other.id)) continue
          expect(overlap(one.writes ?? [], other.writes ?? []).is).toBe('disjoint')
          if (one.group !== undefined) expect(one.group).not.toBe(other.group)
        }
        const start = slots.get(one.id)?.start ?? 0
        const busy = plan.tasks.filter((other) => other.start <= start && start < other.end)
        const seats = busy.filter((other) => tasks.find((given) => given.id === other.id)?.kind !== 'sync')
        expect(seats.length).toBeLessThanOrEqual(policy.maxAgents)
      }
      expect(plan.lowerBound.minutes).toBeLessThanOrEqual(plan.makespan)
      const places = new Map(plan.mergeOrder.map((id, place) => [id, place]))
      for (const one of tasks) {
        for (const id of one.dependsOn) {
          const [before, after] = [places.get(id), places.get(one.id)]
          if (before !== undefined && after !== undefined) expect(before).toBeLessThan(after)
        }
      }
      expect(plan.batches.flatMap((batch) => batch.tasks)).toEqual(plan.tasks.map((one) => one.id))
      for (const one of plan.tasks) expect(one.start > 0 && one.waits.length === 0).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test('the first wait of a task ends when it starts, so no task could start earlier by itself', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, (tasks, policy) => {
      const plan = planTasks(tasks, policy)
      const ends = new Map(plan.tasks.map((one) => [one.id, one.end]))
      for (const one of plan.tasks) {
        const [binding] = one.waits
        if (one.start === 0) continue
        expect(binding?.for).not.toBe('batch')
        expect([one.id, binding !== undefined && 'task' in binding && ends.get(binding.task ?? '')]).toEqual([
          one.id,
          one.start,
        ])
      }
    }),
    { numRuns: 1_000 },
  )
})

test('what takes no time starts as soon as it can, though another one like it needs more than there is', () => {
  const tasks = [
    task('first', { ...own('first'), minutes: 5, group: 'g' }),
    task('long', { ...own('long'), minutes: 30, resources: { database: 2 } }),
    task('second', { ...own('second'), minutes: 0, group: 'g', layer: 'api' }),
    task('little', { ...own('little'), minutes: 0, dependsOn: ['second'], resources: { database: 1 } }),
    task('much', { ...own('much'), minutes: 0, dependsOn: ['first'], resources: { database: 2 } }),
  ]
  const plan = planTasks(tasks, { maxAgents: 2, resources: { database: 3 } })
  expect(times(plan)).toMatchObject({ second: [5, 5], little: [5, 5], much: [30, 30] })
})

test('the same tasks give the same plan, and it is plain data', () => {
  const tasks = ['a', 'b', 'c'].map((id) => task(id, own(id)))
  const plan = planTasks(tasks, { maxAgents: 2 })
  expect(planTasks(structuredClone(tasks), { maxAgents: 2 })).toEqual(plan)
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
})

test('whatever ends lets the next one start: there are no waves', () => {
  const tasks = [
    task('long', { ...own('long'), minutes: 60 }),
    task('short', { ...own('short'), minutes: 10 }),
    task('next', { ...own('next'), minutes: 10, dependsOn: ['short'] }),
  ]
  const plan = planTasks(tasks, { maxAgents: 2 })
  expect(times(plan)).toEqual({ long: [0, 60], short: [0, 10], next: [10, 20] })
  expect(plan.batches.map(({ name, tasks: ids }) => [name, ids])).toEqual([
    ['A', ['long', 'short']],
    ['B', ['next']],
  ])
  expect(plan.criticalPath).toEqual(['long'])
  expect(plan.lowerBound).toEqual({ minutes: 60, by: 'critical-path' })
})

test('what establishes a pattern merges first, after what it depends on', () => {
  const tasks = [
    task('a', { ...own('a'), minutes: 50 }),
    task('base', { ...own('base'), minutes: 10 }),
    task('style', { ...own('style'), minutes: 10, establishes: 'p', dependsOn: ['base'] }),
    task('b', { ...own('b'), minutes: 10, follows: ['p'] }),
    task('s', { kind: 'sync', dependsOn: ['b'] }),
  ]
  expect(planTasks(tasks).mergeOrder).toEqual(['base', 'style', 'a', 'b'])
})

test('the critical path goes through overlaps and seats', () => {
  const tasks = ['a', 'b', 'c'].map((id) => task(id, { writes: ['same.ts'], minutes: 10 }))
  const plan = planTasks(tasks)
  expect(plan.criticalPath).toEqual(['a', 'b', 'c'])
  expect(plan.lowerBound).toEqual({ minutes: 30, by: 'exclusive-file', name: 'same.ts' })
  const seats = planTasks(
    ['a', 'b', 'c'].map((id) => task(id, { ...own(id), minutes: 10 })),
    { maxAgents: 1 },
  )
  expect(seats.criticalPath).toEqual(['a', 'b', 'c'])
  expect(seats.lowerBound).toEqual({ minutes: 30, by: 'agents' })
})

test('closed tasks are left out, those in flight stand at the start', () => {
  const tasks = [
    task('a', own('a')),
    task('b', { ...own('b'), dependsOn: ['a'] }),
    task('c', { writes: ['b.ts'], minutes: 7 }),
  ]
  const plan = planTasks(
    tasks,
    {},
    {
      standing: new Map([
        ['a', 'done'],
        ['c', 'running'],
      ]),
    },
  )
  expect(times(plan)).toEqual({ c: [0, 7], b: [7, 37] })
  expect(plan.tasks.find((one) => one.id === 'c')?.waits).toEqual([])
})

test('what depends on a cancelled task never starts, and neither does what comes after', () => {
  const tasks = [
    task('a', { state: 'cancelled' }),
    task('b', { dependsOn: ['a'] }),
    task('c', { dependsOn: ['b'] }),
    task('d', own('d')),
  ]
  const plan = planTasks(tasks)
  expect(plan.warnings.filter((warning) => warning.code === 'never-starts').map((warning) => warning.task)).toEqual([
    'b',
    'c',
  ])
  expect(plan.mergeOrder).toEqual(['d'])
  expect(plan.tasks.map((one) => [one.id, one.batch])).toEqual([
    ['d', 'A'],
    ['b', ''],
    ['c', ''],
  ])
})

test('unknown scopes and readers beside writers are told', () => {
  const tasks = [
    task('a', { writes: ['src/**'] }),
    task('b', { writes: ['docs/b.md'], reads: ['src/*.ts'] }),
    task('c'),
  ]
  expect(planTasks(tasks).warnings.map(({ code, task: id }) => [code, id])).toEqual([
    ['unknown-scope', 'c'],
    ['reader-beside-writer', 'b'],
  ])
  expect(planTasks([task('c')], { unknownScope: 'allow' }).warnings).toEqual([])
})

test.each([
  [2, {}, 'direct'],
  [3, {}, 'single'],
  [10, {}, 'single'],
  [11, {}, 'parallel'],
  [11, { group: 'g' }, 'single'],
] as const)('%d files with %j: %s', (count, fields, mode) => {
  const tasks = Array.from({ length: count }, (_, index) => task(`t${index}`, { ...own(`t${index}`), ...fields }))
  expect(planTasks(tasks).recommendation.mode).toBe(mode)
})

test('invalid tasks are refused with every problem', () => {
  const refused = () => planTasks([{ id: 'a', dependsOn: ['x', 'y'] }])
  expect(refused).toThrow(OrchError)
  try {
    refused()
  } catch (error) {
    expect(OrchError.is(error) && [error.code, error.problems.length]).toEqual(['invalid-tasks', 2])
  }
})

test('a chain of 20,000 tasks is planned', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) =>
    task(`t${i}`, { ...own(`t${i}`), dependsOn: i === 0 ? [] : [`t${i - 1}`] }),
  )
  const plan = planTasks(chain.reverse())
  expect(plan.makespan).toBe(600_000)
  expect(plan.criticalPath).toHaveLength(20_000)
})

test('a wait for files is no wait for a seat', () => {
  const tasks = ['a', 'b'].map((id) => task(id, { writes: ['same.ts'], minutes: 10 }))
  const plan = planTasks(tasks, { maxAgents: 2 })
  expect(plan.tasks[1]?.waits).toEqual([{ for: 'overlap', task: 'a', path: 'same.ts' }])
})

test('a task that waits for landing is planned as landing at once, and what waits for it says so', () => {
  const tasks = [task('a', { writes: ['same.ts'] }), task('b', { writes: ['same.ts'], minutes: 10 })]
  const plan = planTasks(tasks, {}, { standing: new Map([['a', 'holding']]) })
  expect(times(plan)).toEqual({ a: [0, 0], b: [0, 10] })
  expect(plan.tasks[1]?.waits).toEqual([{ for: 'overlap', task: 'a', path: 'same.ts' }])
})

test('a task that starts while a whole batch runs belongs to it', () => {
  const tasks = [
    task('long', { ...own('long'), minutes: 60 }),
    task('p', { ...own('p'), minutes: 10 }),
    task('q', { ...own('q'), minutes: 15 }),
    task('r', { ...own('r'), minutes: 40, dependsOn: ['p'] }),
    task('s', { ...own('s'), minutes: 25, dependsOn: ['q'] }),
  ]
  expect(planTasks(tasks, { maxAgents: 3 }).batches.map((batch) => batch.tasks)).toEqual([
    ['long', 'p', 'q'],
    ['r', 's'],
  ])
})
