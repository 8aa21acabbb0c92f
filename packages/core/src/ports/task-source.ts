import type { Result } from '../model/result.ts'
import type { Status } from '../model/status.ts'
import type { NewEpic, NewTask, Task, TaskId } from '../model/task.ts'

/** Where people keep work. A read-only tracker implements `name` and `list` and stops there. */
export interface TaskSource {
  readonly name: string

  /**
   * Every open task and every task that one of them names, closed ones included; and closed ones that it knows to have
   * something left to do. A task that is absent is gone, never closed. With `all`, also the other closed ones, for people; a source may
   * ignore it. `complete: false` when the source could not be read whole: then nothing is concluded from absence.
   * Throws `OrchError('port-failed')` during an outage.
   */
  list(options: {
    readonly all?: boolean
    readonly signal: AbortSignal
  }): Promise<{ readonly tasks: readonly Task[]; readonly complete: boolean }>

  /** Tells people where a task stands. Best effort and idempotent; no decision reads it back. */
  announce?(options: {
    readonly id: TaskId
    readonly attempt: number
    readonly status: Status
    /** One sentence, already redacted. */
    readonly note: string
    readonly signal: AbortSignal
  }): Promise<void>

  /**
   * Adds all of `tasks`, once per `key`: a second call with the same key adds nothing and returns the same ids.
   * `exists` when an id is taken by another task, and then none is added.
   */
  add?(options: {
    readonly key: string
    readonly tasks: readonly NewTask[]
    /** Of those that tasks name as their `epic`; one that is there already stays as it is. Default none. */
    readonly epics?: readonly NewEpic[]
    readonly signal: AbortSignal
  }): Promise<Result<readonly TaskId[], 'exists'>>

  /** Closes a task; closing a closed one changes nothing and is `ok`. `as: null` opens it again, for a person's `retry`. */
  close?(options: {
    readonly id: TaskId
    readonly as: 'done' | 'cancelled' | null
    readonly note: string
    readonly signal: AbortSignal
  }): Promise<Result<void, 'gone'>>

  /** Calls `onChange` when something may have changed. A hint: it may be lost or come twice. Ends with `signal`. */
  watch?(options: { readonly onChange: () => void; readonly signal: AbortSignal }): void
}
