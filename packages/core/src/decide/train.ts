import type { Candidate, Oid, RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import type { Ready } from '../plan/plan.ts'
import { type Said, saidOf } from './checking.ts'
import { standsOn } from './landing.ts'
import type { Root } from './roots.ts'
import { isStale } from './stale.ts'
import { windowOf } from './window.ts'
import type { Sight } from './world.ts'

/** A change that may land. */
export interface Waiting {
  readonly task: Task
  readonly record: RunRecord
  /** Something is being done about it. */
  readonly taken: boolean
}

/** A change whose candidate is built on the one before it, and what the checks said of it and all those before. */
export interface Car extends Waiting {
  readonly candidate: Candidate
  readonly said: Said
}

/** Those that stand on each other from the root on, as far as is worth it. */
export interface Train {
  readonly root: Root
  readonly cars: readonly Car[]
  /** They could be built on the last car, or have files to be made there. */
  readonly rest: readonly Waiting[]
  readonly on: Oid
}

/** How many changes are checked together now. What a host merges is no commit that was built here: nothing can stand on it before it is there. */
export function longestOf({ world, policy }: Sight): number {
  return policy.landing.via === 'host' ? 1 : windowOf(world.judged, policy.landing.train)
}

/** The train of those that wait: on the first of the roots that one of them stands on. */
export function trainOf(
  sight: Sight,
  waiting: readonly Waiting[],
  [target, ...before]: readonly [Root, ...Root[]],
  now: Ready,
): Train {
  // An effect that has just landed it is about to write that down.
  const left = waiting.filter(({ taken, record }) => !taken || record.state.review?.candidate?.commit !== target.at)
  const onTarget = trainOn(sight, left, target, now)
  if (onTarget.cars.length > 0) return onTarget
  for (const root of before) {
    const train = trainOn(sight, left, root, now)
    if (train.cars.length > 0) return train
  }
  return onTarget
}

function trainOn(sight: Sight, waiting: readonly Waiting[], root: Root, now: Ready): Train {
  const { heads } = root
  const able = heads === null ? waiting : waiting.filter(({ record }) => heads.has(record.state.review?.head ?? ''))
  const ordered = inOrder(able, now, root.at)
  const cars: Car[] = []
  let on = root.at
  for (const one of ordered.slice(0, longestOf(sight))) {
    const candidate = one.record.state.review?.candidate
    if (!stands(one, on) || candidate == null || isStale(candidate)) break
    cars.push({ ...one, candidate, said: saidOf(sight, one.record, candidate) })
    on = candidate.commit
  }
  // What was put onto other landings is not checked as it is now: it goes as far as what was found before speaks for it.
  const green = cars.findLastIndex(({ said }) => said.is === 'green')
  const unproven = cars.findIndex(({ candidate }, at) => at > green && candidate.checked !== undefined)
  const proven = unproven === -1 ? cars : cars.slice(0, unproven)
  return { root, cars: proven, rest: ordered.slice(proven.length), on: proven.at(-1)?.candidate.commit ?? root.at }
}

/** Whose candidates are built on one another first: whoever overtakes them throws that work away. Then patterns, then the order of the plan. */
function inOrder(waiting: readonly Waiting[], now: Ready, target: Oid): readonly Waiting[] {
  const rest = [...waiting].sort((a, b) => placeOf(a, now) - placeOf(b, now))
  const train: Waiting[] = []
  for (let on = target; ; ) {
    const at = rest.findIndex((one) => stands(one, on))
    const [car] = at === -1 ? [] : rest.splice(at, 1)
    if (car === undefined) return [...train, ...rest]
    train.push(car)
    on = car.record.state.review?.candidate?.commit ?? on
  }
}

/** Whose turn it is to land. */
export function placeOf({ task }: Waiting, now: Ready): number {
  return (now.rank.get(task.id) ?? 0) + (task.establishes === undefined ? now.rank.size : 0)
}

export function stands({ record: { state } }: Waiting, on: Oid): boolean {
  return standsOn(state.review?.candidate, on) && state.review?.waits?.for !== 'red-target'
}
