import { checkKey } from '../model/process-key.ts'
import type { Candidate, Oid, RunRecord } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Ready } from '../plan/plan.ts'
import type { Action } from './action.ts'
import { decideRed, type Said, saidOf } from './checking.ts'
import { awayFor, displace, haltedBy, heldFor, landsByHost, standsOn } from './landing.ts'
import { commandsOn, isStale } from './stale.ts'
import { targetOf } from './targets.ts'
import { lookMs, type Verdict } from './turn.ts'
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
interface Car extends Waiting {
  readonly candidate: Candidate
  readonly said: Said
}

/** How long a train waits for one that is being built, in milliseconds. */
const departMs = lookMs

/**
 * Changes land in trains: each candidate is built on the one before it, and the checks run once, on the last, for all of them. Green, they land
 * together, as that very tree. Red, the middle of what is not known to be good is checked next, until one is left that is red on a green base.
 * A pure function of the records and the verdicts: nothing says who is on the train but whose candidate is built on whose.
 */
export function decideLane(
  sight: Sight,
  waiting: readonly Waiting[],
  now: Ready,
  take: (verdict: Verdict) => void,
): void {
  const { world } = sight
  if (haltedBy(world) !== null) return
  if (world.vcs === null) {
    if (waiting.length > 0) take({ wait: lookMs })
    return
  }
  const ready = new Map<string | undefined, { readonly at: Oid; readonly waiting: Waiting[] }>()
  for (const one of waiting) {
    const held = heldFor(sight, one.record)
    const { state } = one.record
    const at = targetOf(world.vcs, state)
    const name = state.branch?.target
    if (held > 0) take({ wait: held })
    else if (at !== undefined) ready.set(name, { at, waiting: [...(ready.get(name)?.waiting ?? []), one] })
  }
  for (const lane of ready.values()) decideTrain(sight, inOrder(lane.waiting, now, lane.at), lane.at, take)
}

/** Of those that land on one branch. */
function decideTrain(sight: Sight, waiting: readonly Waiting[], target: Oid, take: (verdict: Verdict) => void): void {
  const { world } = sight
  // What a host merges is no commit that was built here: nothing can stand on it before it is there, and nothing lands that was not checked on the target alone.
  const isByHost = waiting.some(({ record }) => landsByHost(sight.policy, record.state))
  const longest = isByHost ? 1 : windowOf(world.judged, sight.policy.landing.train)
  const { train, rest, on } = trainOf(waiting, { sight, target, longest })
  const bad = train.findIndex(({ said }) => said.is === 'red')
  const good = lastGood(sight, train)
  // What lands now makes room for as many.
  const room = longest - train.length + (good === undefined || isByHost ? 0 : good.before.length + 1)
  const [next, ...others] = rest.slice(0, Math.max(0, room))
  // It is only tried again, and who goes on without it would lose what has been checked meanwhile.
  const isHeld = train.some(({ record }) => record.state.review?.waits?.for === 'held-by-user')
  const grows = bad === -1 && !isHeld && next !== undefined && canBoard(sight, next, on, train.length)
  if (grows && !next.taken) take(decideBoarding(sight, [next, ...others], on, train.length > 0))
  if (good !== undefined) {
    const rest = awayFor(sight)
    take(rest > 0 ? { wait: rest } : good)
    return
  }
  const open = train.flatMap(({ said, taken }) => (said.is === 'open' ? [taken ? { wait: lookMs } : said.verdict] : []))
  if (open.length > 0) {
    for (const verdict of open) take(verdict)
    return
  }
  const [first] = train
  if (bad === 0 && first?.said.is === 'red') {
    if (!first.taken) take(decideRed(sight, first.record, first.candidate, first.said.turn))
    return
  }
  // What all of them pass, each of them passes: the last one, or the middle of those of which one is bad.
  const asked = train.slice(0, bad === -1 ? train.length : Math.floor((bad + 1) / 2))
  const last = asked.at(-1)
  // What is green already lands when nobody on it is busy any more.
  if (last === undefined || last.taken || last.said.is !== 'nothing') return
  const left = grows ? departMs - (world.ages.record.get(last.record.id) ?? 0) : 0
  const before = asked.slice(0, -1).map((car) => car.record.id)
  take(left > 0 ? { wait: left } : decideRun(sight, last.record, last.candidate, before))
}

