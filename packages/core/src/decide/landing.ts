import { checkKey, type ProcessKey, targetCheckKey } from '../model/process-key.ts'
import type { Candidate, Oid, RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import { isLive } from '../model/turn.ts'
import { cannotRun, exitName } from './judge.ts'
import * as moves from './moves.ts'
import { decideOutside } from './outside.ts'
import { lookMs, span, stopBecause, type Verdict, write } from './turn.ts'
import type { Sight } from './world.ts'

/** How long a landing that something outside the task keeps waiting is left alone before it is tried again. */
const heldMs = 2000

/** The rows of the recovery table for a change that waits for its landing, up to the gate: phases `committed` and `pr_created`. */
export function decideReview(sight: Sight, task: Task, record: RunRecord): Verdict | 'may-land' {
  const { world, policy } = sight
  const { id, state } = record
  const mover = { owner: world.owner, at: world.now }
  const head = state.branch?.head ?? null
  if (head === null) return { person: true }
  if (state.phase === 'committed') {
    return state.run.stuck === null ? { do: 'open-review', id, record, task } : { person: true }
  }

  const there = world.vcs?.landed.get(id)
  const live = there === undefined ? null : liveChecks(sight, record)
  if (live !== null) return { do: 'stop', id, key: live, why: 'it has landed already' }
  if (there !== undefined && !seesChecks(sight, record)) return { wait: lookMs }
  if (there !== undefined) return write(record, moves.landed(state, mover, there.commit, there.by))
  if (state.run.stuck !== null) return { person: true }
  if (state.review?.head !== head) return { do: 'open-review', id, record, task }

  const astray = decideOutside(sight, record)
  if (astray !== null) return astray

  const review = world.reviews?.get(state.branch?.name ?? '')
  if (review?.state === 'closed' || review?.state === 'changes-requested') {
    const stopped = displace(sight, record, `its review was ${review.state === 'closed' ? 'closed' : 'answered'}`)
    if (stopped !== null) return stopped
  }
  if (review?.state === 'closed') {
    const reason = 'its review was closed without merging'
    return write(record, moves.askPerson(state, mover, reason, ['retry', 'cancel'], review.url))
  }
  if (review?.state === 'changes-requested' && state.run.repairs >= policy.landing.maxRepairs) {
    const reason = `changes are requested again after ${state.run.repairs} repairs`
    return write(record, moves.askPerson(state, mover, reason, ['guide', 'cancel'], review.url))
  }
  if (review?.state === 'changes-requested') {
    return write(
      record,
      moves.repair(state, mover, `Changes were requested: ${review.url}`, `review-${state.review.round}`),
    )
  }
  // Approved is what was seen: another head is another review.
  if (review?.state === 'approved' && review.head === head && !state.review.approved)
    return write(record, moves.approved(state, mover))
  const open = policy.landing.by === 'orchestrator' || state.review.approved
  // A new run tries once more: what is red may have been outside of the repository.
  const tried = waitsForTarget(sight, record) && world.ages.landing.has(id)
  return open && !tried ? 'may-land' : { person: true }
}

/** The next step of the one change whose turn it is to land. */
export function decideLanding(sight: Sight, task: Task, record: RunRecord): Verdict {
  const { world, policy } = sight
  const { id, state } = record
  if (world.vcs === null) return { wait: lookMs }
  const candidate = state.review?.candidate ?? null
  if (!standsOn(candidate, world.vcs.target) || state.review?.waits?.for === 'red-target') {
    const stopped = displace(sight, record, 'the target has moved')
    if (stopped !== null) return stopped
    return { do: 'build-candidate', id, record, task, base: world.vcs.target, stacked: false }
  }
  const { checks, checkMs } = policy.landing
  if (checks.length === 0) return { do: 'land', id, record }

  const key = checkKey(id, candidate.tree, checks, candidate.run)
  const verdict: Turn | undefined = world.turns.get(key)
  if (verdict === undefined) return { wait: lookMs }
  switch (verdict.is) {
    case 'never':
      return { do: 'start-checks', id, record, key, on: 'candidate', check: null }
    case 'alive': {
      if ((world.ages.turn.get(key) ?? 0) <= checkMs) return { wait: lookMs }
      return stopBecause(sight, record, key, `its checks took more than ${span(checkMs)}`)
    }
    case 'ended': {
      if (verdict.survivors) return { do: 'stop', id, key, why: 'its checks have ended and left processes behind' }
      return verdict.exit === 0 ? { do: 'land', id, record } : decideRed(sight, record, candidate, verdict)
    }
    case 'vanished':
    case 'unknown':
      return decideLost(sight, record, candidate, { key, turn: verdict })
  }
}

/** Built on `base`, and to be judged there. */
export function standsOn(candidate: Candidate | null | undefined, base: Oid | undefined): candidate is Candidate {
  return candidate != null && candidate.base === base && candidate.displaced !== true
}

/** Stops the checks of a candidate that is to be built again; null when none run. What is written first keeps their end from being judged. */
export function displace(sight: Sight, record: RunRecord, why: string): Verdict | null {
  const { id, state } = record
  const key = liveChecks(sight, record)
  if (key === null) return seesChecks(sight, record) ? null : { wait: lookMs }
  if (state.review?.candidate?.displaced === true) return { do: 'stop', id, key, why }
  return write(record, moves.displaced(state, { owner: sight.world.owner, at: sight.world.now }, why))
}

/** Red checks are the change's own fault only if the target passes the very check that is red. */
function decideRed(
  sight: Sight,
  record: RunRecord,
  candidate: Candidate,
  red: Extract<Turn, { is: 'ended' }>,
): Verdict {
  const { world, policy } = sight
  const { id, state } = record
  const { checks, checkMs } = policy.landing
  const check = lastBegun(red, checks.length)
  const awaits: Verdict = { do: 'await-target', id, record, check }
  const key = targetCheckKey(id, candidate.tree, checks, candidate.run)
  const target = world.turns.get(key)
  if (target === undefined) return { wait: lookMs }
  switch (target.is) {
    case 'never':
      return { do: 'start-checks', id, record, key, on: 'target', check }
    case 'alive': {
      if ((world.ages.turn.get(key) ?? 0) <= checkMs) return { wait: lookMs }
      return { do: 'stop', id, key, why: `the checks of the target took more than ${span(checkMs)}` }
    }
    case 'ended': {
      if (target.survivors) return { do: 'stop', id, key, why: 'the checks of the target have left processes behind' }
      const unrunnable = state.run.stopping === null && cannotRun(red.exit) && cannotRun(target.exit)
      if (target.exit !== 0 && !unrunnable) return awaits
      const why = unrunnable
        ? `the checks cannot be run: ${exitName(red.exit)}`
        : `the checks are red (exit ${red.exit})`
      const rejected = checkKey(id, candidate.tree, checks, candidate.run)
      return { do: 'reject', id, record, key: rejected, why: state.run.stopping ?? why, unrunnable }
    }
    case 'vanished':
    case 'unknown':
      return decideLost(sight, record, candidate, { key, turn: target })
  }
}

/** A run of the checks without a verdict is repeated as another run, a bounded number of times. */
function decideLost(
  { world, policy }: Sight,
  record: RunRecord,
  candidate: Candidate,
  { key, turn }: { readonly key: ProcessKey; readonly turn: Extract<Turn, { is: 'vanished' | 'unknown' }> },
): Verdict {
  const { id, state } = record
  if (turn.is === 'vanished' && turn.survivors) return { do: 'stop', id, key, why: 'its checks were killed' }
  const left = turn.is === 'unknown' ? policy.leaseMs - (world.ages.turn.get(key) ?? 0) : 0
  if (left > 0) return { wait: left }
  const mover = { owner: world.owner, at: world.now }
  const lost = candidate.lost + 1
  if (lost >= policy.maxAttempts) {
    const reason = `its checks ended ${lost} times without a verdict (killed, or the machine went down)`
    return write(record, moves.askPerson(state, mover, reason, ['guide', 'retry', 'cancel']))
  }
  return write(record, moves.withCandidate(state, mover, { ...candidate, lost }))
}

/** Which check was the last to begin, from 1, as the run itself has reported; null when another report came after that. */
function lastBegun({ report }: Extract<Turn, { is: 'ended' }>, checks: number): number | null {
  const said = report?.tell === 'working' ? Number(/^check (\d+)$/.exec(report.note ?? '')?.[1]) : 0
  return said >= 1 && said <= checks ? said : null
}

/** It waits for the target to be mended, and the target has not moved since. */
export function waitsForTarget({ world }: Sight, { state }: Pick<RunRecord, 'state'>): boolean {
  return state.review?.waits?.for === 'red-target' && state.review.candidate?.base === world.vcs?.target
}

/** The checks of a task that may still run, or have left processes behind; nobody would look after them once the record has moved on. */
export function liveChecks(
  { world, policy }: Sight,
  { id, state }: Pick<RunRecord, 'id' | 'state'>,
): ProcessKey | null {
  const candidate = state.review?.candidate ?? null
  if (state.phase !== 'pr_created' || candidate === null || policy.landing.checks.length === 0) return null
  const { checks } = policy.landing
  const { tree, run } = candidate
  const runs = (key: ProcessKey): boolean => {
    const turn = world.turns.get(key)
    return turn !== undefined && isLive(turn)
  }
  return [checkKey(id, tree, checks, run), targetCheckKey(id, tree, checks, run)].find(runs) ?? null
}

/** False while the runner does not say what became of its checks: they may run. */
export function seesChecks({ world, policy }: Sight, { id, state }: Pick<RunRecord, 'id' | 'state'>): boolean {
  const candidate = state.review?.candidate ?? null
  if (state.phase !== 'pr_created' || candidate === null || policy.landing.checks.length === 0) return true
  const { tree, run } = candidate
  const { checks } = policy.landing
  const turn = world.turns.get(checkKey(id, tree, checks, run))
  if (turn === undefined) return false
  // Those of the target follow red ones only.
  return turn.is !== 'ended' || turn.exit === 0 || world.turns.has(targetCheckKey(id, tree, checks, run))
}

/** Whether a landing that was held is to be left alone for now: milliseconds, 0 when it may be tried. */
export function heldFor(sight: Sight, record: RunRecord): number {
  if (record.state.review?.waits?.for !== 'held-by-user') return 0
  const tried = sight.world.ages.landing.get(record.id)
  return tried === undefined ? 0 : Math.max(0, heldMs - tried)
}

/** Changes per agent that may wait to be landed by us before another task is started. */
const backlogPerAgent = 8

/** As many changes as they should be wait to land by themselves, one after the other. */
export function isBacklogged({ world, policy }: Sight): boolean {
  if (policy.landing.by === 'human') return false
  const soon = [...world.records.values()].filter(
    ({ state }) => state.phase === 'pr_created' && state.run.stuck === null && state.review?.waits == null,
  )
  return soon.length >= backlogPerAgent * policy.maxAgents
}
