import { checkTasks, explain, planTasks } from '@orch/core/plan'
import { expectPlan, task } from '@orch/core/testing'
import { describe, expect, test } from 'vitest'

const tasks = [
  // Without its priority it would go second: `docs` could start after 10 minutes, and all would be done after 40.
  task('button', { writes: ['src/Button.tsx'], minutes: 30, priority: 1 }),
  task('label', { writes: ['src/*.tsx'], minutes: 10 }),
  task('docs', { writes: ['docs/**'], dependsOn: ['label'], minutes: 5 }),
]
test('nobody shares Button.tsx', () => {
  expect(checkTasks(tasks)).toEqual([])
  const plan = planTasks(tasks, { maxAgents: 2 })
  expect(plan.mergeOrder).toEqual(['button', 'label', 'docs'])
  expect(explain(plan, 'label')).toBe('label waits for button: both may write src/Button.tsx')
})

describe('the sprint: an API and an iOS app', () => {
  // What the team agreed on, as sentences: whoever changes a scope or a dependency hears what that does to the plan.
  const sprint = [
    task('feedings', { layer: 'api', establishes: 'route', writes: ['api/src/routes/feedings/**'], minutes: 60 }),
    task('diapers', { layer: 'api', follows: ['route'], writes: ['api/src/routes/diapers/**'], minutes: 30 }),
    task('sleep', { layer: 'api', follows: ['route'], writes: ['api/src/routes/sleep/**'], minutes: 30 }),
    task('shell', { layer: 'ios', writes: ['ios/App/**'], minutes: 45 }),
    task('dashboard', { layer: 'ios', group: 'tabs', dependsOn: ['shell'], writes: ['ios/Tabs/**'], minutes: 20 }),
    task('timeline', { layer: 'ios', group: 'tabs', dependsOn: ['shell'], writes: ['ios/Tabs/**'], minutes: 20 }),
    task('merge', { kind: 'sync', dependsOn: ['diapers', 'sleep', 'dashboard', 'timeline'] }),
    task('qa', { role: 'qa', dependsOn: ['merge'], writes: ['e2e/**'], minutes: 30 }),
  ]
  const plan = planTasks(sprint, { maxAgents: 3 })

  test('can be done', () => {
    expect(checkTasks(sprint)).toEqual([])
    expectPlan(plan).takesAtMost(120)
  })

  test('API and app go side by side', () => {
    expectPlan(plan).runs('feedings').atOnce().and.beside('shell', 'dashboard')
  })

  test('the first route is the pattern for the others, which do not need each other', () => {
    expectPlan(plan)
      .runs('diapers')
      .after('feedings', { because: 'follows its pattern route' })
      .and.beside('sleep')
      .runs('sleep')
      .after('feedings')
  })

  test('the tabs are one unit', () => {
    expectPlan(plan).runs('dashboard').before('timeline').and.notBeside('timeline', { because: 'the same group' })
  })

  test('QA begins with what both have merged', () => {
    expectPlan(plan).runs('qa').after('merge', { because: 'depends on it' }).and.after('sleep').and.after('timeline')
  })

  test('with one agent nothing runs side by side, and the failure says why', () => {
    const alone = planTasks(sprint, { maxAgents: 1 })
    const sideBySide = () => expectPlan(alone).runs('feedings').beside('shell')
    expect(sideBySide).toThrow('expected feedings to run beside shell, but feedings waits for shell')
    expect(sideBySide).toThrow('only 1 agent may run')
  })
})
