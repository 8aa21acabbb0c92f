import { expect, test } from 'vitest'
import { whatIf } from '../../src/plan/what-if.ts'
import { task } from '../../src/testing/task.ts'

const tasks = ['a', 'b', 'c', 'd'].map((id) => task(id, { writes: [`${id}.ts`], minutes: 10 }))

test('more agents make a plan shorter, and the comparison says by how much and who moves', () => {
  const { before, after, saved, moved } = whatIf({ tasks, policy: { maxAgents: 1 } }, { maxAgents: 2 })
  expect([before.makespan, after.makespan, saved]).toEqual([40, 20, 20])
  expect(moved).toEqual([
    { id: 'b', from: 10, to: 0 },
    { id: 'c', from: 20, to: 10 },
    { id: 'd', from: 30, to: 10 },
  ])
})

test('a task can take the place of another, and one can come in addition', () => {
  const { saved, moved } = whatIf(
    { tasks, policy: { maxAgents: 4 } },
    { tasks: [task('a', { writes: ['a.ts'], minutes: 30 }), task('e', { writes: ['a.ts'], minutes: 10 })] },
  )
  expect(saved).toBe(-30)
  expect(moved).toContainEqual({ id: 'e', from: null, to: expect.any(Number) })
})
