import type { RunStore } from '../ports/run-store.ts'
import { claimed, never, type RunStoreSuiteOptions, storeTest } from './run-store-fixture.ts'
import { disposeOf, type TestFramework } from './suite.ts'

/** The part of the run store's suite that is about callers at the same time. */
export function runStoreRaces<Store extends RunStore>(
  framework: TestFramework,
  factory: () => Store | Promise<Store>,
  options: RunStoreSuiteOptions<Store>,
): void {
  const { describe, expect } = framework
  const { lacks = {} } = options
  const test = storeTest(framework, factory, options)

  describe('run store: races', () => {
    test('of many who claim one task exactly one gets it', undefined, async ({ store, other, ids: [id] }) => {
      const claims = Array.from({ length: 16 }, (_, index) =>
        (index % 2 === 0 ? store : other).write({ id, expect: null, next: claimed(`o${index}`, 1), signal: never }),
      )
      const answers = await Promise.all(claims)
      const won = answers.flatMap((answer) => (answer.ok ? [answer.value.record.state.run.owner] : []))
      expect(won).toHaveLength(1)
      for (const answer of answers) if (!answer.ok) expect(answer.reason).toBe('stale')
      const { records } = await store.read({ signal: never })
      expect(records.map(({ state }) => state.run.owner)).toEqual(won)
    })

    test('of many who write on one version exactly one does', undefined, async ({ store, other, ids: [id] }) => {
      const first = await store.write({ id, expect: null, next: claimed('ann', 1), signal: never })
      const version = first.ok ? first.value.record.version : null
      const writes = Array.from({ length: 16 }, (_, index) =>
        (index % 2 === 0 ? store : other).write({
          id,
          expect: version,
          next: claimed('ann', index + 2),
          signal: never,
        }),
      )
      const answers = await Promise.all(writes)
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    })

    test('requests made at once are all kept', undefined, async ({ store, other, ids: [id] }) => {
      const keys = Array.from({ length: 24 }, (_, index) => `k${String(index).padStart(2, '0')}`)
      const writing = store.write({ id, expect: null, next: claimed('ann', 1), signal: never })
      const request = { do: 'guide', text: 'x' } as const
      await Promise.all(keys.map((key, at) => (at % 2 === 0 ? store : other).ask({ id, key, request, signal: never })))
      expect((await writing).ok).toBe(true)
      const { requests } = await other.read({ signal: never })
      expect(requests.map(({ key }) => key).sort()).toEqual(keys)
    })

    test('a claim decided before another claim is stale', lacks['many-schedulers'], async ({ store, other, ids }) => {
      const { revision } = await store.read({ signal: never })
      const next = claimed('ann', 1)
      expect((await store.write({ id: ids[0], expect: null, seen: revision, next, signal: never })).ok).toBe(true)
      const late = await other.write({
        id: ids[1],
        expect: null,
        seen: revision,
        next: claimed('bob', 1),
        signal: never,
      })
      expect(late).toMatchObject({ ok: false, reason: 'stale' })
      expect((await other.read({ signal: never })).records.map(({ id }) => id)).toEqual([ids[0]])
    })

    test('claims follow each other by the revision of the last', lacks['many-schedulers'], async ({ store, ids }) => {
      let { revision } = await store.read({ signal: never })
      for (const id of ids) {
        const written = await store.write({ id, expect: null, seen: revision, next: claimed('ann', 1), signal: never })
        expect(written.ok).toBe(true)
        if (written.ok) revision = written.value.revision
      }
      expect((await store.read({ signal: never })).revision).toBe(revision)
    })

    test('a phase that moves makes a claim stale', lacks['many-schedulers'], async ({ store, other, ids }) => {
      const first = await store.write({ id: ids[0], expect: null, next: claimed('ann', 1), signal: never })
      const { revision } = await other.read({ signal: never })
      if (!first.ok) throw new Error('the first claim was refused')
      const { record } = first.value
      const next = { ...record.state, phase: 'working' } as const
      await store.write({ id: ids[0], expect: record.version, next, signal: never })
      const late = await other.write({
        id: ids[1],
        expect: null,
        seen: revision,
        next: claimed('bob', 1),
        signal: never,
      })
      expect(late).toMatchObject({ ok: false, reason: 'stale' })
    })

    test(
      'of many claims decided on one snapshot one is stored',
      lacks['many-schedulers'],
      async ({ store, other, ids }) => {
        const { revision } = await store.read({ signal: never })
        const claims = ids.map((id, index) =>
          (index % 2 === 0 ? store : other).write({
            id,
            expect: null,
            seen: revision,
            next: claimed(`o${index}`, 1),
            signal: never,
          }),
        )
        const answers = await Promise.all(claims)
        expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
      },
    )

    test(
      'schedulers that look and claim keep within a limit',
      lacks['many-schedulers'],
      async ({ store, other, ids }) => {
        const limit = 3
        const schedule = async (handle: Store, owner: string): Promise<void> => {
          for (;;) {
            const { records, revision } = await handle.read({ signal: never })
            const free = ids.find((id) => records.every((record) => record.id !== id))
            if (records.length >= limit || free === undefined) return
            await handle.write({ id: free, expect: null, seen: revision, next: claimed(owner, 1), signal: never })
          }
        }
        const owners = Array.from({ length: 6 }, (_, index) => `o${index}`)
        await Promise.all(owners.map((owner, index) => schedule(index % 2 === 0 ? store : other, owner)))
        expect((await store.read({ signal: never })).records).toHaveLength(limit)
      },
    )

    const manyMay = lacks['many-schedulers'] === undefined ? 'many may schedule' : undefined
    const noSecond = options.alongside === undefined ? (lacks.alongside ?? 'no second handle was given') : undefined
    test('a second scheduler is refused until the first leaves', manyMay ?? noSecond, async ({ store, ids: [id] }) => {
      const second = (await options.alongside?.(store)) ?? store
      try {
        expect(store.schedulers).toBe('one')
        await store.beat({ owner: 'ann', leaseMs: 1000, signal: never })
        const claim = () => second.write({ id, expect: null, next: claimed('bob', 1), signal: never })
        const isTaken = async (handle: RunStore) => (await handle.read({ signal: never })).taken ?? false
        expect([await isTaken(store), await isTaken(second)]).toEqual([false, true])
        expect(await claim()).toMatchObject({ ok: false, reason: 'taken' })
        await store.beat({ owner: 'ann', leaseMs: 0, signal: never })
        await second.beat({ owner: 'bob', leaseMs: 1000, signal: never })
        expect([await isTaken(store), await isTaken(second)]).toEqual([true, false])
        expect((await claim()).ok).toBe(true)
      } finally {
        await disposeOf(second)
      }
    })
  })
}
