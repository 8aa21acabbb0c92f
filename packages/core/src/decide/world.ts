import type { Conflict } from '../model/conflict.ts'
import type { Policy } from '../model/policy.ts'
import type { ProcessKey } from '../model/process-key.ts'
import type { PendingRequest } from '../model/request.ts'
import type { Review } from '../model/review.ts'
import type { Oid, OwnerId, Revision, RunRecord } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import type { VcsWorld } from '../model/vcs-world.ts'
import type { LaneLanding } from './roots.ts'
import type { Judged } from './window.ts'

/** Everything that a decision may look at: one reading of queue, git, processes and review host. Plain data. */
export interface World {
  /** In the order of the source. */
  readonly tasks: ReadonlyMap<TaskId, Task>
  readonly records: ReadonlyMap<TaskId, RunRecord>
  readonly requests: readonly PendingRequest[]
  readonly revision: Revision
  /** Nothing new is started until a person says so. */
  readonly paused: boolean
  /** Another orchestrator has the only seat: it alone brings things about. */
  readonly taken: boolean
  /** False when queue or store could not be read whole: nothing is started then. */
  readonly complete: boolean
  /** Null: git did not answer. */
  readonly vcs: VcsWorld | null
  /** A key that is missing is unknown. */
  readonly turns: ReadonlyMap<ProcessKey, Turn>
  /** Living processes that nothing was asked about: no record tells of them. */
  readonly unasked: ReadonlyMap<ProcessKey, Turn>
  /** By branch, none where there is no review host; null: it did not answer. */
  readonly reviews: ReadonlyMap<string, Review> | null
  /** This orchestrator. */
  readonly owner: OwnerId
  /** Owners whose lease holds, this one included. Anybody else has lost their tasks. */
  readonly liveOwners: ReadonlySet<OwnerId>
  /** Milliseconds of the observer's monotonic clock. */
  readonly ages: Ages
  /** Changes that could not be built on this commit, which is no target yet. A restart may forget it. */
  readonly unstackable: ReadonlyMap<TaskId, Oid>
  /** What came of the trains of this process, oldest first. A restart forgets it. */
  readonly judged: readonly Judged[]
  /** What this process landed last after its checks were green, and how long ago that was. A restart forgets it. */
  readonly passed: { readonly commit: Oid; readonly age: number } | null
  /** What this process has landed while changes waited in other lanes, oldest first. A restart forgets it: then these are checked again. */
  readonly laneLandings: readonly LaneLanding[]
  /** Tasks whose end is decided, but which could not be put away: left to the next run. */
  readonly left: ReadonlySet<TaskId>
  /** What of the changes in flight does not go together, a few seconds old at most; null: nobody has looked. */
  readonly conflicts: SeenConflicts | null
  /** Tasks with an action of this process under way: left alone until it ends. */
  readonly busy: ReadonlySet<TaskId>
  /** Wall clock, ISO 8601, to be written down for people; no decision reads it. */
  readonly now: string
}

export interface SeenConflicts {
  readonly found: readonly Conflict[]
  /** Tasks of which it was seen what they hold. */
  readonly seen: ReadonlySet<TaskId>
  /** Of the records that this was read by: with another one, who goes first may be somebody else. */
  readonly revision: Revision
}

/** How long this observer has seen each thing unchanged. A restart may make it shorter, never longer. */
export interface Ages {
  /** The record at its present version. */
  readonly record: ReadonlyMap<TaskId, number>
  /** The process at its present sign. */
  readonly sign: ReadonlyMap<ProcessKey, number>
  /** The process in its present state (`alive`, `unknown`, …). */
  readonly turn: ReadonlyMap<ProcessKey, number>
  /** Since this process last tried to land the task; absent: never. */
  readonly landing: ReadonlyMap<TaskId, number>
}

/** What this run may start; it reads everything all the same. */
export interface Reach {
  /** Only tasks of this epic. */
  readonly epic?: string
  /** Only this task, and nothing new is started. */
  readonly only?: TaskId
  /** False: take care of what is in flight, start nothing new. */
  readonly start: boolean
}

export interface Sight {
  readonly world: World
  readonly policy: Policy
  readonly reach: Reach
}

export function inReach(reach: Reach, id: TaskId, task: Task | undefined): boolean {
  if (reach.only !== undefined) return reach.only === id
  return reach.epic === undefined || task?.epic === reach.epic
}
