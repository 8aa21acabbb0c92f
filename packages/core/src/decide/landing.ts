import type { Policy } from '../model/policy.ts'
import type { Candidate, Oid, RunRecord, RunState } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import { liveChecks, seesChecks } from './checking.ts'
import { liveJudging, seesJudging } from './judging.ts'
import * as landings from './landing-moves.ts'
import * as moves from './moves.ts'
import { decideOutside } from './outside.ts'
import { decideReviewer, stopReviewer } from './reviewing.ts'
import { targetOf } from './targets.ts'
import { lookMs, type Verdict, write } from './turn.ts'
import type { Sight } from './world.ts'

/** How long a landing that something outside the task keeps waiting is left alone before it is tried again. */
const heldMs = 2000
/** The same for one that its review host does not merge: milliseconds. */
const hostMs = 30_000
/** How long a look at the target, or at a review, may be old, in milliseconds. */
const unseenMs = 60_000

/** The rows of the recovery table for a change that waits for its landing, up to the gate: phases `committed` and `pr_created`. */
export function decideReview(sight: Sight, task: Task, record: RunRecord): Verdict | 'may-land' | 'wants-review' {
  const { world, policy } = sight
  const { id, state } = record
  const mover = { owner: world.owner, at: world.now }
  const head = state.branch?.head ?? null
  if (head === null) return { person: true }
  if (state.phase === 'committed') {
    return state.run.stuck === null ? { do: 'open-review', id, record, task } : { person: true }
  }

  const there = world.vcs?.landed.get(id)
  const merged = decideMerged(sight, record)
  if (merged !== null) return merged
  const live = there === undefined ? null : liveJudging(sight, record)
  if (live !== null) return { do: 'stop', id, key: live, why: 'it has landed already' }
  if (there !== undefined && !seesJudging(sight, record)) return { wait: lookMs }
  // It was looked at, and a person has to say how to go on.
  if (there?.by === 'us' && isHalted(state)) return { person: true }
  if (there?.by === 'us' && state.review?.candidate != null)
    return { do: 'verify-landing', id, record, commit: there.commit }
  if (there !== undefined) return write(record, landings.landed(state, mover, there.commit, there.by))
  if (state.run.stuck !== null) return { person: true }
  if (state.review?.head !== head) return { do: 'open-review', id, record, task }

  const astray = decideOutside(sight, record)
  if (astray !== null) return astray

  // What its host says no to may be what it does not say now.
  if (world.reviews === null) return { wait: lookMs }
  const review = world.reviews.get(state.branch?.name ?? '')
  const isMerged = review?.state === 'merged' && landsByHost(policy, state)
  if (review?.state === 'closed' || review?.state === 'changes-requested' || isMerged) {
    const why = `its review was ${review.state === 'changes-requested' ? 'answered' : review.state}`
    const stopped = stopReviewer(sight, record, why) ?? displace(sight, record, why)
    if (stopped !== null) return stopped
  }
  if (isMerged) return decideUnseen(sight, record)
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
    return write(record, landings.approved(state, mover))
  // Its epic says so.
  if (world.vcs !== null && targetOf(world.vcs, state) === undefined) return { person: true }
  const unreviewed = decideReviewer(sight, task, record)
  if (unreviewed !== null) return unreviewed
  const open = state.review.approved || (policy.landing.by === 'orchestrator' && guardedIn(state).length === 0)
  // A new run tries once more: what is red may have been outside of the repository.
  const tried = waitsForTarget(sight, record) && world.ages.landing.has(id)
  return open && !tried ? 'may-land' : { person: true }
}

/** Not by us: its review host does, and what that has made of it is seen from git. */
export function landsByHost({ landing }: Policy, { branch }: RunState): boolean {
  return landing.via === 'host' && branch?.target === undefined
}

