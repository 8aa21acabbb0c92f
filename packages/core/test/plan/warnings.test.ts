import { expect, test } from 'vitest'
import type { Task } from '../../src/model/task.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { rulesOf } from '../../src/plan/rules.ts'
import { warningsOf } from '../../src/plan/warnings.ts'
import { task } from '../../src/testing/task.ts'

const warned = (tasks: readonly Task[], maxAgents = 3) => {
  const plan = planTasks(tasks, { maxAgents })
  const inOrder = plan.tasks.flatMap(({ id }) => tasks.filter((one) => one.id === id))
  return warningsOf(inOrder, plan.tasks, rulesOf({ maxAgents }), {}).map(({ message }) => message)
}

test('a reader is told the first writer that it may meet, whoever starts first', () => {
  const reads = ['contracts/**']
  const [api, web] = ['api', 'web'].map((id) => task(id, { writes: [`contracts/${id}.yaml`], minutes: 20 }))
  const [early, late] = [0, 3].map((priority) =>
    task(`reader${priority}`, { writes: [], reads, priority, minutes: 60 }),
  )
  if (api === undefined || web === undefined || early === undefined || late === undefined) throw new Error('no tasks')
  const found = (id: string) => [`${id} reads files that api may write at the same time`]
  expect(warned([early, api, web])).toEqual(found('reader0'))
  expect(warned([api, web, late])).toEqual(found('reader3'))
  expect(warned([api, web, late], 2)).toEqual([])
  expect(warned([early, api, web], 1)).toEqual([])
})
