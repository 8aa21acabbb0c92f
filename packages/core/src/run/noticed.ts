import type { ProcessKey } from '../model/process-key.ts'
import type { Oid } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'

/** What this process has noticed and no port tells. It may be lost at any time: then the same is noticed again. */
export class Noticed {
  /** Monotonic times of its last landing tries. */
  readonly landingTries = new Map<TaskId, number>()
  /** Changes that could not be built on this commit, which is no target yet. */
  readonly unstackable = new Map<TaskId, Oid>()
  /** Tasks that the store does not know any more. */
  readonly gone = new Set<TaskId>()
  /** Tasks whose end is decided, but which could not be put away. */
  readonly left = new Set<TaskId>()

  /** Living processes of which no record tells, closed ones included. */
  readonly strangers = new Set<ProcessKey>()

  /** A new run: what was in the way may be mended. */
  begin(): void {
    this.landingTries.clear()
    this.left.clear()
  }
}
