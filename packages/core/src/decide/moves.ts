import { OrchError } from '../model/error.ts'
import { type PhaseEvent, step } from '../model/phase.ts'
import { defaultPolicy } from '../model/policy.ts'
import type { Guidance, Stuck } from '../model/request.ts'
import type {
  BranchFacts,
  KnownConflict,
  Oid,
  Outcome,
  OwnerId,
  ReviewFacts,
  RunFacts,
  RunState,
} from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { TaskId } from '../model/task.ts'

/** When a move is made, and by whom: `at` is the wall clock for people. */
export interface Mover {
  readonly owner: OwnerId
  readonly at: string
}

/** How many steps of its history a record keeps, the newest, and how many characters of each reason. */
const historyLimit = { steps: 50, why: 200 }

export function moved(
  state: RunState,
  event: PhaseEvent | null,
  { at, owner }: Mover,
  why: string,
  run: Partial<RunFacts>,
): RunState {
  const phase = event === null ? state.phase : step(state.phase, event)
  if (phase === null) throw new OrchError('bug', `a task in phase ${state.phase} cannot ${event}`)
  const tells = event !== null || run.stuck != null || run.wants != null
  const told = { phase, at, by: owner, why: why.slice(0, historyLimit.why) }
  const history = [...(state.run.history ?? []), ...(tells ? [told] : [])].slice(-historyLimit.steps)
  return { ...state, phase, run: { ...state.run, ...run, movedAt: at, why, history } }
}

/**
 * Takes the seat for the next turn or attempt. The attempt is the fencing token: it grows with every claim but the one for
 * another turn of the same attempt. Write it with the revision that it was decided on.
 */
export function claim(
  id: TaskId,
  state: RunState,
  mover: Mover,
  target: Oid,
  branchPrefix = defaultPolicy.branchPrefix,
): RunState {
  const again = state.run.wants === 'turn'
  const slug = slugOf(id)
  const branch: BranchFacts = state.branch ?? {
    workspace: slug,
    name: branchPrefix + slug,
    base: target,
    head: null,
    left: [],
    before: null,
  }
  const attempt = again ? state.run.attempt : state.run.attempt + 1
  const turn = again ? state.run.turn + 1 : 1
  const why = again ? `turn ${turn} of attempt ${attempt}` : `claimed for attempt ${attempt}`
  return {
    ...moved(state, 'claim', mover, why, {
      attempt,
      turn,
      owner: mover.owner,
      wants: null,
      answered: 0,
      stuck: null,
      stopping: null,
      startedAt: state.run.startedAt ?? mover.at,
      knownTarget: target,
      // The prompt of this turn will say all that is not told yet; what comes later goes to its inbox.
      guidance: state.run.guidance.map((g) => (g.turn === null ? { ...g, turn: `${attempt}.${turn}` } : g)),
    }),
    branch,
  }
}

/** Takes over from an owner whose lease ran out. The attempt stays: its agent may be alive, and the record is the fence. */
export function adopt(state: RunState, mover: Mover): RunState {
  return moved(state, null, mover, `taken over from ${state.run.owner ?? 'nobody'}`, { owner: mover.owner })
}

/** Nobody's again, as it was before whoever opened it in its source had taken it. */
export function reopened(state: RunState, mover: Mover): RunState {
  return moved(state, null, mover, 'opened again by a person', { owner: null })
}

/** The turn's process was seen; `where` it works is for people. */
export function started(
  state: RunState,
  mover: Mover,
  where: { readonly pid?: number | undefined; readonly directory?: string | undefined } = {},
): RunState {
  const { pid = null, directory } = where
  const next = moved(state, 'start', mover, `turn ${turnLabel(state)} started`, { pid })
  return directory === undefined || next.branch === null ? next : { ...next, branch: { ...next.branch, directory } }
}

/** Of an epic: its tasks are over, and nobody has to do anything before what they did is sealed. */
export function gathered(state: RunState, mover: Mover): RunState {
  return moved(state, 'start', mover, 'its tasks are over', { pid: null })
}

export function turnLabel(state: RunState): string {
  return `${state.run.attempt}.${state.run.turn}`
}

export function committed(
  state: RunState,
  mover: Mover,
  head: Oid,
  left: readonly string[],
  outside: readonly string[] = [],
  guarded: readonly string[] = [],
  why = 'its agent is done',
): RunState {
  const run = { failures: 0, failure: null, stopping: null }
  const next = moved(state, 'seal', mover, why, run)
  return { ...next, branch: state.branch && { ...state.branch, head, left, outside, guarded, before: null } }
}

export function reviewOpened(state: RunState, mover: Mover, head: Oid, url: string | null): RunState {
  const review: ReviewFacts = {
    head,
    round: (state.review?.round ?? 0) + 1,
    url: url ?? state.review?.url ?? null,
    approved: false,
    candidate: null,
    landed: null,
    waits: null,
  }
  return { ...moved(state, 'open-review', mover, `review round ${review.round}`, {}), review }
}

