import type { WarningCode } from '../model/errors/list.ts'
import type { PolicyInput } from '../model/policy.ts'
import type { Task, TaskId } from '../model/task.ts'

/** The choices that planning reads; everything absent has the policy's default. */
export type PlanPolicy = Pick<
  PolicyInput,
  | 'preset'
  | 'maxAgents'
  | 'unknownScope'
  | 'caseSensitive'
  | 'limits'
  | 'resources'
  | 'maxOpenReviews'
  | 'sharedFiles'
  | 'hotFiles'
  | 'readsBlock'
  | 'onOverlap'
  | 'minutes'
  | 'worth'
>

/** Tasks placed in time. Plain data. Times are minutes from the start. */
export interface Plan {
  /** In the order of start, then priority, then id. Closed tasks are not part of it. */
  readonly tasks: readonly PlannedTask[]
  /** Tasks that may run side by side: a unit of display and of merge order, never a barrier. */
  readonly batches: readonly Batch[]
  readonly mergeOrder: readonly TaskId[]
  /** The chain of waits that decides the makespan, first to last. */
  readonly criticalPath: readonly TaskId[]
  readonly makespan: number
  /** Minutes that no plan can do without, and what takes them; `name` is the resource or the file. */
  readonly lowerBound: {
    readonly minutes: number
    readonly by: 'critical-path' | 'agents' | 'exclusive-file' | 'limit'
    readonly name?: string
  }
  /** The part of the agents' time in which they work, from 0 to 1. */
  readonly utilisation: number
  readonly warnings: readonly PlanWarning[]
  readonly recommendation: { readonly mode: 'direct' | 'single' | 'parallel'; readonly reason: string }
  readonly maxAgents: number
}

export interface PlannedTask {
  readonly id: TaskId
  readonly title: string
  readonly start: number
  readonly end: number
  /** `A`, `B`, …, `Z`, `AA`. */
  readonly batch: string
  /** What it waits for; empty when it starts at once. The first is the one that binds. */
  readonly waits: readonly Wait[]
}

export interface Batch {
  readonly name: string
  readonly tasks: readonly TaskId[]
  /** Why these may run side by side, one sentence. */
  readonly reason: string
}

export interface PlanWarning {
  readonly code: WarningCode
  readonly task: TaskId
  readonly message: string
}

/** Why a task does not run yet. */
export type Wait =
  | { readonly for: 'dependency'; readonly task: TaskId }
  | { readonly for: 'stack'; readonly task: TaskId }
  | { readonly for: 'pattern'; readonly pattern: string; readonly task: TaskId }
  | { readonly for: 'group'; readonly task: TaskId }
  /** Both may write `path`; null when the scope of one of them is unknown. */
  | { readonly for: 'overlap'; readonly task: TaskId; readonly path: string | null }
  /** One reads what the other may write, and the policy keeps them apart. */
  | { readonly for: 'reads'; readonly task: TaskId; readonly path: string | null }
  /** A layer, role, feature or resource is used up; `task` is one that uses it. */
  | {
      readonly for: 'limit'
      readonly of: 'layer' | 'role' | 'feature' | 'resource'
      readonly name: string
      readonly limit: number
      readonly task: TaskId | null
    }
  /** As many changes as may be are under way or wait to land; `task` is one of them. */
  | { readonly for: 'reviews'; readonly limit: number; readonly task: TaskId | null }
  /** Both may write files of a pattern that is written by one task at a time. */
  | { readonly for: 'shared-file'; readonly name: string; readonly task: TaskId | null }
  /** Strict batches were asked for, and one of the batch before still runs. */
  | { readonly for: 'batch'; readonly task: TaskId }
  | { readonly for: 'agents'; readonly limit: number; readonly task: TaskId | null }
  | { readonly for: 'hold' }
  | { readonly for: 'person' }
  /** Something that it depends on was cancelled or does not exist: only a person can help. */
  | { readonly for: 'lost'; readonly task: TaskId }

/**
 * Where a task stands, for the question what may start now.
 * `done`: landed, or closed as done; `running`: holds a seat and its scope; `holding`: holds its scope without an agent
 * (waits for landing, or stuck); `blocked`: open, but not to be started for a reason of its own; `open`: may start.
 */
export type Standing = 'done' | 'cancelled' | 'running' | 'holding' | 'blocked' | 'open'

/** What may start now, in order, and why each other open task may not. */
export interface Ready {
  readonly start: readonly Task[]
  /** On whose branch it is to start, for those of `start` that do not start on the target. */
  readonly on: ReadonlyMap<TaskId, TaskId>
  readonly waits: ReadonlyMap<TaskId, readonly Wait[]>
  /** The place of each task in the order of start, from 0: priority, then the longest chain behind it, then id. */
  readonly rank: ReadonlyMap<TaskId, number>
}
