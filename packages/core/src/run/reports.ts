import type { Answer } from '../decide/checklist.ts'
import type { Conflict } from '../model/conflict.ts'
import type { Phase } from '../model/phase.ts'
import type { ReviewVerdict } from '../model/review-verdict.ts'
import type { HistoryStep, LandingWait, Outcome } from '../model/run-state.ts'
import type { Status } from '../model/status.ts'
import type { TaskId } from '../model/task.ts'
import type { Wait } from '../plan/plan.ts'
import type { ScopeScores } from '../plan/score-scopes.ts'

export interface ConflictReport {
  readonly target: string
  /** Changes under way that were compared, those first that go first. */
  readonly compared: readonly TaskId[]
  /** Changes under way of which it could not be seen what they hold. */
  readonly unseen: readonly TaskId[]
  /** Live ones and those of landings first, then the planned ones, 1000 at most. */
  readonly conflicts: readonly Conflict[]
  /** How many pairs of tasks have scopes that meet, and are not both under way. */
  readonly planned: number
}

/** Of the 500 tasks that landed last. */
export interface ScopeReport extends ScopeScores {
  /** Tasks with a scope of which nobody knows any more what they changed. They count for nothing. */
  readonly lost: readonly TaskId[]
}

export interface StatusReport {
  readonly target: string
  /** The whole run is paused. */
  readonly paused: boolean
  /** What a person has to know of the repository: one sentence each. */
  readonly notes: readonly string[]
  readonly tasks: readonly StatusRow[]
}

export interface StatusRow {
  readonly id: TaskId
  readonly title: string
  readonly epic: string | null
  readonly status: Status
  readonly phase: Phase
  readonly outcome: Outcome | null
  readonly attempt: number
  readonly branch: string | null
  readonly worktreePath: string | null
  /** ISO 8601. */
  readonly startedAt: string | null
  readonly lastHeartbeat: string | null
  /** ISO 8601: when it last moved. */
  readonly movedAt: string | null
  readonly stuckReason: string | null
  readonly options: readonly string[]
  /** The newest guidance. */
  readonly guidance: string | null
  readonly reviewUrl: string | null
  readonly filesChanged: number | null
  readonly insertions: number | null
  readonly deletions: number | null
  /** Files outside its scope that its change holds, those that its agent is at now included. */
  readonly outside: readonly string[]
  /** Why it waits, one sentence; for an active task what it waits for (`waits for landing: orch land 125`). */
  readonly waits: string | null
  /**
   * The same for programs. Beside why it does not start: `seat`, it goes back to its agent; `review`, its reviewer agent has not said anything yet; `approval`, nobody has let it land; `turn-to-land`;
   * `checks`; `held-by-user`; `red-target`; `violated`, a landing was not what it was to be, and nothing lands until a person has said how to go on; `unreachable`, the remote does not answer; `host`, the review host does not merge it yet; `taken`, a person works in its workspace; `paused`; `run-paused`, the whole run is; `failure`, nothing is started
   * while another task is stuck; `conflict`, a change that goes first would not merge with its own (`policy.onConflict`).
   */
  readonly waitsFor:
    | Wait['for']
    | 'seat'
    | 'review'
    | 'approval'
    | 'turn-to-land'
    | 'checks'
    | 'taken'
    | 'paused'
    | 'run-paused'
    | 'failure'
    | 'conflict'
    | LandingWait['for']
    | null
}

export interface TaskReport extends StatusRow {
  readonly body: string
  readonly kind: string
  /** Lower starts earlier; a person's own choice over the task's. */
  readonly priority: number
  readonly dependsOn: readonly TaskId[]
  readonly writes: readonly string[] | null
  readonly why: string
  /** How it came here, oldest first. */
  readonly history: readonly HistoryStep[]
  readonly allGuidance: readonly { readonly text: string; readonly turn: string | null }[]
  readonly stuckContext: string | null
  /** Files that sealing left out. */
  readonly left: readonly string[]
  readonly landed: { readonly commit: string; readonly by: 'us' | 'other' } | null
  /** What is asked of a change before it lands, and where it stands; empty for a task that changes nothing. */
  readonly checklist: readonly Answer[]
  /** What its reviewer agent has approved of, with what it remarked; null: it has not. */
  readonly verdict: ReviewVerdict | null
  /** The last lines that its agent (or its reviewer, or its red checks) printed. */
  readonly tail: readonly string[]
}

/** What is closed already, or not in the source, is in none of these. */
export interface ClosingReport {
  readonly closed: readonly TaskId[]
  readonly underWay: readonly TaskId[]
  readonly waiting: readonly { readonly id: TaskId; readonly for: readonly TaskId[] }[]
}