/** An attempt came to nothing; another follows when a seat is free. `before`: what it left, as it was kept. */
export function failedAttempt(state: RunState, mover: Mover, why: string, before: Oid | null, jitter = 0): RunState {
  const failures = state.run.failures + 1
  const next = moved(state, null, mover, why, { failures, jitter, failure: why, wants: 'attempt', stuck: null })
  return { ...next, branch: state.branch && { ...state.branch, before } }
}

/** Why its process is about to be stopped: its exit status alone would not tell. */
export function stopping(state: RunState, mover: Mover, why: string): RunState {
  return moved(state, null, mover, why, { stopping: why })
}

/** A question of ours to a person, with what they may answer. */
export function askPerson(
  state: RunState,
  mover: Mover,
  reason: string,
  options: readonly string[],
  context = '',
): RunState {
  return stuck(state, mover, { reason, options, context, by: 'orch', report: 0 })
}

export function stuck(state: RunState, mover: Mover, stuckNow: Stuck): RunState {
  return moved(state, null, mover, `stuck: ${stuckNow.reason}`, { stuck: stuckNow })
}

/** Guidance that waits for the next prompt (`turn: null`), or that the living turn was just handed. */
export function guided(state: RunState, mover: Mover, guidance: Guidance): RunState {
  const run = state.run
  return moved(state, null, mover, `guided: ${guidance.text}`, {
    guidance: [...run.guidance.filter((g) => g.key !== guidance.key), guidance],
    stuck: null,
    answered: Math.max(run.answered, run.stuck?.report ?? 0),
  })
}

/** What it is known to conflict with, and what its agent is to hear of that; a person's answer is waited for all the same. */
export function knowsConflicts(
  state: RunState,
  mover: Mover,
  conflicts: readonly KnownConflict[],
  news: Guidance | null = null,
): RunState {
  const guidance = news === null ? state.run.guidance : [...state.run.guidance.filter((g) => g.key !== news.key), news]
  // Why it last moved is what a person asks.
  return moved(state, null, mover, state.run.why, { conflicts, guidance })
}

/** The target as far as it is known, and what its agent is to hear of it. */
export function knowsTarget(state: RunState, mover: Mover, target: Oid, news: Guidance | null): RunState {
  const guidance = news === null ? state.run.guidance : [...state.run.guidance, news]
  return moved(state, null, mover, state.run.why, { knownTarget: target, guidance })
}

/** Back to the agent: the next turn starts when a seat is free. The review stays, its approval does not. */
export function wantsTurn(state: RunState, mover: Mover, why: string): RunState {
  const next = moved(state, null, mover, why, { wants: 'turn', stuck: null })
  return { ...next, review: state.review && { ...state.review, approved: false, candidate: null, waits: null } }
}

/** A conflict or red checks: told to the agent as guidance of ours, counted. `why` is for people. */
export function repair(state: RunState, mover: Mover, text: string, key: string, why = text): RunState {
  const next = guided(state, mover, { key, text, turn: null })
  const back = wantsTurn(next, mover, why)
  return { ...back, run: { ...back.run, repairs: state.run.repairs + 1 } }
}

/** A person wants another attempt; `fresh`: on a new branch, the old one is retired already. */
export function retried(state: RunState, mover: Mover, fresh: boolean): RunState {
  const isClosed = state.phase === 'closed'
  const anew = fresh || isClosed
  const next = moved(state, isClosed ? 'reopen' : null, mover, fresh ? 'retried on a new branch' : 'retried', {
    wants: 'attempt',
    failures: 0,
    repairs: 0,
    stuck: null,
    owner: isClosed ? null : state.run.owner,
    resume: anew ? null : state.run.resume,
    failure: anew ? null : state.run.failure,
    stopping: null,
    conflicts: anew ? [] : (state.run.conflicts ?? []),
  })
  return { ...next, outcome: null, branch: anew ? null : state.branch, review: anew ? null : next.review }
}

/** The living turn was handed the guidance `key`. */
export function told(state: RunState, mover: Mover, key: string): RunState {
  const guidance = state.run.guidance.map((g) => (g.key === key ? { ...g, turn: turnLabel(state) } : g))
  return moved(state, null, mover, 'guidance handed to the agent', { guidance })
}

/** How it will end, said before anything is stopped or taken away. */
export function ending(state: RunState, mover: Mover, outcome: Outcome, why: string): RunState {
  return { ...moved(state, null, mover, why, { stuck: null, wants: null, taken: null }), outcome }
}

export function closed(state: RunState, mover: Mover): RunState {
  return moved(state, 'close', mover, state.run.why, { owner: null })
}