/** Those that stand on each other from the target on, as far as is worth it; the `rest` could be built on the last of them, or have files to be made there. */
function trainOf(
  waiting: readonly Waiting[],
  { sight, target, longest }: { readonly sight: Sight; readonly target: Oid; readonly longest: number },
): { readonly train: readonly Car[]; readonly rest: readonly Waiting[]; readonly on: Oid } {
  // An effect that has just landed it is about to write that down.
  const left = waiting.filter(({ taken, record }) => !taken || record.state.review?.candidate?.commit !== target)
  const train: Car[] = []
  let on = target
  for (const one of left.slice(0, longest)) {
    const candidate = one.record.state.review?.candidate
    if (!stands(one, on) || candidate == null || isStale(candidate)) break
    train.push({ ...one, candidate, said: saidOf(sight, one.record, candidate) })
    on = candidate.commit
  }
  return { train, rest: left.slice(train.length), on }
}

/** Whose candidates are built on one another first: whoever overtakes them throws that work away. Then patterns, then the order of the plan. */
function inOrder(waiting: readonly Waiting[], now: Ready, target: Oid): readonly Waiting[] {
  const place = ({ task }: Waiting): number =>
    (now.rank.get(task.id) ?? 0) + (task.establishes === undefined ? now.rank.size : 0)
  const rest = [...waiting].sort((a, b) => place(a) - place(b))
  const train: Waiting[] = []
  for (let on = target; ; ) {
    const at = rest.findIndex((one) => stands(one, on))
    const [car] = at === -1 ? [] : rest.splice(at, 1)
    if (car === undefined) return [...train, ...rest]
    train.push(car)
    on = car.record.state.review?.candidate?.commit ?? on
  }
}

function stands({ record: { state } }: Waiting, on: Oid): boolean {
  return standsOn(state.review?.candidate, on) && state.review?.waits?.for !== 'red-target'
}

/** Lands the longest part of the train that is known to be good; nobody on it may be busy with something else. */
function lastGood({ world, policy }: Sight, train: readonly Car[]): Extract<Action, { do: 'land' }> | undefined {
  const busy = train.findIndex(({ taken }) => taken)
  const free = busy === -1 ? train : train.slice(0, busy)
  const at = free.findLastIndex(({ said }) => said.is === 'green')
  const last = free[at]
  if (last === undefined) return undefined
  const { record, candidate, said } = last
  const { checks } = policy.landing
  const key = checks.length === 0 ? '' : checkKey(record.id, candidate.tree, checks, candidate.run)
  const greenFor = world.ages.turn.get(key) ?? 0
  const before = free.slice(0, at).map((car) => car.record)
  return { do: 'land', id: record.id, record, before, flaky: said.is === 'green' && said.flaky, greenFor }
}

/** Perhaps it cannot go together with one before it, which perhaps never lands: it is judged when it comes first. */
function canBoard(sight: Sight, one: Waiting, on: Oid, before: number): boolean {
  if (before === 0) return true
  const { id, state } = one.record
  const candidate = state.review?.candidate
  const isRed = candidate != null && stands(one, on) && saidOf(sight, one.record, candidate).is === 'red'
  return !isRed && sight.world.unstackable.get(id) !== on
}

/** As many at once as nothing keeps back: each of them on the one before. What is built and has files to be made is alone with that. */
function decideBoarding(
  sight: Sight,
  [one, ...others]: readonly [Waiting, ...Waiting[]],
  base: Oid,
  stacked: boolean,
): Verdict {
  const { task, record } = one
  const candidate = record.state.review?.candidate
  if (candidate != null && stands(one, base) && commandsOn(sight.policy, candidate).length > 0)
    return decideMaking(sight, record, candidate, stacked)
  const why = (behind: boolean): string => (behind ? 'a change before it has moved' : 'the target has moved')
  const stopped = displace(sight, record, why(stacked))
  if (stopped !== null) return stopped
  const kept = others.findIndex((other) => other.taken || displace(sight, other.record, why(true)) !== null)
  const then = others.slice(0, kept === -1 ? others.length : kept)
  return { do: 'build-candidate', id: record.id, record, task, base, stacked, then }
}

function decideMaking(sight: Sight, record: RunRecord, candidate: Candidate, stacked: boolean): Verdict {
  const said = saidOf(sight, record, candidate)
  switch (said.is) {
    case 'open':
      return said.verdict
    case 'red':
      return decideRed(sight, record, candidate, said.turn)
    case 'green':
      return { do: 'amend-candidate', id: record.id, record, key: said.key ?? '', stacked }
    case 'nothing':
      return decideRun(sight, record, candidate, [])
  }
}

function decideRun({ policy }: Sight, record: RunRecord, candidate: Candidate, before: readonly TaskId[]): Verdict {
  const { id } = record
  const key = checkKey(id, candidate.tree, commandsOn(policy, candidate), candidate.run)
  return { do: 'start-checks', id, record, key, on: 'candidate', before, check: null }
}
