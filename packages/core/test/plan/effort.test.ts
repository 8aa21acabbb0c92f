import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { anyPolicy, anyTasks } from './any-tasks.ts'

test('effort never makes a plan longer, and the same seed gives the same plan', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, fc.nat(), (tasks, policy, seed) => {
      const effort = { iterations: 50, seed }
      const plan = planTasks(tasks, policy, { effort })
      expect(plan.makespan).toBeLessThanOrEqual(planTasks(tasks, policy).makespan)
      expect(planTasks(tasks, policy, { effort })).toEqual(plan)
    }),
    { numRuns: 200 },
  )
})

test('an aborted search answers with what it has', () => {
  fc.assert(
    fc.property(anyTasks, anyPolicy, (tasks, policy) => {
      const plan = planTasks(tasks, policy, { effort: { iterations: 1e9 }, signal: AbortSignal.abort() })
      expect(plan.tasks).toHaveLength(tasks.length)
    }),
    { numRuns: 100 },
  )
})
