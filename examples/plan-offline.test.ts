import { checkTasks, explain, planTasks } from '@orch/core/plan'
import { task } from '@orch/core/testing'
import { expect, test } from 'vitest'

const tasks = [
  task('button', { writes: ['src/Button.tsx'], minutes: 30 }),
  task('label', { writes: ['src/*.tsx'], minutes: 10 }),
  task('docs', { writes: ['docs/**'], dependsOn: ['label'], minutes: 5 }),
]
test('nobody shares Button.tsx', () => {
  expect(checkTasks(tasks)).toEqual([])
  const plan = planTasks(tasks, { maxAgents: 2 })
  expect(plan.mergeOrder).toEqual(['button', 'label', 'docs'])
  expect(explain(plan, 'label')).toBe('label waits for button: both may write src/Button.tsx')
})
