import type { PendingRequest, Request } from '../model/request.ts'
import type { Result } from '../model/result.ts'
import type { OwnerId, Revision, RunRecord, RunState, Version } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'

/** Where we keep one record per task, written by compare-and-swap only. States are opaque to it; it may mirror fields for people. */
export interface RunStore {
  /**
   * `one`: the store cannot guard a claim by the whole snapshot and has one seat, which the first `beat` takes and which is free again when its
   * owner has left or died. Whoever reads without it is told so (`taken`) and does nothing until it is free; a write answers `taken`.
   */
  readonly schedulers: 'many' | 'one'

  /** The shortest lease that makes sense here, in milliseconds, because one call may take that long; it goes over `policy.leaseMs`. Default 0. */
  readonly shortestLeaseMs?: number

  /**
   * The records and unanswered requests, oldest request first, as one consistent snapshot. A store may leave out records in
   * phase `closed`, but never one of a task that is open, that an open task names or that has a request; with `all` it leaves out none.
   * Read before the tasks are listed: a task that changes in between then makes the claim `stale`.
   */
  read(options: { readonly all?: boolean; readonly signal: AbortSignal }): Promise<RunSnapshot>

  /**
   * Stores `next` if the record still has version `expect` (`null`: there is none yet). With `seen`, also only if nothing
   * that claims depend on (`claimFields` of any record, the fields of any task, the pause) changed since that revision; pass it with
   * every claim. Drops the requests named in `answered` in the same step. Of two racing callers exactly one gets `ok`,
   * the other `stale`. `gone`: the task does not exist; `taken`: another scheduler has the seat.
   */
  write(options: WriteOptions): Promise<Result<Written, 'stale' | 'gone' | 'taken'>>

  /**
   * Says that `owner` lives and for how long its beat may stand still (milliseconds; 0: it has left, forget it), and returns
   * the beats of all owners. An owner whose death the store can prove is left out; one that is absent has no lease.
   */
  beat(options: {
    readonly owner: OwnerId
    readonly leaseMs: number
    readonly signal: AbortSignal
  }): Promise<readonly Beat[]>

  /** Appends a person's request; once per `key`. */
  ask(options: {
    readonly id: TaskId
    readonly key: string
    readonly request: Request
    readonly signal: AbortSignal
  }): Promise<void>

  /**
   * Whether the whole queue is paused: kept until somebody says otherwise, told by `read`. Part of what claims depend on, so that one which was decided
   * before the pause is refused as `stale`. Saying the same twice changes nothing.
   */
  pause(options: { readonly paused: boolean; readonly signal: AbortSignal }): Promise<void>

  /** As in `TaskSource`: a hint that records or requests changed. */
  watch?(options: { readonly onChange: () => void; readonly signal: AbortSignal }): void
}

export interface RunSnapshot {
  readonly records: readonly RunRecord[]
  readonly requests: readonly PendingRequest[]
  readonly revision: Revision
  /** Nothing new is to be started, whoever looks. */
  readonly paused: boolean
  /** Another scheduler has the only seat. Default false. */
  readonly taken?: boolean
  /** False when the store could not be read whole: nothing is started on such a snapshot. */
  readonly complete: boolean
}

export interface WriteOptions {
  readonly id: TaskId
  readonly expect: Version | null
  readonly seen?: Revision
  readonly next: RunState
  readonly answered?: readonly string[]
  readonly signal: AbortSignal
}

export interface Written {
  readonly record: RunRecord
  /** The store's revision after this write: what the next claim of the same pass passes as `seen`. */
  readonly revision: Revision
}

export interface Beat {
  readonly owner: OwnerId
  /** Grows while the owner lives. Compared for equality only. */
  readonly beat: number
  readonly leaseMs: number
}
