import { type RunState, untouched } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import type { RunStore } from '../ports/run-store.ts'
import { disposeOf, itUnless, type Lacks, type TestFramework } from './suite.ts'

export interface RunStoreSuiteOptions<Store extends RunStore> {
  /** What the store cannot do, and why. `many-schedulers`: it admits one scheduler, `schedulers` is `one`. */
  readonly lacks?: Lacks<'watch' | 'many-schedulers' | 'alongside'>
  /** Opens the same store once more, as another process would. Without it one handle plays all parts. */
  readonly alongside?: (store: Store) => Store | Promise<Store>
  /** Makes that many tasks that records can be about. Default: ids that the store has never heard of. */
  readonly tasks?: (store: Store, count: number) => Promise<readonly TaskId[]>
}

/** What a test gets: a store, another handle on it where there can be one, and ten tasks. */
export interface StoreFixture<Store> {
  readonly store: Store
  readonly other: Store
  readonly ids: readonly [TaskId, TaskId, ...TaskId[]]
}

/** A signal that nobody aborts. */
export const never: AbortSignal = new AbortController().signal

/** A record as `owner`'s claim leaves it. */
export function claimed(owner: string, attempt: number): RunState {
  const state = untouched('2026-01-01T00:00:00.000Z')
  return { ...state, phase: 'spawned', run: { ...state.run, owner, attempt, turn: 1, why: 'claimed' } }
}

/** The same in everything that a claim depends on. */
export function worked(state: RunState): RunState {
  return { ...state, run: { ...state.run, why: 'it works', movedAt: '2026-01-01T00:01:00.000Z' } }
}

/** An `it` whose body gets a fresh store. */
export function storeTest<Store extends RunStore>(
  framework: TestFramework,
  factory: () => Store | Promise<Store>,
  options: RunStoreSuiteOptions<Store>,
) {
  return (name: string, why: string | undefined, body: (fixture: StoreFixture<Store>) => Promise<void>): void =>
    itUnless(framework, why, name, async () => {
      const store = await factory()
      // A second handle of a store with one seat would be refused; the tests of the seat open it themselves.
      const both = options.alongside !== undefined && store.schedulers === 'many'
      const other = both ? await options.alongside(store) : store
      try {
        const names = Array.from({ length: 10 }, (_, index) => `t${index}`)
        const [first = 't0', second = 't1', ...rest] = (await options.tasks?.(store, names.length)) ?? names
        await body({ store, other, ids: [first, second, ...rest] })
      } finally {
        if (other !== store) await disposeOf(other)
        await disposeOf(store)
      }
    })
}
