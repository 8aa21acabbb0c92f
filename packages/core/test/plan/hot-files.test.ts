import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/plan/explain.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { ready } from '../../src/plan/ready.ts'
import { scoreScopes } from '../../src/plan/score-scopes.ts'
import { task } from '../../src/testing/task.ts'
import { anyPolicy, anyTasks } from './any-tasks.ts'

const hotFiles = { union: ['CHANGELOG.md'], regenerate: [{ files: ['**/HISTORY.md'], command: 'make' }] }
const two = (one: readonly string[], other: readonly string[]) => [
  task('one', { writes: one, minutes: 10 }),
  task('other', { writes: other, minutes: 10 }),
]

describe('two tasks', () => {
  test.each<[string, string[], string[]]>([
    ['both write a hot file beside their own', ['a/**', 'CHANGELOG.md'], ['b/**', 'CHANGELOG.md']],
    ['write nothing but a hot file', ['CHANGELOG.md'], ['CHANGELOG.md']],
    ['write a hot file that a pattern names', ['HISTORY.md'], ['**/HISTORY.md']],
    ['meet in a hot file of a folder', ['a/**'], ['a/HISTORY.md', 'b']],
    ['meet in hot files through patterns', ['**/HISTORY.md', 'a'], ['HIST*', 'b']],
  ])('that %s run side by side', (_, one, other) => {
    const tasks = two(one, other)
    expect(planTasks(tasks).makespan).toBe(20)
    const plan = planTasks(tasks, { hotFiles })
    expect([plan.makespan, explain(plan, 'other')]).toEqual([10, 'other starts at once'])
    expect(ready(tasks, new Map([['one', 'running']]), { hotFiles }).start.map(({ id }) => id)).toEqual(['other'])
    expect(plan.lowerBound.minutes).toBe(10)
  })

  test('that meet elsewhere, too, wait for each other, and the file that is not hot is named', () => {
    const plan = planTasks(two(['a/x.ts', '*.md'], ['a/*', '*.md']), { hotFiles: { union: ['*.md'] } })
    expect(explain(plan, 'other')).toBe('other waits for one: both may write a/x.ts')
  })

  test('of which one reads a hot file that the other writes are neither kept apart nor warned of', () => {
    const tasks = [task('one', { writes: ['CHANGELOG.md'] }), task('other', { writes: ['b'], reads: ['CHANGELOG.md'] })]
    for (const readsBlock of [true, false]) {
      const plan = planTasks(tasks, { hotFiles, readsBlock })
      expect([plan.makespan, plan.warnings.map(({ code }) => code)]).toEqual([30, []])
    }
  })

  test('run alone all the same when nobody knows the files of one of them and the policy says so', () => {
    const tasks = [task('one', { writes: ['CHANGELOG.md'], minutes: 10 }), task('other', { minutes: 10 })]
    expect(planTasks(tasks, { hotFiles, unknownScope: 'alone' }).makespan).toBe(20)
  })

  test('of two layers need no sync point for a hot file', () => {
    const tasks = ['api', 'ios'].map((layer) => task(layer, { layer, writes: [`${layer}/**`, 'CHANGELOG.md'] }))
    const codes = (policy: object) => planTasks(tasks, policy).warnings.map(({ code }) => code)
    expect([codes({}).includes('no-sync-point'), codes({ hotFiles })]).toEqual([true, []])
  })

  test('that changed a hot file together are no pair that should have been kept apart', () => {
    const done = ['a', 'b'].map((id) => ({ id, writes: [id, 'CHANGELOG.md'], changed: [id, 'CHANGELOG.md'] }))
    expect(scoreScopes(done)).toMatchObject({ needed: 1, needless: [], missed: [] })
    expect(scoreScopes(done, { hotFiles })).toMatchObject({ needed: 0, needless: [], missed: [], recall: 1 })
  })
})

test('thousands of tasks that all write one hot file are planned as if they did not', () => {
  const tasks = Array.from({ length: 3000 }, (_, at) => task(`t${at}`, { writes: [`f${at}.ts`], minutes: 10 }))
  const hot = tasks.map((one) => ({ ...one, writes: [...(one.writes ?? []), 'CHANGELOG.md'] }))
  expect(planTasks(hot, { hotFiles, maxAgents: 50 }).makespan).toBe(planTasks(tasks, { maxAgents: 50 }).makespan)
})

test('hot files that no task names change nothing in a plan', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, (tasks, policy) => {
      const cold = { ...policy, hotFiles: { union: ['CHANGELOG.md'] } }
      expect(planTasks(tasks, cold)).toEqual(planTasks(tasks, policy))
    }),
  )
})

test('what may start beside what is in flight is what may do so when nobody names the hot files', () => {
  const writes = fc.subarray(['a/x', 'a/**', 'b/*.ts', 'b/x.ts', 'c'], { minLength: 1 })
  fc.assert(
    fc.property(fc.array(fc.tuple(writes, fc.boolean()), { maxLength: 6 }), (drawn) => {
      const cold = drawn.map(([globs], at) => task(`t${at}`, { writes: globs }))
      const warm = drawn.map(([globs, isHot], at) =>
        task(`t${at}`, { writes: isHot ? [...globs, 'CHANGELOG.md', 'x/HISTORY.md'] : globs }),
      )
      const started = (tasks: typeof cold) =>
        ready(tasks, new Map(), { maxAgents: 9, hotFiles }).start.map(({ id }) => id)
      expect(started(warm)).toEqual(started(cold))
    }),
  )
})
