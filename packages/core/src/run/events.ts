import type { Conflict } from '../model/conflict.ts'
import type { Stuck } from '../model/request.ts'
import type { ReviewVerdict } from '../model/review-verdict.ts'
import type { LandingWait } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'

/** What this process did, or saw change between two of its passes. Never replayed: `status()` is the truth. */
export interface OrchestratorEvents {
  'task-claimed': (event: { task: TaskId; attempt: number }) => void
  /** A turn's process was started. For the first turn of an epic, which has none, there is `epic-gathered`. */
  'task-started': (event: { task: TaskId; attempt: number; turn: number }) => void
  /** All tasks of an epic are over, and what its branch holds is to land as one change. No agent is started for that. */
  'epic-gathered': (event: { epic: TaskId; target: string }) => void
  'task-stuck': (event: { task: TaskId; stuck: Stuck }) => void
  /** Its agent was stopped because another task is stuck (`policy.onFailure`); what it did is kept. */
  'task-stopped': (event: { task: TaskId; why: string }) => void
  /** A person has its workspace. */
  'task-taken': (event: { task: TaskId }) => void
  /** `paused`: no further turn of it starts; otherwise it goes on. */
  'task-paused': (event: { task: TaskId; paused: boolean }) => void
  'task-guided': (event: { task: TaskId; text: string }) => void
  /** An attempt failed and another follows; after the last one the task is stuck. */
  'task-failed': (event: { task: TaskId; attempt: number; why: string }) => void
  /** `left`: kept, but no part of it; `outside`: part of it, though outside of the task's scope. */
  'task-committed': (event: { task: TaskId; head: string; left: readonly string[]; outside: readonly string[] }) => void
  /** Two changes turned out not to go together; told once for each file, and again when it was over in between. */
  'conflict-found': (event: { conflict: Conflict }) => void
  /** Its reviewer agent was started on this head. */
  'review-started': (event: { task: TaskId; head: string }) => void
  /** Its reviewer ended without a verdict; another one is asked, or a person. */
  'review-failed': (event: { task: TaskId; head: string; why: string }) => void
  'review-ended': (event: { task: TaskId; head: string; verdict: ReviewVerdict }) => void
  /** A command makes files anew for the change; `target`: it fails on the change, and now it is seen whether it does without it. */
  'regeneration-started': (event: { task: TaskId; files: readonly string[]; on: 'candidate' | 'target' }) => void
  /** `target`: they are red on the change, and now it is seen whether they are without it. */
  'checks-started': (event: {
    task: TaskId
    tree: string
    on: 'candidate' | 'target'
    /** Those that they are checked with, all of which the task's candidate is built on. */
    before: readonly TaskId[]
  }) => void
  'checks-ended': (event: { task: TaskId; tree: string; passed: boolean }) => void
  /** They were red, and then green on the same tree (`policy.landing.retryRed`): the change lands, and the checks are worth a look. */
  'checks-flaky': (event: { task: TaskId; tree: string }) => void
  /** They count for it though these have landed beside it since, in other lanes (`policy.landing.lanes`): nobody has checked it together with them. */
  'checks-carried': (event: { task: TaskId; tree: string; beside: readonly TaskId[] }) => void
  /** It could land but something outside the task keeps it waiting; `why` is a sentence. */
  'task-waits': (event: { task: TaskId; for: LandingWait['for']; why: string }) => void
  'task-landed': (event: { task: TaskId; commit: string; by: 'us' | 'other' }) => void
  'task-closed': (event: { task: TaskId; outcome: 'done' | 'no-changes' | 'cancelled' }) => void
  /** A port did not answer or an effect failed; the next pass looks again. */
  problem: (event: { task: TaskId | null; message: string }) => void
}
