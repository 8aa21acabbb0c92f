import { checkKey } from '../model/process-key.ts'
import type { Oid, RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import type { Ready } from '../plan/plan.ts'
import { decideLanding, displace, heldFor, standsOn } from './landing.ts'
import { lookMs, type Verdict } from './turn.ts'
import type { Sight } from './world.ts'

/** A change that may land. */
export interface Waiting {
  readonly task: Task
  readonly record: RunRecord
  /** Something is being done about it. */
  readonly taken: boolean
}

/**
 * Landing is serial, checking is not: behind the first change of the lane up to `landing.train` are checked in all, each as it will be on
 * the target when those before it have landed. Only the first one lands or is judged; when it does not land, those behind it are built again.
 * A pure function of the records and the verdicts: nothing says who is on the train but whose candidate is built on whose.
 */
export function decideLane(
  sight: Sight,
  waiting: readonly Waiting[],
  now: Ready,
  take: (verdict: Verdict) => void,
): void {
  const { world, policy } = sight
  // Git does not answer: the first one says that this is waited for.
  let on = world.vcs?.target ?? ''
  let cars = 0
  for (const { task, record, taken } of inOrder(waiting, now, on)) {
    const held = heldFor(sight, record)
    if (held > 0) {
      take({ wait: held })
      continue
    }
    const { candidate = null, waits = null } = record.state.review ?? {}
    // An effect that has just landed it is about to write that down.
    if (taken && candidate?.commit === on) continue
    if (!taken) {
      const verdict = cars === 0 ? decideLanding(sight, task, record) : decideStacked(sight, task, record, on)
      if (verdict === null) return
      take(verdict)
    }
    if (!standsOn(candidate, on) || waits !== null || isRed(sight, record)) return
    on = candidate.commit
    if (++cars >= policy.landing.train) return
  }
}

/** Whose candidates are built on one another first: whoever overtakes them throws that work away. Then patterns, then the order of the plan. */
function inOrder(waiting: readonly Waiting[], now: Ready, target: Oid): readonly Waiting[] {
  const place = ({ task }: Waiting): number =>
    (now.rank.get(task.id) ?? 0) + (task.establishes === undefined ? now.rank.size : 0)
  const rest = [...waiting].sort((a, b) => place(a) - place(b))
  const train: Waiting[] = []
  for (let on = target; ; ) {
    const next = rest.findIndex(
      ({ record: { state } }) => standsOn(state.review?.candidate, on) && state.review?.waits == null,
    )
    const [car] = next === -1 ? [] : rest.splice(next, 1)
    if (car === undefined) return [...train, ...rest]
    train.push(car)
    on = car.record.state.review?.candidate?.commit ?? on
  }
}

/** The next step of a change behind others; null when nothing can be built on those before it and itself. */
function decideStacked(sight: Sight, task: Task, record: RunRecord, on: Oid): Verdict | null {
  const { world, policy } = sight
  const { id, state } = record
  const candidate = state.review?.candidate ?? null
  if (!standsOn(candidate, on)) {
    // Perhaps it cannot go together with one before it, which perhaps never lands: it is judged when it comes first.
    if (world.unstackable.get(id) === on) return null
    const stopped = displace(sight, record, 'a change before it has moved')
    if (stopped !== null) return stopped
    return { do: 'build-candidate', id, record, task, base: on, stacked: true }
  }
  const { checks } = policy.landing
  const key = checkKey(id, candidate.tree, checks, candidate.run)
  if (checks.length > 0 && world.turns.get(key)?.is === 'never')
    return { do: 'start-checks', id, record, key, on: 'candidate', check: null }
  return { wait: lookMs }
}

/** Nothing is built on what is known to be red. */
function isRed({ world, policy }: Sight, { id, state }: RunRecord): boolean {
  const candidate = state.review?.candidate
  if (candidate == null || policy.landing.checks.length === 0) return false
  const turn = world.turns.get(checkKey(id, candidate.tree, policy.landing.checks, candidate.run))
  return turn?.is === 'ended' && turn.exit !== 0
}
