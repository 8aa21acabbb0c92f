import { checkKey } from '../model/process-key.ts'
import type { Candidate, Oid, RunRecord } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import type { Ready } from '../plan/plan.ts'
import type { Action } from './action.ts'
import { checkedTree, decideRed, saidOf } from './checking.ts'
import { awayFor, displace, haltedBy, heldFor } from './landing.ts'
import { type Lane, lanesOf } from './lanes.ts'
import { rootsOf } from './roots.ts'
import { commandsOn } from './stale.ts'
import { targetOf } from './targets.ts'
import { type Car, longestOf, stands, trainOf, type Waiting } from './train.ts'
import { lookMs, type Verdict } from './turn.ts'
import type { Sight } from './world.ts'

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
  for (const [name, { at, waiting: changes }] of ready) {
    // What belongs to one epic is checked as a whole.
    const lanes =
      name === undefined
        ? lanesOf(sight, changes, rootsOf(world.laneLandings, at), now)
        : [{ train: trainOf(sight, changes, rootsOf([], at), now), others: [] }]
    // One after the other: the next one would only find that the target has moved.
    let lands = lanes.length > 1 && lanes.some(({ train }) => train.cars.some(isGoing))
    for (const lane of lanes)
      decideTrain(sight, lane, at, (verdict) => {
        const isLanding = 'do' in verdict && (verdict.do === 'land' || verdict.do === 'carry')
        take(isLanding && lands ? { wait: lookMs } : verdict)
        lands ||= isLanding
      })
  }
}

/** It is being landed, or put onto what has. */
function isGoing({ taken, said }: Car): boolean {
  return taken && said.is === 'green'
}

/** Of those of one lane. */
function decideTrain(
  sight: Sight,
  { train: { root, cars: train, rest, on }, others: elsewhere }: Lane,
  target: Oid,
  take: (verdict: Verdict) => void,
): void {
  const { world, policy } = sight
  const longest = longestOf(sight)
  const isByHost = policy.landing.via === 'host'
  const bad = train.findIndex(({ said }) => said.is === 'red')
  const good = lastGood(sight, train, elsewhere)
  if (good !== undefined && root.at !== target) {
    const proven = train.slice(0, good.before.length + 1).map(({ record, task }) => ({ record, task }))
    take({ do: 'carry', id: good.id, train: proven, onto: target, beside: root.beside })
    return
  }
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

/** Lands the longest part of the train that is known to be good; nobody on it may be busy with something else. */
function lastGood(
  { world, policy }: Sight,
  train: readonly Car[],
  others: readonly Oid[],
): Extract<Action, { do: 'land' }> | undefined {
  const busy = train.findIndex(({ taken }) => taken)
  const free = busy === -1 ? train : train.slice(0, busy)
  const at = free.findLastIndex(({ said }) => said.is === 'green')
  const last = free[at]
  if (last === undefined) return undefined
  const { record, candidate, said } = last
  const { checks } = policy.landing
  const key = checks.length === 0 ? '' : checkKey(record.id, checkedTree(candidate), checks, candidate.run)
  const greenFor = world.ages.turn.get(key) ?? 0
  const before = free.slice(0, at).map((car) => car.record)
  return { do: 'land', id: record.id, record, before, flaky: said.is === 'green' && said.flaky, greenFor, others }
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
  const isAsBuilt = candidate?.checked === undefined
  if (candidate != null && isAsBuilt && stands(one, base) && commandsOn(sight.policy, candidate).length > 0)
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
