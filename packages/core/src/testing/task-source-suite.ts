import type { NewTask, Task, TaskId } from '../model/task.ts'
import type { TaskSource } from '../ports/task-source.ts'
import { told } from './hint.ts'
import { disposeOf, itUnless, type Lacks, type TestFramework } from './suite.ts'

export interface TaskSourceSuiteOptions<Source extends TaskSource> {
  /**
   * What the source cannot do, and why. `ids`: it gives tasks ids of its own; `fields`: it does not keep every field;
   * `all`: it does not list closed tasks that nothing needs.
   */
  readonly lacks?: Lacks<'add' | 'close' | 'watch' | 'ids' | 'fields' | 'all'>
  /** Puts tasks into a source that cannot `add`; answers their ids. */
  readonly seed?: (source: Source, tasks: readonly NewTask[]) => Promise<readonly TaskId[]>
}

const signal = new AbortController().signal

/** What every task source promises. `factory` makes an empty source for each test; it is disposed of afterwards where it can be. */
export function taskSourceSuite<Source extends TaskSource>(
  framework: TestFramework,
  factory: () => Source | Promise<Source>,
  options: TaskSourceSuiteOptions<Source> = {},
): void {
  const { describe, expect } = framework
  const { lacks = {} } = options
  const cannotFill = options.seed === undefined ? lacks.add : undefined

  const test = (name: string, why: string | undefined, body: (source: Source) => Promise<void>): void =>
    itUnless(framework, why, name, async () => {
      const source = await factory()
      try {
        await body(source)
      } finally {
        await disposeOf(source)
      }
    })

  /** Adds tasks one by one, since a source may give them ids of its own. */
  const fill = async (source: Source, tasks: readonly NewTask[]): Promise<readonly TaskId[]> => {
    if (options.seed !== undefined) return options.seed(source, tasks)
    const added = await source.add?.({ key: JSON.stringify(tasks), tasks, signal })
    if (added?.ok !== true) throw new Error(`The suite could not add tasks: ${JSON.stringify(added)}.`)
    return added.value
  }
  const fillOne = async (source: Source, task: NewTask): Promise<TaskId> => (await fill(source, [task]))[0] ?? ''
  const listed = async (source: Source, all = false): Promise<ReadonlyMap<TaskId, Task>> => {
    const { tasks, complete } = await source.list({ all, signal })
    expect(complete).toBe(true)
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length)
    return new Map(tasks.map((task) => [task.id, task]))
  }
  const close = (source: Source, id: TaskId, as: 'done' | 'cancelled' | null) =>
    source.close?.({ id, as, note: 'said the suite', signal })

  describe('task source', () => {
    test('an empty source lists nothing', undefined, async (source) => {
      expect(await source.list({ signal })).toEqual({ tasks: [], complete: true })
    })

    test('lists what was added, open and with its title', cannotFill, async (source) => {
      const id = await fillOne(source, { id: 'button', title: 'Add a button' })
      expect((await listed(source)).get(id)).toMatchObject({ id, title: 'Add a button', state: 'open' })
    })

    test('keeps every field', cannotFill ?? lacks.fields, async (source) => {
      const first = await fillOne(source, { id: 'first' })
      const task: NewTask = {
        id: 'second',
        title: 'Zweite · 2️⃣ "quoted"',
        body: 'two\nlines',
        kind: 'read',
        epic: 'e1',
        dependsOn: [first],
        stackedOn: first,
        writes: [],
        reads: ['docs/**'],
        group: 'g',
        layer: 'api',
        role: 'qa',
        feature: 'f',
        establishes: 'p1',
        follows: ['p2'],
        resources: { database: 2 },
        hold: true,
        priority: 0,
        minutes: 7.5,
      }
      const id = await fillOne(source, task)
      expect((await listed(source)).get(id)).toEqual({ ...task, id, state: 'open' })
    })

    test('an absent scope stays absent, for it means unknown and not none', cannotFill, async (source) => {
      const id = await fillOne(source, { id: 'unknown' })
      expect((await listed(source)).get(id)?.writes).toBe(undefined)
    })

    test('what a caller does to an answer changes nothing', cannotFill, async (source) => {
      const id = await fillOne(source, { id: 'mine', title: 'before' })
      const task = (await listed(source)).get(id)
      if (task !== undefined) Reflect.set(task, 'title', 'after')
      expect((await listed(source)).get(id)?.title).toBe('before')
    })

    test('adds once per key, even when both ask at once', lacks.add, async (source) => {
      const ask = () => source.add?.({ key: 'k', tasks: [{ id: 'one' }, { id: 'two', dependsOn: ['one'] }], signal })
      const [first, second] = await Promise.all([ask(), ask()])
      const third = await ask()
      expect(first?.ok).toBe(true)
      expect(second).toEqual(first)
      expect(third).toEqual(first)
      expect((await listed(source)).size).toBe(2)
    })

    test('tasks of one call may name each other', lacks.add, async (source) => {
      const [first = '', second = ''] = await fill(source, [{ id: 'one' }, { id: 'two', dependsOn: ['one'] }])
      expect((await listed(source)).get(second)?.dependsOn).toEqual([first])
    })

    test('adds none of them when one id is taken', lacks.add ?? lacks.ids, async (source) => {
      await fill(source, [{ id: 'taken', title: 'first' }])
      const added = await source.add?.({
        key: 'k2',
        tasks: [{ id: 'fresh' }, { id: 'taken', title: 'second' }],
        signal,
      })
      expect(added).toMatchObject({ ok: false, reason: 'exists' })
      const tasks = await listed(source)
      expect([...tasks.keys()]).toEqual(['taken'])
      expect(tasks.get('taken')?.title).toBe('first')
      const twice = await source.add?.({ key: 'k3', tasks: [{ id: 'same' }, { id: 'same' }], signal })
      expect(twice).toMatchObject({ ok: false, reason: 'exists' })
    })

    test('of two who add the same id under different keys one is refused', lacks.add ?? lacks.ids, async (source) => {
      const ask = (key: string) => source.add?.({ key, tasks: [{ id: 'one', title: key }], signal })
      const answers = await Promise.all([ask('k1'), ask('k2')])
      expect(answers.filter((answer) => answer?.ok === true)).toHaveLength(1)
      expect((await listed(source)).size).toBe(1)
    })

    for (const as of ['done', 'cancelled'] as const) {
      test(`lists a task closed as ${as} while an open one names it`, cannotFill ?? lacks.close, async (source) => {
        const before = await fillOne(source, { id: 'before' })
        await fill(source, [{ id: 'after', dependsOn: [before] }])
        expect(await close(source, before, as)).toMatchObject({ ok: true })
        expect((await listed(source)).get(before)?.state).toBe(as)
      })
    }

    test(
      'lists closed ones that are stacked on or establish',
      cannotFill ?? lacks.close ?? lacks.fields,
      async (source) => {
        const below = await fillOne(source, { id: 'below' })
        const pattern = await fillOne(source, { id: 'pattern', establishes: 'tables' })
        await fill(source, [{ id: 'above', stackedOn: below, follows: ['tables'] }])
        await close(source, below, 'done')
        await close(source, pattern, 'done')
        const tasks = await listed(source)
        expect(tasks.get(below)?.state).toBe('done')
        expect(tasks.get(pattern)?.state).toBe('done')
      },
    )

    test('lists every closed task when asked for all', cannotFill ?? lacks.close ?? lacks.all, async (source) => {
      const id = await fillOne(source, { id: 'old' })
      await close(source, id, 'done')
      expect((await listed(source, true)).get(id)?.state).toBe('done')
    })

    test(
      'closing a closed task changes nothing, and it can be opened again',
      cannotFill ?? lacks.close,
      async (source) => {
        const id = await fillOne(source, { id: 'twice' })
        await fill(source, [{ id: 'after', dependsOn: [id] }])
        expect(await close(source, id, 'done')).toMatchObject({ ok: true })
        expect(await close(source, id, 'cancelled')).toMatchObject({ ok: true })
        expect((await listed(source)).get(id)?.state).toBe('done')
        expect(await close(source, id, null)).toMatchObject({ ok: true })
        expect(await close(source, id, null)).toMatchObject({ ok: true })
        expect((await listed(source)).get(id)?.state).toBe('open')
      },
    )

    test('closing an unknown task says gone', lacks.close, async (source) => {
      expect(await close(source, 'nobody-knows-it', 'done')).toMatchObject({ ok: false, reason: 'gone' })
    })

    test('an announcement may be repeated', cannotFill, async (source) => {
      const id = await fillOne(source, { id: 'news' })
      const say = () => source.announce?.({ id, attempt: 1, status: 'working', note: 'started', signal })
      await say()
      await say()
      expect((await listed(source)).get(id)?.state).toBe('open')
    })

    test('hints at a change until the signal ends', lacks.watch ?? lacks.add, async (source) => {
      await told(framework, source, (name) => fill(source, [{ id: name }]))
    })
  })
}
