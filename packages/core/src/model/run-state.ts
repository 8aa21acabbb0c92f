import type { JsonValue } from './json.ts'
import type { Phase } from './phase.ts'
import type { Guidance, Stuck } from './request.ts'
import type { ReviewVerdict } from './review-verdict.ts'
import type { TaskId } from './task.ts'

/** A git object id, full length (40 or 64 lower-case hex digits). */
export type Oid = string
/** Opaque: equality, nothing else. */
export type Version = string
/** Opaque: equality, nothing else. */
export type Revision = string
export type OwnerId = string

/** What the run knows of one task. Plain JSON; opaque to the adapter that stores it. Written by compare-and-swap only. */
export interface RunState {
  readonly v: 1
  readonly phase: Phase
  readonly run: RunFacts
  readonly branch: BranchFacts | null
  readonly review: ReviewFacts | null
  /** How it ends: decided before its agent is stopped and its workspace retired, final in phase `closed`. */
  readonly outcome: Outcome | null
}

/** `done` landed; `no-changes` had nothing to land; `cancelled` by a person. */
export type Outcome = 'done' | 'no-changes' | 'cancelled'

export interface RunFacts {
  /** Grows with every claim: the fencing token. 0 before the first. */
  readonly attempt: number
  /** Turn within the attempt, from 1. */
  readonly turn: number
  readonly owner: OwnerId | null
  /** It waits for a seat: for the next turn of this attempt (an answer, a repair), or for another attempt. */
  readonly wants: 'turn' | 'attempt' | null
  /** How many reports of the present turn are dealt with; a stuck report beyond them is unanswered. */
  readonly answered: number
  /** Attempts that failed since a person last said `retry`. */
  readonly failures: number
  /** Share of its backoff by which the next attempt comes sooner, 0 to 0.5: what fails together does not come back together. Default 0. */
  readonly jitter?: number
  /** Why the last attempt failed; told to the next one. */
  readonly failure: string | null
  /** Number of the present turn's process on its machine, as its runner told it, for people. Default null: nobody told. */
  readonly pid?: number | null
  /** Why the present process is being stopped, said before it is. */
  readonly stopping: string | null
  /** How often checks were to run on a candidate of this task: numbers the runs, so that no old verdict is taken for a new one. */
  readonly checks: number
  /** The same for its reviewer. Default 0. */
  readonly reviews?: number
  /** Times that a conflict, red checks or a reviewer's findings went back to the agent since then. */
  readonly repairs: number
  readonly stuck: Stuck | null
  /** Everything that a person told the agent, oldest first. */
  readonly guidance: readonly Guidance[]
  /** What the agent needs to resume its own session. Only its profile reads it. */
  readonly resume: JsonValue | null
  /** Wall clock of the first claim and of the last move, for people only (ISO 8601). */
  readonly startedAt: string | null
  readonly movedAt: string
  /** Why it last moved, one sentence, for people. */
  readonly why: string
  /** How it came here, oldest first, the newest 50 steps. Default none. */
  readonly history?: readonly HistoryStep[]
  /** Of an epic: whether its source has a task for it, without which it is gone. Default: nobody has looked. */
  readonly listed?: boolean
  /** A person has let it go although the task says `hold`. */
  readonly released: boolean
  /** A person works in its workspace, and what that held when they took it; null: nobody does. Default null. */
  readonly taken?: { readonly kept: Kept | null } | null
  /** A person keeps its next turn from starting. Default false. */
  readonly paused?: boolean
  /** What a person said instead of the task's own priority. Default null. */
  readonly priority?: number | null
  /** The target as far as it is known whether its agent has to hear of it. Default null: nothing is. */
  readonly knownTarget?: Oid | null
  /** Changes that its own would not merge with as both were when that was last looked at; its agent was told of them. Default none. */
  readonly conflicts?: readonly KnownConflict[]
}

export interface KnownConflict {
  /** Null: the target. */
  readonly with: TaskId | null
  /** Of the two it is this task that goes first. */
  readonly goesFirst: boolean
  /** Every one that it was ever told of. */
  readonly files: readonly string[]
}

/** A phase was reached, an attempt or turn came to nothing, or a decision was needed. */
export interface HistoryStep {
  /** The phase from then on. */
  readonly phase: Phase
  /** Wall clock, for people only (ISO 8601). */
  readonly at: string
  /** The orchestrator that wrote it down. */
  readonly by: OwnerId
  /** One sentence, cut after 200 characters. */
  readonly why: string
}

/** A workspace as it was at one moment, under pins. */
export interface Kept {
  readonly head: Oid
  /** HEAD and what was not committed, as one commit; `head` when there was nothing. */
  readonly oid: Oid
}

