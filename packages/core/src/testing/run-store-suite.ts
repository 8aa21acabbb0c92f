import type { RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import type { RunStore } from '../ports/run-store.ts'
import { told } from './hint.ts'
import { claimed, never, type RunStoreSuiteOptions, storeTest, worked } from './run-store-fixture.ts'
import { runStoreRaces } from './run-store-races.ts'
import type { TestFramework } from './suite.ts'

/** What every run store promises. `factory` makes an empty store for each test; it is disposed of afterwards where it can be. */
export function runStoreSuite<Store extends RunStore>(
  framework: TestFramework,
  factory: () => Store | Promise<Store>,
  options: RunStoreSuiteOptions<Store> = {},
): void {
  const { describe, expect } = framework
  const { lacks = {} } = options
  const test = storeTest(framework, factory, options)

  const recordOf = async (store: Store, id: TaskId) => {
    const { records } = await store.read({ signal: never })
    return records.find((record) => record.id === id)
  }
  const created = async (store: Store, id: TaskId, next: RunState) => {
    const written = await store.write({ id, expect: null, next, signal: never })
    if (!written.ok) throw new Error(`The suite could not write the first record: ${written.reason}.`)
    return written.value
  }

  describe('run store: records', () => {
    test('an empty store has no record and is read whole', undefined, async ({ store }) => {
      const { records, requests, complete } = await store.read({ signal: never })
      expect({ records, requests, complete }).toEqual({ records: [], requests: [], complete: true })
    })

    test('gives a state back as it was written', undefined, async ({ store, ids: [id] }) => {
      const state: RunState = { ...claimed('ann', 1), outcome: null, branch: null }
      const resume = { session: 'ü "quoted" \n', list: [1, null, true, { deep: [] }] }
      const next = { ...state, run: { ...state.run, resume, why: "it's; DROP TABLE runs" } }
      const { record } = await created(store, id, next)
      expect(record.state).toEqual(next)
      expect(await recordOf(store, id)).toEqual(record)
    })

    test('writes on the version that was read, and refuses every other', undefined, async ({ store, ids: [id] }) => {
      const first = (await created(store, id, claimed('ann', 1))).record.version
      const write = (expectVersion: string | null, attempt: number) =>
        store.write({ id, expect: expectVersion, next: claimed('ann', attempt), signal: never })
      expect(await write(null, 2)).toMatchObject({ ok: false, reason: 'stale' })
      const second = await write(first, 3)
      expect(second.ok).toBe(true)
      expect(await write(first, 4)).toMatchObject({ ok: false, reason: 'stale' })
      expect((await recordOf(store, id))?.state.run.attempt).toBe(3)
      expect(second.ok && second.value.record.version !== first).toBe(true)
    })

    test('refuses a version of a record that does not exist', undefined, async ({ store, ids: [id, other] }) => {
      const { record } = await created(store, id, claimed('ann', 1))
      const written = await store.write({ id: other, expect: record.version, next: claimed('ann', 1), signal: never })
      expect(written).toMatchObject({ ok: false, reason: 'stale' })
      expect(await recordOf(store, other)).toBe(undefined)
    })

    test('what a caller does to an answer changes nothing', undefined, async ({ store, ids: [id] }) => {
      await created(store, id, claimed('ann', 1))
      const record = await recordOf(store, id)
      if (record !== undefined) Reflect.set(record.state.run, 'owner', 'mallory')
      expect((await recordOf(store, id))?.state.run.owner).toBe('ann')
    })

    test('shows a closed record when asked for all', undefined, async ({ store, ids: [id] }) => {
      await created(store, id, { ...claimed('ann', 1), phase: 'closed', outcome: 'done' })
      const { records } = await store.read({ all: true, signal: never })
      expect(records.map((record) => record.state.outcome)).toEqual(['done'])
    })

    test('hints at a change until the signal ends', lacks.watch, async ({ store, ids: [id] }) => {
      const request = { do: 'cancel' } as const
      await told(framework, store, (key) => store.ask({ id, key, request, signal: never }))
    })
  })

  describe('run store: requests', () => {
    test('shows requests oldest first, each key once', undefined, async ({ store, other, ids: [id, second] }) => {
      await store.ask({ id, key: 'z', request: { do: 'guide', text: 'try "x"' }, signal: never })
      await other.ask({ id: second, key: 'y', request: { do: 'retry', fresh: true }, signal: never })
      await store.ask({ id, key: 'x', request: { do: 'cancel' }, signal: never })
      await other.ask({ id, key: 'z', request: { do: 'guide', text: 'again' }, signal: never })
      expect((await store.read({ signal: never })).requests).toEqual([
        { id, key: 'z', request: { do: 'guide', text: 'try "x"' } },
        { id: second, key: 'y', request: { do: 'retry', fresh: true } },
        { id, key: 'x', request: { do: 'cancel' } },
      ])
    })

    test('drops what a write answers, and nothing else', undefined, async ({ store, ids: [id, second] }) => {
      for (const key of ['a', 'b']) await store.ask({ id, key, request: { do: 'land' }, signal: never })
      await store.ask({ id: second, key: 'c', request: { do: 'land' }, signal: never })
      await store.write({ id, expect: null, next: claimed('ann', 1), answered: ['a'], signal: never })
      expect((await store.read({ signal: never })).requests.map(({ key }) => key)).toEqual(['b', 'c'])
    })

    test('a refused write answers nothing', undefined, async ({ store, ids: [id] }) => {
      await created(store, id, claimed('ann', 1))
      await store.ask({ id, key: 'a', request: { do: 'cancel' }, signal: never })
      const next = claimed('bob', 2)
      const written = await store.write({ id, expect: null, next, answered: ['a'], signal: never })
      expect(written).toMatchObject({ ok: false, reason: 'stale' })
      expect((await store.read({ signal: never })).requests.map(({ key }) => key)).toEqual(['a'])
    })

    test('shows the closed record of a task with a request', undefined, async ({ store, ids: [id] }) => {
      await created(store, id, { ...claimed('ann', 1), phase: 'closed', outcome: 'cancelled' })
      await store.ask({ id, key: 'a', request: { do: 'retry', fresh: false }, signal: never })
      expect((await recordOf(store, id))?.state.outcome).toBe('cancelled')
    })
  })

  describe('run store: the pause', () => {
    const isPaused = async (store: Store) => (await store.read({ signal: never })).paused

    test('is seen by everybody until it is over, and may be said twice', undefined, async ({ store, other }) => {
      expect(await isPaused(store)).toBe(false)
      await store.pause({ paused: true, signal: never })
      await store.pause({ paused: true, signal: never })
      expect([await isPaused(store), await isPaused(other)]).toEqual([true, true])
      await other.pause({ paused: false, signal: never })
      expect([await isPaused(store), await isPaused(other)]).toEqual([false, false])
    })

    test(
      'refuses a claim that was decided before it',
      lacks['many-schedulers'],
      async ({ store, other, ids: [id] }) => {
        const { revision } = await store.read({ signal: never })
        await other.pause({ paused: true, signal: never })
        const claim = { id, expect: null, seen: revision, next: claimed('ann', 1), signal: never }
        expect(await store.write(claim)).toMatchObject({ ok: false, reason: 'stale' })
        expect((await store.read({ signal: never })).records).toEqual([])
      },
    )

    test('said once more makes no claim stale', lacks['many-schedulers'], async ({ store, ids: [id] }) => {
      const { revision } = await store.read({ signal: never })
      await store.pause({ paused: false, signal: never })
      const next = claimed('ann', 1)
      expect((await store.write({ id, expect: null, seen: revision, next, signal: never })).ok).toBe(true)
    })

    test('is hinted at', lacks.watch, async ({ store }) => {
      let paused = false
      await told(framework, store, () => {
        paused = !paused
        return store.pause({ paused, signal: never })
      })
    })
  })

  describe('run store: beats', () => {
    test('a beat grows while its owner lives and shows its lease', undefined, async ({ store }) => {
      const beat = async () => (await store.beat({ owner: 'ann', leaseMs: 15_000, signal: never }))[0]
      const first = await beat()
      const second = await beat()
      expect(first).toMatchObject({ owner: 'ann', leaseMs: 15_000 })
      expect(first?.beat === second?.beat).toBe(false)
    })

    test('everybody sees the beats of all, and moves only its own', undefined, async ({ store, other }) => {
      await store.beat({ owner: 'ann', leaseMs: 1000, signal: never })
      const before = await other.beat({ owner: 'bob', leaseMs: 2000, signal: never })
      expect(before.map(({ owner }) => owner).sort()).toEqual(['ann', 'bob'])
      const after = await other.beat({ owner: 'bob', leaseMs: 2000, signal: never })
      const of = (beats: typeof before, owner: string) => beats.find((beat) => beat.owner === owner)
      expect(of(after, 'ann')).toEqual(of(before, 'ann'))
      expect(of(after, 'bob')?.beat === of(before, 'bob')?.beat).toBe(false)
    })

    test('who leaves is forgotten, and may leave twice', undefined, async ({ store, other }) => {
      await store.beat({ owner: 'ann', leaseMs: 1000, signal: never })
      await store.beat({ owner: 'ann', leaseMs: 0, signal: never })
      expect(await store.beat({ owner: 'ann', leaseMs: 0, signal: never })).toEqual([])
      const left = await other.beat({ owner: 'bob', leaseMs: 1000, signal: never })
      expect(left.map(({ owner }) => owner)).toEqual(['bob'])
    })

    test('beats and requests make no claim stale', lacks['many-schedulers'], async ({ store, other, ids: [id] }) => {
      const { revision } = await store.read({ signal: never })
      await other.beat({ owner: 'bob', leaseMs: 1000, signal: never })
      await other.ask({ id, key: 'a', request: { do: 'guide', text: 'x' }, signal: never })
      const next = claimed('ann', 1)
      const written = await store.write({ id, expect: null, seen: revision, next, signal: never })
      expect(written.ok).toBe(true)
    })

    test('a write that no claim depends on makes no claim stale', lacks['many-schedulers'], async ({ store, ids }) => {
      const { record } = await created(store, ids[0], claimed('ann', 1))
      const { revision } = await store.read({ signal: never })
      await store.write({ id: ids[0], expect: record.version, next: worked(record.state), signal: never })
      const next = claimed('bob', 1)
      expect((await store.write({ id: ids[1], expect: null, seen: revision, next, signal: never })).ok).toBe(true)
    })
  })

  runStoreRaces(framework, factory, options)
}
