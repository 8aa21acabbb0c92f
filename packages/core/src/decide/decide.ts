import type { Policy } from '../model/policy.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Ready, Wait } from '../plan/plan.ts'
import type { Action, Decision } from './action.ts'
import { waitsForConflict } from './apart.ts'
import { decideConflicts, decideMet } from './conflicts.ts'
import { decideEnd } from './end.ts'
import { decideEpic } from './epic.ts'
import { decideSetAside, gateOf, letsStart } from './gate.ts'
import { decideGone, isGone } from './gone.ts'
import { decideReview, haltedBy, waitsForTarget } from './landing.ts'
import { decideLane } from './lane.ts'
import { cannotTell } from './liveness.ts'
import * as moves from './moves.ts'
import { decideOutlived } from './outlived.ts'
import { decideRequest } from './request.ts'
import { decideSeats } from './reviewing.ts'
import { decideBase } from './stacking.ts'
import { isDue, restsFor } from './standing.ts'
import { decideStarts, readyNow } from './starts.ts'
import { decideTargetNews } from './target-news.ts'
import type { Waiting } from './train.ts'
import { decideTurn, lookMs, type Verdict, write } from './turn.ts'
import { inReach, type Reach, type Sight, type World } from './world.ts'

/**
 * The whole loop in one pure function: what to do in this world, and when to look again. Recovery is no mode of it; it is
 * what it does when the record and the world disagree.
 */
export function decide(world: World, policy: Policy, reach: Reach = { start: true }): Decision {
  const sight: Sight = { world, policy, reach }
  const actions: Action[] = []
  // Whatever hints say.
  let lookAgainAt = Math.min(30_000, policy.leaseMs / 4)
  let moving = world.busy.size > 0
  const take = (verdict: Verdict): void => {
    if ('do' in verdict) {
      actions.push(verdict)
      moving = true
    } else if ('wait' in verdict) {
      lookAgainAt = Math.min(lookAgainAt, verdict.wait)
      moving = true
    }
  }

  const taken = new Set<TaskId>(world.busy)
  for (const stop of decideOutlived(sight)) {
    taken.add(stop.id)
    take(stop)
  }
  const waiting = new Set<TaskId>()
  for (const pending of world.requests) {
    if (taken.has(pending.id) || waiting.has(pending.id)) continue
    const state = world.records.get(pending.id)?.state
    const task = world.tasks.get(pending.id)
    if (task === undefined && state === undefined) continue
    // A request is never filtered by epic: a person has asked for this very task.
    if (reach.only !== undefined && reach.only !== pending.id) continue
    if (state?.run.owner != null && state.run.owner !== world.owner && world.liveOwners.has(state.run.owner)) {
      // Its owner takes it up, or loses its lease.
      take({ wait: policy.leaseMs / 4 })
      continue
    }
    const action = decideRequest(sight, task, pending.id, pending)
    // What it waits for goes on below; what was asked after it keeps its place.
    if (action === null) {
      waiting.add(pending.id)
      if (state !== undefined && cannotTell(sight, pending.id, state)) take({ wait: lookMs })
    } else {
      taken.add(pending.id)
      take(action)
    }
  }

  const lane: Waiting[] = []
  const wanting: RunRecord[] = []
  let outside = false
  for (const record of world.records.values()) {
    const task = world.tasks.get(record.id)
    if (record.state.phase === 'closed') continue
    if (taken.has(record.id)) {
      // What is done about it now may leave it where it is: as long as it may land, it keeps its place.
      if (task !== undefined && decideRecord(sight, task, record) === 'may-land')
        lane.push({ task, record, taken: true })
      continue
    }
    outside ||= movesOutside(sight, task, record)
    const verdict = decideRecord(sight, task, record)
    if (verdict === null) continue
    if (verdict === 'wants-review') wanting.push(record)
    else if (verdict !== 'may-land') take(verdict)
    else if (task !== undefined) lane.push({ task, record, taken: false })
  }
  const now = readyNow(sight)
  for (const claim of decideSeats(sight, wanting, now.rank)) take(claim)
  decideLane(sight, lane, now, take)
  for (const action of decideStarts(sight, taken, now)) take(action)
  if (world.vcs === null || !world.complete) take({ wait: lookMs })
  if (outside && someoneWaits(sight, now)) take({ wait: policy.leaseMs / 4 })
  // Whoever has the only seat may have moved anything since.
  if (world.taken && actions.length > 0)
    return { actions: [], lookAgainAt: Math.min(lookAgainAt, policy.leaseMs / 4), moving }
  return { actions, lookAgainAt: Math.max(0, lookAgainAt), moving }
}

/** `may-land`: its turn to land comes; `wants-review`: its reviewer waits for a seat. */
type Wanted = Verdict | 'may-land' | 'wants-review' | null