/** Merged by its review host, which we have asked for it. */
function decideMerged({ world }: Sight, record: RunRecord): Verdict | null {
  const { id, state } = record
  if (state.review?.candidate?.asked !== true) return null
  if (isHalted(state)) return { person: true }
  const there = world.vcs?.landed.get(id)
  const review = world.reviews?.get(state.branch?.name ?? '')
  const commit = review?.commit ?? there?.commit
  if (review?.state === 'merged' && review.head === state.branch?.head && commit !== undefined)
    return { do: 'verify-landing', id, record, commit }
  // Whose doing it is only the host knows, which may have been looked at before git was.
  const isOld = world.reviews === null || (world.ages.record.get(id) ?? 0) < unseenMs
  return there !== undefined && isOld ? { wait: lookMs } : null
}

/** Merged by its review host, and the target does not hold it as far as the version control knows. It is merged only once, so nothing here could bring it there. */
function decideUnseen({ world }: Sight, record: RunRecord): Verdict {
  const { id, state } = record
  if (world.vcs === null) return { wait: lookMs }
  const why = 'its review is merged, and the branch that it was for does not hold it'
  if (state.review?.waits?.why !== why)
    return write(record, landings.held(state, { owner: world.owner, at: world.now }, { for: 'host', why, check: null }))
  return (world.ages.record.get(id) ?? 0) < unseenMs ? { wait: lookMs } : { person: true }
}

/** Whose landing was violated: nothing lands before a person has said how to go on. */
export function haltedBy({ records }: Pick<Sight['world'], 'records'>): TaskId | null {
  return [...records.values()].find(({ state }) => isHalted(state))?.id ?? null
}

export function isHalted({ review, run, outcome }: RunState): boolean {
  return review?.waits?.for === 'violated' && run.stuck !== null && outcome === null
}

/** What it changes of the protected files. */
export function guardedIn({ branch }: RunRecord['state']): readonly string[] {
  return branch?.guarded ?? []
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
  return write(record, landings.displaced(state, { owner: sight.world.owner, at: sight.world.now }, why))
}

/** It waits for the target to be mended, and the target has not moved since. */
export function waitsForTarget({ world }: Sight, { state }: Pick<RunRecord, 'state'>): boolean {
  return (
    state.review?.waits?.for === 'red-target' &&
    world.vcs !== null &&
    state.review.candidate?.base === targetOf(world.vcs, state)
  )
}

/** Whether a landing that was held is to be left alone for now: milliseconds, 0 when it may be tried. */
export function heldFor(sight: Sight, record: RunRecord): number {
  const { waits, candidate } = record.state.review ?? {}
  const { vcs, ages } = sight.world
  const tried = ages.landing.get(record.id)
  const isHeld = waits?.for === 'held-by-user'
  // On another target it is another question.
  const isRefused = waits?.for === 'host' && vcs !== null && standsOn(candidate, targetOf(vcs, record.state))
  if (tried === undefined || !(isHeld || isRefused)) return 0
  return Math.max(0, (isHeld ? heldMs : hostMs) - tried)
}

/** The longest rest between two pushes to a remote that does not answer, in milliseconds. */
const longestAwayMs = 60_000

/**
 * How long nothing is pushed because the remote did not answer: milliseconds, 0 when it may be tried. Each rest is half as long as it has been away, so they grow,
 * and nobody has to count them.
 */
export function awayFor({ world }: Sight): number {
  const { record: stood, landing: tried } = world.ages
  const away = [...world.records.values()].filter(
    ({ id, state }) => state.review?.waits?.for === 'unreachable' && state.outcome === null && tried.has(id),
  )
  if (away.length === 0) return 0
  const since = Math.max(...away.map(({ id }) => stood.get(id) ?? 0))
  const last = Math.min(...away.map(({ id }) => tried.get(id) ?? 0))
  return Math.max(0, Math.min(longestAwayMs, Math.max(heldMs, since / 2)) - last)
}

/** Changes per agent that may wait to be landed by us before another task is started. */
const backlogPerAgent = 8

/** As many changes as they should be wait to land by themselves, one after the other. */
export function isBacklogged({ world, policy }: Sight): boolean {
  if (policy.landing.by === 'human') return false
  const soon = [...world.records.values()].filter(
    ({ state }) =>
      state.phase === 'pr_created' &&
      state.run.stuck === null &&
      state.run.wants === null &&
      state.review?.waits == null &&
      (state.review?.approved === true || guardedIn(state).length === 0),
  )
  return soon.length >= backlogPerAgent * policy.maxAgents
}
