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
      layer: fc.option(fc.constantFrom('api', 'ios'), { nil: undefined, freq: 2 }),
      reads: fc.option(fc.constantFrom(['src/a.ts'], ['docs/**']), { nil: undefined, freq: 1 }),
      databases: fc.integer({ min: 0, max: 2 }),
      group: fc.option(fc.constantFrom('g', 'h'), { nil: undefined, freq: 3 }),
      before: fc.array(fc.nat(20), { maxLength: 2 }),
      follows: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((drawn) =>
    drawn.map(({ before, follows, writes, group, layer, reads, databases, ...rest }, index): Task => {
      const dependsOn = before.filter((other) => other < index).map((other) => `t${other}`)
      return task(`t${index}`, {
        ...rest,
        dependsOn,
        ...(writes === undefined ? {} : { writes }),
        ...(group === undefined ? {} : { group }),
        ...(layer === undefined ? {} : { layer }),
        ...(reads === undefined ? {} : { reads }),
        ...(databases === 0 ? {} : { resources: { database: databases } }),
        ...(index === 0 ? { establishes: 'p' } : follows ? { follows: ['p'] } : {}),
      })
    }),
  )
  // Groups that need each other are refused.
  .filter((tasks) => checkTasks(tasks).length === 0)

export const anyPolicy = fc.record({
  maxAgents: fc.integer({ min: 1, max: 4 }),
  unknownScope: fc.constantFrom('warn' as const, 'alone' as const, 'allow' as const),
  limits: fc.record({ layers: fc.constantFrom({}, { ios: 1 }, { ios: 1, api: 2 }) }),
  resources: fc.record({ database: fc.integer({ min: 2, max: 3 }) }),
  sharedFiles: fc.constantFrom([], ['src/*']),
  readsBlock: fc.boolean(),
})
