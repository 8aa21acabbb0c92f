import { OrchError } from '@orch/core'
import { expect, test } from 'vitest'
import type { PlanPolicy } from '../../src/plan/plan.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'

const tasks = ['a', 'b'].map((id) => ({ id, writes: [id], layer: 'ios' }))

function refused(policy: unknown): OrchError {
  try {
    planTasks(tasks, policy as PlanPolicy)
  } catch (error) {
    if (OrchError.is(error)) return error
    throw error
  }
  throw new Error('it was planned')
}

test.each([
  [{ maxAgents: Number.NaN }, 'maxAgents: expected a number, not NaN'],
  [{ maxAgents: -1 }, 'maxAgents: expected at least 1, not -1'],
  [{ maxAgents: 1.5 }, 'maxAgents: expected a whole number, not 1.5'],
  [{ maxAgents: '3' }, 'maxAgents: expected a number, not "3"'],
  [{ limits: { layers: { ios: 0 } } }, 'limits.layers.ios: expected at least 1, not 0'],
  [{ limits: null }, 'limits: expected an object, not null'],
  [{ resources: { database: -1 } }, 'resources.database: expected more than 0, not -1'],
  [{ maxOpenReviews: 0 }, 'maxOpenReviews: expected at least 1, not 0'],
  [{ minutes: 0 }, 'minutes: expected more than 0, not 0'],
  [{ preset: 'constructor' }, expect.stringMatching(/^preset: expected "cautious" or .*, not "constructor"$/)],
  [{ maxAgent: 2 }, 'maxAgent: there is no such choice; did you mean maxAgents?'],
  [null, 'expected an object, not null'],
])('a plan is refused with the policy %j', (policy, message) => {
  const error = refused(policy)
  expect(error.code).toBe('invalid-configuration')
  expect(error.problems.map((problem) => problem.message)).toEqual([message])
})

test('everything that is wrong with a policy is told at once', () => {
  const error = refused({ preset: 'fastest', maxAgents: 0, limits: { layers: { ios: 0 }, role: {} }, minutes: 'ten' })
  expect(error.problems.map(({ code, field }) => [code, field])).toEqual([
    ['invalid-value', 'preset'],
    ['invalid-value', 'maxAgents'],
    ['invalid-value', 'limits.layers.ios'],
    ['unknown-field', 'limits.role'],
    ['invalid-value', 'minutes'],
  ])
  expect(error.message).toMatch(/^the policy cannot be used: preset: expected .*, and 4 more$/)
})

test('what is left open has its default, and what a run reads is not for a plan to judge', () => {
  const open = {
    maxAgents: undefined,
    minutes: undefined,
    preset: undefined,
    limits: { layers: undefined },
    leaseMs: -1,
  }
  expect(planTasks(tasks, open as unknown as PlanPolicy)).toEqual(planTasks(tasks))
})
