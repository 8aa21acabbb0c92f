import type { RunRecord, RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { isComparedWith } from './apart.ts'
import { atWork } from './standing.ts'
import type { World } from './world.ts'

/** Two changes of which it is to be known whether they go together. */
export interface ConflictPair {
  /** Null: the target. */
  readonly first: TaskId | null
  readonly later: TaskId
}

/** Its work is done: what is sealed counts, and not what its workspace holds. */
export function isSealed(state: RunState): boolean {
  return !atWork(state) && state.run.wants === null && state.run.taken == null && state.branch?.head != null
}

/**
 * Every pair of changes in flight, but for those where one begins with the other, and each change with the target, but for those that land after or without
 * others. Who goes first is the same for all pairs: done before at work, then the order of the source; and never before what it is stacked on,
 * so that nobody ever waits for somebody who waits for them.
 */
export function conflictPairs(world: Pick<World, 'records' | 'tasks'>): readonly ConflictPair[] {
  const sorted = comparable(world)
  const among = sorted.flatMap((first, at) =>
    sorted
      .slice(at + 1)
      .filter((later) => !belongTogether(first.state, later) && !belongTogether(later.state, first))
      .map((later) => ({ first: first.id, later: later.id })),
  )
  const withTarget = sorted
    .filter(({ state: { branch } }) => branch?.on === undefined && branch?.lost === undefined)
    .map(({ id }) => ({ first: null, later: id }))
  return [...among, ...withTarget]
}

function belongTogether({ branch }: RunState, other: RunRecord): boolean {
  const { id, state } = other
  return branch?.workspace === state.branch?.workspace || (branch?.on ?? []).includes(id)
}

/** Tasks whose changes are compared, everybody's, whoever runs them; those first that go first. */
export function comparable(world: Pick<World, 'records' | 'tasks'>): readonly RunRecord[] {
  const places = new Map([...world.tasks.keys()].map((id, index) => [id, index]))
  const own = ({ id, state }: RunRecord): readonly [number, number] => [
    isSealed(state) ? 0 : 1,
    places.get(id) ?? places.size,
  ]
  const place = (record: RunRecord): readonly [number, number] => {
    const below = (record.state.branch?.on ?? []).flatMap((id) => world.records.get(id) ?? [])
    return [record, ...below].map(own).sort(byPlace).at(-1) ?? own(record)
  }
  return [...world.records.values()]
    .filter(({ id }) => isComparedWith(world, id))
    .map((record) => ({ record, place: place(record), own: own(record) }))
    .sort((a, b) => byPlace(a.place, b.place) || byPlace(a.own, b.own) || (a.record.id < b.record.id ? -1 : 1))
    .map(({ record }) => record)
}

function byPlace(a: readonly [number, number], b: readonly [number, number]): number {
  return a[0] - b[0] || a[1] - b[1]
}