/** What a record asks for; null when it is somebody else's or needs nothing. */
function decideRecord(sight: Sight, task: Task | undefined, record: RunRecord): Wanted {
  const { world, policy, reach } = sight
  const { id, state } = record
  const { owner } = state.run
  // What this orchestrator has begun it looks after, whatever it may start now: nobody else will.
  const own = owner === world.owner && reach.only === undefined
  if (!own && !inReach(reach, id, task)) return null
  if (owner === null || owner === world.owner) return decideOwn(sight, task, record)
  // Nothing can be written of it, so nobody can take it over.
  if (isGone(sight, task) && state.outcome === null && !world.liveOwners.has(owner)) return decideGone(sight, record)
  if (world.liveOwners.has(owner))
    return movesByItself(sight, task, record) ? { wait: policy.leaseMs / 4 } : { person: true }
  return write(record, moves.adopt(state, { owner: world.owner, at: world.now }))
}

/** Its owner has something to do or to wait for, other than a person. Two owners that wait for each other would never end. */
function movesByItself(sight: Sight, task: Task | undefined, record: RunRecord): boolean {
  const verdict = decideOwn(sight, task, record)
  if (verdict === 'may-land') return haltedBy(sight.world) === null && !waitsForTarget(sight, record)
  if (verdict === 'wants-review') return true
  if (verdict === null) return record.state.run.wants !== null && isDue(record, sight)
  return !('person' in verdict)
}

/** A task that this run leaves alone, with an owner that brings it on: who waits for it may start later. */
function movesOutside(sight: Sight, task: Task | undefined, record: RunRecord): boolean {
  const { world, reach } = sight
  const { owner } = record.state.run
  if (reach.epic === undefined || inReach(reach, record.id, task)) return false
  if (owner === null || owner === world.owner || !world.liveOwners.has(owner)) return false
  return movesByItself(sight, task, record)
}

function someoneWaits(sight: Sight, now: Ready): boolean {
  const { world, reach } = sight
  const gate = gateOf(sight)
  const byPerson = new Set<Wait['for']>(['hold', 'person', 'lost'])
  const mine = (id: TaskId): boolean => inReach(reach, id, world.tasks.get(id))
  const startsBy = (id: TaskId, waits: readonly Wait[]): boolean =>
    letsStart(gate, world.records.get(id)?.state) && !waits.some((wait) => byPerson.has(wait.for))
  return (
    [...now.waits].some(([id, waits]) => mine(id) && startsBy(id, waits)) ||
    [...world.records.values()].some(({ id, state }) => state.branch?.on !== undefined && mine(id))
  )
}

/** What a record asks for whose owner we are, or could be. */
function decideOwn(sight: Sight, task: Task | undefined, record: RunRecord): Wanted {
  const { world, policy, reach } = sight
  const { id, state } = record
  const mover = { owner: world.owner, at: world.now }
  if (state.outcome !== null) return decideEnd(sight, task, record)
  if (task === undefined) return isGone(sight, task) ? decideGone(sight, record) : { wait: lookMs }
  const onTarget = state.phase === 'pr_created' && state.run.wants === null && world.vcs?.landed.has(id) === true
  if (task.state !== 'open' && state.phase !== 'merged' && !onTarget) {
    const outcome = task.state === 'cancelled' ? 'cancelled' : 'done'
    return write(record, moves.ending(state, mover, outcome, `closed as ${task.state} by a person`))
  }
  const mayStart = (): boolean => reach.start && letsStart(gateOf(sight), state)
  if (state.run.wants !== null) {
    const told = decideConflicts(sight, record)
    if (told !== null) return told
    if (!mayStart()) return { person: true }
    // An old look is no reason to end.
    if (waitsForConflict(world, policy, state) !== null)
      return world.conflicts?.revision === world.revision ? { person: true } : { wait: lookMs }
    const rest = restsFor(state, id, world, policy)
    // Its seat comes with a claim; who keeps it from that moves by itself, or waits for a person.
    return rest > 0 ? { wait: rest } : null
  }
  const base = decideBase(sight, record)
  if (base !== null && base !== 'waits') return base
  switch (state.phase) {
    case 'open':
      return decideEpic(sight, record)
    case 'closed':
      return null
    case 'spawned':
    case 'working':
      return (
        decideSetAside(sight, gateOf(sight), record) ??
        decideMet(sight, record) ??
        decideTargetNews(sight, task, record) ??
        decideTurn(sight, task, record)
      )
    case 'committed':
    case 'pr_created': {
      const verdict = decideReview(sight, task, record)
      if (verdict === 'may-land') return base === 'waits' ? { person: true } : verdict
      if (verdict === 'wants-review') return mayStart() ? (decideConflicts(sight, record) ?? verdict) : { person: true }
      // What is done anyway goes first, and a place in the lane is kept.
      return 'do' in verdict ? verdict : (decideConflicts(sight, record) ?? verdict)
    }
    case 'merged':
      return decideEnd(sight, task, record)
  }
}
