import { expect, test } from 'vitest'
import type { Task } from '../../src/model/task.ts'
import { independentParts } from '../../src/plan/coupling.ts'
import type { PlanPolicy } from '../../src/plan/plan.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { recommend } from '../../src/plan/recommendation.ts'
import { task } from '../../src/testing/task.ts'

const advice = (tasks: readonly Task[], policy: PlanPolicy = {}) =>
  recommend(tasks, planTasks(tasks, policy).batches, policy.maxAgents ?? 3, policy)
const files = (count: number) =>
  Array.from({ length: count }, (_, index) => task(`t${index}`, { writes: [`t${index}.ts`] }))

test('the thresholds are those of the policy', () => {
  expect(advice(files(5), { worth: { direct: 5 } })).toEqual({
    mode: 'direct',
    reason: '5 files or folders are declared: do it directly, agents are not worth their start',
  })
  expect(advice(files(5), { worth: { direct: 0, single: 4 } })).toEqual({
    mode: 'parallel',
    reason: '5 files or folders are declared in 5 parts: up to 3 tasks run side by side',
  })
  expect(advice(files(12), { worth: { single: 12 } }).mode).toBe('single')
  expect(advice(files(12)).mode).toBe('parallel')
})

test('tasks whose files overlap are for one agent, directly or through others', () => {
  const chained = files(12).map((one, index) => task(one.id, { writes: [`f${index}.ts`, `f${index + 1}.ts`] }))
  expect(advice(chained)).toEqual({
    mode: 'single',
    reason:
      '13 files or folders are declared, but the tasks are tightly coupled, their files all overlap: one agent does it',
  })
  const halves = chained.map((one, index) =>
    task(one.id, { writes: one.writes?.map((path) => `${index < 6 ? 'a' : 'b'}/${path}`) ?? [] }),
  )
  expect(advice(halves).reason).toContain('14 files or folders are declared in 2 parts')
  expect(advice([...files(12), task('all', { writes: ['**', '!docs/**'] })]).mode).toBe('single')
  expect(advice([...chained, task('unknown')]).mode).toBe('parallel')
  expect(advice(files(12), { maxAgents: 1 }).reason).toContain('only one agent may run')
})

test('what is taken out of a scope couples nobody', () => {
  const parts = (...scopes: readonly (readonly string[])[]) =>
    independentParts(
      scopes.map((writes, index) => task(`t${index}`, { writes })),
      {},
    )
  expect(parts(['s?', '!s[a-m]'], ['s?', '!s[^a-m]'])).toBe(2)
  expect(parts(['s?', '!s[a-m]'], ['s?'], ['c'], [])).toBe(2)
})

test('ten thousand tasks are counted', () => {
  const tasks = Array.from({ length: 10_000 }, (_, index) =>
    task(`t${index}`, { writes: [`src/part${index % 500}/**`, `src/part${index % 500}/t${index}.ts`] }),
  )
  const batches = [{ name: 'A', tasks: ['t0', 't1'], reason: '' }]
  expect(recommend(tasks, batches, 3).reason).toContain(' in 500 parts')
})

test('tasks that share patterns are one part, however many of their patterns would have to be compared', () => {
  const tasks = Array.from({ length: 1000 }, (_, index) =>
    task(`t${index}`, {
      writes: [`src/*/t${index}.md`, `src/row${index % 40}/*.ts`, `src/column${Math.floor(index / 40)}/*.ts`],
    }),
  )
  expect(independentParts(tasks, {})).toBe(1)
})
