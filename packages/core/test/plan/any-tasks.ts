import fc from 'fast-check'
import type { Task } from '../../src/model/task.ts'
import { checkTasks } from '../../src/plan/check.ts'
import { task } from '../../src/testing/task.ts'

/** Tasks without circles: each names only earlier ones. */
export const anyTasks = fc
  .array(
    fc.record({
      minutes: fc.constantFrom(0, 5, 10, 30),
      priority: fc.integer({ min: 0, max: 2 }),
      writes: fc.option(
        fc.array(fc.constantFrom('src/a.ts', 'src/*.ts', 'src/**', 'lib/b', 'docs/**', 'x.md'), { maxLength: 2 }),
        { nil: undefined },
      ),
      kind: fc.constantFrom('change' as const, 'change' as const, 'read' as const, 'sync' as const),
      group: fc.option(fc.constantFrom('g', 'h'), { nil: undefined, freq: 3 }),
      before: fc.array(fc.nat(20), { maxLength: 2 }),
      follows: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((drawn) =>
    drawn.map(({ before, follows, writes, group, ...rest }, index): Task => {
      const dependsOn = before.filter((other) => other < index).map((other) => `t${other}`)
      return task(`t${index}`, {
        ...rest,
        dependsOn,
        ...(writes === undefined ? {} : { writes }),
        ...(group === undefined ? {} : { group }),
        ...(index === 0 ? { establishes: 'p' } : follows ? { follows: ['p'] } : {}),
      })
    }),
  )
  // Groups that need each other are refused.
  .filter((tasks) => checkTasks(tasks).length === 0)

export const anyPolicy = fc.record({
  maxAgents: fc.integer({ min: 1, max: 4 }),
  unknownScope: fc.constantFrom('warn' as const, 'alone' as const, 'allow' as const),
})