export interface BranchFacts {
  /** The workspace's name: the task's slug, also after `retry --fresh`, which retires the old one first; or its group's. */
  readonly workspace: string
  /** Where that is, absolute, as it was when its last turn started, for people. Absent: none has. */
  readonly directory?: string
  readonly name: string
  /** The branch that it lands on, when it is not the repository's target. */
  readonly target?: string
  /** Where the branch started: on the target, or with `on` at the head of another task's branch. */
  readonly base: Oid
  /** Tasks whose changes its branch started with and that have not landed, the one on whose branch it started first: it lands after them. Absent: none. */
  readonly on?: readonly TaskId[]
  /** Tasks whose changes its branch started with and that will not land: it lands without those. Absent: none. */
  readonly lost?: readonly TaskId[]
  /** The sealed head: the commit that review, checks and landing use. */
  readonly head: Oid | null
  /** Files that sealing left out, because they are outside the task's scope; preserved. */
  readonly left: readonly string[]
  /** Files outside the task's scope that the sealed head changes all the same, and that no command of the policy makes anew. Default none. */
  readonly outside?: readonly string[]
  /** Protected files that the sealed head changes: a person lets it land, or nobody. Default none. */
  readonly guarded?: readonly string[]
  /** What the failed attempt before left, as it was kept: an attempt that changes none of its files has done nothing. */
  readonly before: Oid | null
  /** Its workspace was there before its first attempt, as after a lost database: what it holds is noted before an agent starts in it. */
  readonly found?: boolean
}

export interface ReviewFacts {
  readonly head: Oid
  /** Grows when the head moves. */
  readonly round: number
  readonly url: string | null
  /** A person let it land (`orch land`). */
  readonly approved: boolean
  /** The reviewer agent of this head; absent: none was asked yet. */
  readonly reviewer?: ReviewerFacts
  /** The approval of a reviewer agent, of this very head; absent: there is none. */
  readonly verdict?: ReviewVerdict
  readonly candidate: Candidate | null
  /** The commit on the target, once it is there; `by` tells whose landing it was. */
  readonly landed: { readonly commit: Oid; readonly by: 'us' | 'other' } | null
  /** Why it does not land now although nothing is known to be wrong with it. */
  readonly waits: LandingWait | null
}

export interface ReviewerFacts {
  /** The run that has a seat: the task's `reviews` when it was claimed; null: it waits for another seat. */
  readonly run: number | null
  /** Runs on this head that ended without a verdict. */
  readonly lost: number
  /** Why the last of those gave none; told to the next one. Absent: every one before gave one. */
  readonly failure?: string
  /** The key of what it was told last, which is what is wrong with its answer. Absent: it was told nothing. */
  readonly told?: string
}

/**
 * What only a person can put right, but not by an answer: `held-by-user`, a file that it touches is being edited where the target is
 * checked out; `red-target`, the target fails the same check without it; `violated`, it was landed and the target does not hold it as it was tested;
 * `unreachable`, the remote that it is to be pushed to does not answer, which may pass by itself; `host`, the review host does not merge it yet, or has merged it and
 * the target does not hold it.
 */
export interface LandingWait {
  readonly for: 'held-by-user' | 'red-target' | 'violated' | 'unreachable' | 'host'
  /** One sentence. */
  readonly why: string
  /** `red-target`: which of the checks, from 1; null when that is not known. */
  readonly check: number | null
}

/** A commit built for landing: the head on `base`, by the landing method. */
export interface Candidate {
  readonly base: Oid
  readonly commit: Oid
  readonly tree: Oid
  /** Which run of the checks counts: the task's `checks` when it was asked for. */
  readonly run: number
  /** Runs of the checks on this candidate that ended without a verdict. */
  readonly lost: number
  /** Of the files that a command makes anew on it before it is checked, one for each command. Default none: it is whole. */
  readonly stale?: readonly string[]
  /**
   * The tree that its checks ran on, where that is not `tree`: since then the changes `beside` have landed in other lanes (`landing.lanes`), and nobody has checked it together with
   * them. Default: they run on `tree`.
   */
  readonly checked?: { readonly tree: Oid; readonly beside: readonly TaskId[] }
  /** It was to be built again while its checks ran: they are stopped, and what they end with is no verdict. Default false. */
  readonly displaced?: boolean
  /** The review host was asked to merge what it was built of, and has not said no since. Default false. */
  readonly asked?: boolean
}

export interface RunRecord {
  readonly id: TaskId
  readonly version: Version
  readonly state: RunState
}

/** The record of a task that nobody has touched. `movedAt` is the caller's wall clock, ISO 8601. */
export function untouched(movedAt: string): RunState {
  return {
    v: 1,
    phase: 'open',
    run: {
      attempt: 0,
      turn: 0,
      owner: null,
      wants: null,
      answered: 0,
      failures: 0,
      failure: null,
      stopping: null,
      checks: 0,
      repairs: 0,
      stuck: null,
      guidance: [],
      resume: null,
      startedAt: null,
      movedAt,
      why: 'never started',
      released: false,
    },
    branch: null,
    review: null,
    outcome: null,
  }
}

/**
 * The part of a state that other claims depend on. A store changes its revision whenever a write changes this, so that
 * a claim decided on an older snapshot is refused.
 */
export function claimFields(state: RunState): string {
  const { attempt, turn, owner, wants } = state.run
  const { head = null, on = [] } = state.branch ?? {}
  const reviewer = state.review?.reviewer?.run ?? null
  return JSON.stringify([state.phase, attempt, turn, wants, owner, state.outcome, head, on, reviewer])
}
