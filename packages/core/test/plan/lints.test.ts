import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Task } from '../../src/model/task.ts'
import { lintsOf } from '../../src/plan/lints.ts'
import type { PlanPolicy } from '../../src/plan/plan.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { task } from '../../src/testing/task.ts'
import { anyPolicy, anyTasks } from './any-tasks.ts'

const lints = (tasks: readonly Task[], policy: PlanPolicy = {}) => {
  const found = lintsOf(tasks, planTasks(tasks, policy), policy)
  return found.map(({ code, task: id, message }) => `${code} ${id}: ${message}`)
}
const own = (id: string) => ({ writes: [`${id}/**`] })
const many = (count: number, fields: (id: string, index: number) => Partial<Task>) =>
  Array.from({ length: count }, (_, index) => task(`t${index}`, fields(`t${index}`, index)))

test('a plan that uses what it has is left alone', () => {
  expect(lints(many(6, own))).toEqual([])
  expect(lints([task('a', own('a'))], { maxAgents: 5 })).toEqual([])
  expect(lints([])).toEqual([])
})

test('agents that never have work at the same time', () => {
  const pairs = many(6, (id, index) => ({ ...own(id), ...(index < 2 ? {} : { dependsOn: [`t${index - 2}`] }) }))
  expect(lints(pairs, { maxAgents: 3 })).toEqual([
    'idle-agents t0: no more than 2 agents have work at once (t0 and t1): set maxAgents to 2 instead of 3, or let tasks wait for less',
  ])
  expect(lints(pairs, { maxAgents: 2 })).toEqual([])
  const chain = many(4, (id, index) => ({ ...own(id), ...(index === 0 ? {} : { dependsOn: [`t${index - 1}`] }) }))
  expect(lints(chain, { maxAgents: 2 })).toEqual([
    'idle-agents t0: no more than 1 agent has work at once (t0): set maxAgents to 1 instead of 2, or let tasks wait for less',
  ])
  const short = [...many(2, own), ...['x', 'y'].map((id) => task(id, { ...own(id), minutes: 0 }))]
  expect(lints(short, { maxAgents: 3 })).toHaveLength(1)
})

test('agents are called idle only where the plan never needs them', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, (drawn, policy) => {
      const tasks = drawn.map((one) => task(one.id, { ...one, minutes: Math.max(5, one.minutes ?? 5) }))
      lintsOf(drawn, planTasks(drawn, policy), policy)
      const plan = planTasks(tasks, policy)
      for (const { code, task: id, message } of lintsOf(tasks, plan, policy)) {
        expect(tasks.map((one) => one.id)).toContain(id)
        if (code !== 'idle-agents') continue
        const enough = Number(/set maxAgents to (\d+) instead of/.exec(message)?.[1])
        expect(enough).toBeLessThan(policy.maxAgents)
        const seated = plan.tasks.filter((one) => tasks.find((other) => other.id === one.id)?.kind !== 'sync')
        const together = seated.map(
          ({ start }) => seated.filter((other) => other.start <= start && start < other.end).length,
        )
        expect(Math.max(...together)).toBe(enough)
      }
    }),
    { numRuns: 1_000 },
  )
  expect(
    lints(
      many(6, (id) => ({ ...own(id), minutes: 0 })),
      { maxAgents: 3 },
    ),
  ).toEqual([])
})

test('one task that holds everybody up', () => {
  const tasks = [
    task('scaffold', { ...own('scaffold'), minutes: 20 }),
    task('schema', { ...own('schema'), minutes: 90, dependsOn: ['scaffold'] }),
    task('merge', { kind: 'sync', minutes: 200, dependsOn: ['schema'] }),
    ...many(4, (id) => ({ ...own(id), dependsOn: ['merge'] })),
    task('apart', own('apart')),
  ]
  expect(lints(tasks, { maxAgents: 4 })).toEqual([
    'bottleneck schema: 5 of 7 other tasks wait for schema, which takes 90 minutes of the critical path: split it, or let them wait for less of it',
  ])
  const aside = [...many(7, own), task('late', { ...own('late'), minutes: 500, dependsOn: ['t0'] })]
  expect(lints(aside, { maxAgents: 3 })).toEqual([])
  const shorter = [
    task('base', { ...own('base'), minutes: 10 }),
    ...many(5, (id) => ({ ...own(id), minutes: 1, dependsOn: ['base'] })),
    task('long', { ...own('long'), minutes: 500 }),
  ]
  expect(lints(shorter, { maxAgents: 3 })).toEqual([])
})

