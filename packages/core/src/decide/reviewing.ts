import { type ProcessKey, reviewKey, turnKey } from '../model/process-key.ts'
import type { Guidance } from '../model/request.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import { isLive, type Turn } from '../model/turn.ts'
import type { Ready } from '../plan/plan.ts'
import type { Action } from './action.ts'
import { cannotRun, exitName, judge } from './judge.ts'
import * as moves from './moves.ts'
import * as reviews from './review-moves.ts'
import { backoffOf, freeSeats, isHeldBack } from './standing.ts'
import { lookMs, pastLimit, stopBecause, type Verdict, write } from './turn.ts'
import type { Sight } from './world.ts'

/** The run of its reviewer that counts; null: none has a seat. */
export function reviewerOf({ id, state }: Pick<RunRecord, 'id' | 'state'>): ProcessKey | null {
  const run = state.review?.reviewer?.run ?? null
  if (state.phase !== 'pr_created' || state.review === null || run === null) return null
  return reviewKey(id, state.review.head, run)
}

/**
 * What has to be done before a change counts as reviewed, where the policy asks a reviewer agent; null: nothing, or a person has let it land, which goes over it.
 * `wants-review`: its reviewer waits for a seat.
 */
export function decideReviewer(sight: Sight, task: Task, record: RunRecord): Verdict | 'wants-review' | null {
  const { world, policy } = sight
  const { id, state } = record
  const isOver = policy.landing.review === 'none' || state.review?.approved === true || isApproved(state)
  if (isOver) return stopReviewer(sight, record, 'its change was let through without it')
  const key = reviewerOf(record)
  if (key === null) {
    const rest = backoffOf(state.review?.reviewer?.lost ?? 0, policy) - (world.ages.record.get(id) ?? 0)
    return rest > 0 ? { wait: rest } : 'wants-review'
  }
  const turn = world.turns.get(key)
  switch (turn?.is) {
    case undefined:
      return { wait: lookMs }
    case 'never':
      return { do: 'start-review', id, record, task, key }
    case 'alive': {
      const why = pastLimit(sight, record, key)
      if (why !== null) return stopBecause(sight, record, key, why)
      const guidance = correctionOf(key, turn)
      const isNews = guidance !== null && guidance.key !== state.review?.reviewer?.told
      return isNews ? { do: 'send', id, record, key, guidance } : { wait: lookMs }
    }
    case 'unknown': {
      const left = policy.leaseMs - (world.ages.turn.get(key) ?? 0)
      return left > 0
        ? { wait: left }
        : decideLost(sight, record, `it cannot be told whether it still runs: ${turn.why}`)
    }
    case 'ended':
    case 'vanished': {
      if (turn.survivors) return { do: 'stop', id, key, why: 'its reviewer has ended and left processes behind' }
      if (turn.report?.tell === 'verdict') {
        const { tell: _, ...verdict } = turn.report
        return { do: 'take-verdict', id, record, key, verdict }
      }
      const unusable = turn.report?.tell === 'no-verdict' ? `its answer cannot be used: ${turn.report.why}` : null
      const how = turn.is === 'ended' ? exitName(turn.exit) : 'no record of its end'
      const hopeless = turn.is === 'ended' && cannotRun(turn.exit) && state.run.stopping === null
      return decideLost(sight, record, state.run.stopping ?? unusable ?? `it ended with ${how}`, hopeless)
    }
  }
}

/** What a reviewer hears of an answer that cannot be used, while it can still put that right; null: it has given none. */
function correctionOf(key: ProcessKey, { report, reports }: Extract<Turn, { is: 'alive' }>): Guidance | null {
  if (report?.tell !== 'no-verdict') return null
  const text = `Your answer cannot be used: ${report.why}. Nothing of it counts; answer once more.`
  return { key: `${key}-${reports}`, text, turn: null }
}

/** Its reviewer agent approves of the very head that would land. */
export function isApproved({ phase, run, review, branch }: RunRecord['state']): boolean {
  const isBack = run.wants !== null || phase === 'spawned' || phase === 'working'
  return !isBack && review?.verdict?.verdict === 'approve' && review.head === branch?.head
}

