import type { OrchError } from '../model/error.ts'
import type { TaskId } from '../model/task.ts'

/** How often an effect is tried that fails for a reason that may not pass. */
const triesOfAnEffect = 3
/** How often one that fails for a reason that may pass, as long as the reason is the same. An outage ends sooner, or is told by its code. */
const triesOfTheSame = 10

/** How often something is tried to put away in which somebody works: a quarter of a minute. */
const triesInUse = 6

interface Failed {
  /** In a row. */
  readonly count: number
  readonly message: string
  /** In a row with this very message. */
  readonly same: number
}

/** Effects that failed, by task, until one of it succeeds. */
export class Failures {
  readonly #last = new Map<TaskId, Failed>()

  add(id: TaskId, error: OrchError): { readonly count: number; readonly isNew: boolean; readonly isHopeless: boolean } {
    const before = this.#last.get(id)
    const count = (before?.count ?? 0) + 1
    const same = before?.message === error.message ? before.same + 1 : 1
    this.#last.set(id, { count, same, message: error.message })
    return { count, isNew: same === 1, isHopeless: isHopeless(error, count, same) }
  }

  forget(id: TaskId): void {
    this.#last.delete(id)
  }
}

/** Whether trying once more would only keep the task from a person. A full disk is waited for: it has its code, and everybody waits. */
function isHopeless(error: OrchError, count: number, same: number): boolean {
  if (!error.retryable) return count >= triesOfAnEffect
  if (error.port !== 'vcs') return false
  // Whoever works in a worktree may do so for days.
  if (error.code === 'in-use') return same >= triesInUse
  return (error.code === 'git-failed' || error.code === 'port-failed') && same >= triesOfTheSame
}