test('a scope so wide that most others cannot run beside it', () => {
  const tasks = [
    task('rename', { writes: ['src/**'] }),
    ...many(5, (id) => ({ writes: [`src/${id}.ts`] })),
    task('docs', { writes: ['docs/**'] }),
  ]
  expect(lints(tasks)).toEqual([
    'wide-scope rename: rename may write src/**, so 5 of 6 other tasks cannot run beside it: name fewer files',
  ])
  const inOrder = tasks.map((one) => (one.id.startsWith('t') ? task(one.id, { ...one, dependsOn: ['rename'] }) : one))
  expect(lints(inOrder).filter((text) => text.startsWith('wide-scope'))).toEqual([])
  expect(
    lints(
      many(5, () => ({ writes: ['src/index.ts'] })),
      { maxAgents: 1 },
    ),
  ).toEqual([])
  expect(
    lints(
      many(5, () => ({ writes: ['src/'] })),
      { maxAgents: 1 },
    ),
  ).toEqual([
    'wide-scope t0: t0, t1, t2 and 2 more may write src/, so 4 of 4 other tasks cannot run beside them: name fewer files',
  ])
})

test('layers that share a contract without a sync point', () => {
  const api = task('api', { layer: 'api', writes: ['contracts/api.yaml', 'server/**'] })
  const ios = task('ios', { layer: 'ios', writes: ['app/**'], reads: ['contracts/**'] })
  const found = [
    'no-sync-point api: api (api) and ios (ios) share contracts/api.yaml, and nothing brings them together: add a sync point that waits for both',
  ]
  expect(lints([api, ios])).toEqual(found)
  expect(lints([api, ios, task('merge', { kind: 'sync', dependsOn: ['api', 'ios'] })])).toEqual([])
  expect(lints([api, ios, task('merge', { kind: 'sync', dependsOn: ['api'] })])).toEqual(found)
  expect(
    lints([api, task('ios', { ...ios, dependsOn: ['x'] }), task('x', { ...own('x'), dependsOn: ['api'] })]),
  ).toEqual([])
  expect(lints([task('api', { ...api, dependsOn: ['ios'] }), ios])).toEqual([])
  expect(lints([api, task('ios', { ...ios, layer: 'api' })])).toEqual([])
  expect(lints([api, task('ios', { ...ios, reads: ['contracts/**', '!contracts/api.yaml'] })])).toEqual([])
  expect(lints([api, ios].map((one) => task(one.id, { ...one, group: 'contract' })))).toEqual([])
  const readers = [task('api', { ...api, writes: ['server/**'], reads: ['contracts/**'] }), ios]
  expect(lints(readers)).toEqual([])
  expect(lints([api, ios, task('second', { layer: 'ios', writes: ['contracts/api.yaml'] })])).toHaveLength(1)
})

test('ten thousand tasks are looked through', () => {
  const tasks = many(10_000, (id, index) => ({
    layer: `layer${index % 5}`,
    writes: [index % 100 === 0 ? `src/part${index}/**` : `src/part${index % 1000}/${id}.ts`, 'shared/contract.yaml'],
    ...(index < 10 ? {} : { dependsOn: [`t${index - 10}`, `t${index - (index % 10)}`].filter((on) => on !== id) }),
  }))
  const plan = {
    tasks: tasks.map(({ id, title }, index) => ({ id, title, start: index, end: index + 7, batch: 'A', waits: [] })),
    criticalPath: tasks.map(({ id }) => id),
    maxAgents: 10,
  }
  expect(lintsOf(tasks, plan).map(({ code }) => code)).toContain('idle-agents')
})