/** A person is asked because no reviewer gave a verdict. */
export function isWithoutVerdict({ phase, run, review }: RunRecord['state']): boolean {
  const { run: seat = null, lost = 0 } = review?.reviewer ?? {}
  return phase === 'pr_created' && run.stuck?.by === 'orch' && seat === null && lost > 0
}

/** Stops a reviewer whose verdict nobody waits for; null: nothing of it lives. */
export function stopReviewer({ world }: Sight, record: RunRecord, why: string): Verdict | null {
  const key = reviewerOf(record)
  if (key === null) return null
  const turn = world.turns.get(key)
  if (turn === undefined) return { wait: lookMs }
  return isLive(turn) ? { do: 'stop', id: record.id, key, why } : null
}

/** Garbage and nothing are no verdict, and least of all an approval: once more, a bounded number of times, then a person. */
function decideLost({ world, policy }: Sight, record: RunRecord, why: string, hopeless = false): Verdict {
  const { state } = record
  const mover = { owner: world.owner, at: world.now }
  const lost = (state.review?.reviewer?.lost ?? 0) + 1
  const next = reviews.reviewerLost(state, mover, `its reviewer gave no verdict: ${why}`)
  if (!hopeless && lost < policy.maxAttempts) return write(record, next)
  const reason = `its reviewer gave no verdict${lost > 1 ? ` ${lost} times` : ''}: ${why}`
  return write(record, moves.askPerson(next, mover, reason, ['land', 'retry', 'guide', 'cancel']))
}

/** What is done goes before what is not begun: reviewers get the free seats, in the order of the plan. */
export function decideSeats(sight: Sight, wanting: readonly RunRecord[], rank: Ready['rank']): readonly Action[] {
  const { world, policy } = sight
  if (wanting.length === 0 || world.vcs === null || !world.complete) return []
  const mover = { owner: world.owner, at: world.now }
  const place = (id: TaskId): number => rank.get(id) ?? rank.size
  const seats = Math.max(0, freeSeats(sight) - seatsOfReviewers(sight))
  return [...wanting]
    .sort((a, b) => place(a.id) - place(b.id))
    .slice(0, Math.min(seats, policy.maxAgents))
    .map((record) => ({
      do: 'claim',
      id: record.id,
      record,
      next: reviews.reviewerClaimed(record.state, mover),
    }))
}

/** Seats of reviewers, which are agents like any other. */
export function seatsOfReviewers({ world, policy }: Sight): number {
  const mayStart = ({ state }: RunRecord): boolean =>
    policy.landing.review === 'agent' && state.outcome === null && state.run.wants === null && state.run.stuck === null
  let seats = 0
  for (const record of world.records.values()) {
    const key = reviewerOf(record)
    if (key === null || isApproved(record.state)) continue
    const turn: Turn | undefined = world.turns.get(key)
    const holds = turn === undefined || turn.is === 'unknown' || isLive(turn)
    if (holds || (turn.is === 'never' && mayStart(record))) seats++
  }
  return seats
}

/** Seats that nobody else is to take: their authors have just left them, and reviewers are about to want them. */
export function seatsKept({ world, policy }: Sight): number {
  if (policy.landing.review === 'none') return 0
  const isKept = (record: RunRecord): boolean => {
    const { id, state } = record
    const { owner, wants, stuck } = state.run
    const moves =
      owner !== null && world.liveOwners.has(owner) && wants === null && stuck === null && !isHeldBack(state)
    if (!moves || state.outcome !== null || world.tasks.get(id)?.kind !== 'change') return false
    if (state.phase === 'committed') return true
    if (state.phase === 'pr_created') {
      const { approved = false, waits = null } = state.review ?? {}
      return reviewerOf(record) === null && !approved && waits === null && !isApproved(state)
    }
    const turn = world.turns.get(turnKey(id, state.run.attempt, state.run.turn))
    const isOver = turn?.is === 'ended' || turn?.is === 'vanished'
    return state.phase === 'working' && isOver && !turn.survivors && judge(turn, state).is === 'done'
  }
  return [...world.records.values()].filter(isKept).length
}
