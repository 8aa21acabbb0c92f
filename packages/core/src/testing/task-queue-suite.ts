import type { Task, TaskId } from '../model/task.ts'
import type { TaskQueue } from '../ports/task-queue.ts'
import { claimed, never, type RunStoreSuiteOptions, storeTest } from './run-store-fixture.ts'
import { runStoreSuite } from './run-store-suite.ts'
import type { Lacks, TestFramework } from './suite.ts'
import { type TaskSourceSuiteOptions, taskSourceSuite } from './task-source-suite.ts'

export interface TaskQueueSuiteOptions<Queue extends TaskQueue>
  extends Omit<TaskSourceSuiteOptions<Queue>, 'lacks'>,
    Omit<RunStoreSuiteOptions<Queue>, 'lacks'> {
  /** What the queue cannot do, and why. `gone`: its records do not know whether a task exists. */
  readonly lacks?: Lacks<
    | 'gone'
    | keyof NonNullable<TaskSourceSuiteOptions<Queue>['lacks']>
    | keyof NonNullable<RunStoreSuiteOptions<Queue>['lacks']>
  >
}

/** What every queue promises: the suites of source and store, and what holds between the two. */
export function taskQueueSuite<Queue extends TaskQueue>(
  framework: TestFramework,
  factory: () => Queue | Promise<Queue>,
  options: TaskQueueSuiteOptions<Queue> = {},
): void {
  const { describe, expect } = framework
  const { lacks = {} } = options
  const fill = async (queue: Queue, count: number): Promise<readonly TaskId[]> => {
    const tasks = Array.from({ length: count }, (_, index) => ({ id: `t${index}` }))
    if (options.seed !== undefined) return options.seed(queue, tasks)
    const added = await queue.add?.({ key: 'the suite', tasks, signal: never })
    if (added?.ok !== true) throw new Error(`The suite could not add tasks: ${JSON.stringify(added)}.`)
    return added.value
  }
  const filled = { tasks: fill, ...options }

  taskSourceSuite(framework, factory, options)
  runStoreSuite(framework, factory, filled)

  describe('task queue', () => {
    const test = storeTest(framework, factory, filled)
    const close = (queue: Queue, id: TaskId, as: Exclude<Task['state'], 'open'>) =>
      queue.close?.({ id, as, note: 'said the suite', signal: never })
    const closed = { ...claimed('ann', 1), phase: 'closed', outcome: 'done' } as const

    test('a record of an unknown task is refused', lacks.gone, async ({ store }) => {
      const next = claimed('ann', 1)
      const written = await store.write({ id: 'nobody-knows-it', expect: null, next, signal: never })
      expect(written).toMatchObject({ ok: false, reason: 'gone' })
    })

    const cannotSee = lacks['many-schedulers'] ?? lacks.gone
    test(
      'a task added since the snapshot makes a claim stale',
      cannotSee ?? lacks.add,
      async ({ store, other, ids }) => {
        const { revision } = await store.read({ signal: never })
        await other.add?.({ key: 'later', tasks: [{ id: 'later' }], signal: never })
        const next = claimed('ann', 1)
        const late = await store.write({ id: ids[0], expect: null, seen: revision, next, signal: never })
        expect(late).toMatchObject({ ok: false, reason: 'stale' })
      },
    )

    test(
      'a task closed since the snapshot makes a claim stale',
      cannotSee ?? lacks.close,
      async ({ store, other, ids }) => {
        const { revision } = await store.read({ signal: never })
        await close(other, ids[0], 'cancelled')
        const next = claimed('ann', 1)
        const late = await store.write({ id: ids[0], expect: null, seen: revision, next, signal: never })
        expect(late).toMatchObject({ ok: false, reason: 'stale' })
      },
    )

    test('closing a closed task makes no claim stale', cannotSee ?? lacks.close, async ({ store, other, ids }) => {
      await close(other, ids[1], 'done')
      const { revision } = await store.read({ signal: never })
      await close(other, ids[1], 'done')
      const next = claimed('ann', 1)
      expect((await store.write({ id: ids[0], expect: null, seen: revision, next, signal: never })).ok).toBe(true)
    })

    test('shows the closed record of a task that is still open', undefined, async ({ store, ids: [id] }) => {
      await store.write({ id, expect: null, next: closed, signal: never })
      const { records } = await store.read({ signal: never })
      expect(records.map((record) => record.id)).toEqual([id])
    })

    test(
      'lists a closed task whose record is not closed yet',
      lacks.close ?? lacks.gone,
      async ({ store, ids: [id] }) => {
        await store.write({ id, expect: null, next: claimed('ann', 1), signal: never })
        await close(store, id, 'cancelled')
        const { tasks } = await store.list({ signal: never })
        expect(tasks.find((task) => task.id === id)?.state).toBe('cancelled')
      },
    )

    test('lists a closed task with a request', lacks.close ?? lacks.gone, async ({ store, ids: [id] }) => {
      await store.write({ id, expect: null, next: closed, signal: never })
      await close(store, id, 'done')
      await store.ask({ id, key: 'a', request: { do: 'retry', fresh: false }, signal: never })
      expect((await store.list({ signal: never })).tasks.some((task) => task.id === id)).toBe(true)
      expect((await store.read({ signal: never })).records.some((record) => record.id === id)).toBe(true)
    })
  })
}
