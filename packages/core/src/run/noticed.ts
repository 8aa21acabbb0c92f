import type { LaneLanding } from '../decide/roots.ts'
import type { Judged } from '../decide/window.ts'
import type { SeenConflicts, World } from '../decide/world.ts'
import type { ProcessKey } from '../model/process-key.ts'
import type { Oid } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'

/** What this process has noticed and no port tells. It may be lost at any time: then the same is noticed again. */
export class Noticed {
  /** Monotonic times of its last landing tries. */
  readonly landingTries = new Map<TaskId, number>()
  /** Changes that could not be built on this commit, which is no target yet. */
  readonly unstackable = new Map<TaskId, Oid>()
  /** What did not go together when it was last looked at, and from when on that is too old: monotonic. */
  conflicts: { readonly until: number; readonly seen: SeenConflicts | null; readonly problem: string | null } | null =
    null
  /** Tasks that the store does not know any more. */
  readonly gone = new Set<TaskId>()
  /** Tasks whose end is decided, but which could not be put away. */
  readonly left = new Set<TaskId>()

  /** What came of the last trains, oldest first. */
  judged: readonly Judged[] = []
  /** What landed last with green checks, and when these were seen, by the monotonic clock. */
  passed: { readonly commit: Oid; readonly at: number } | null = null

  /** Older ones than these say nothing more of how long a train may be. */
  judge(judged: Judged): void {
    this.judged = [...this.judged, judged].slice(-128)
  }

  laneLandings: readonly LaneLanding[] = []

  /** A train that has not landed by then is checked again. */
  landsInLane(landing: LaneLanding): void {
    this.laneLandings = [...this.laneLandings, landing].slice(-128)
  }

  #notes: ReadonlySet<string> = new Set()

  /** What a person is to know of the repository and was not told yet: each once, as long as it is so. */
  newNotes({ vcs }: Pick<World, 'vcs'>): readonly string[] {
    if (vcs === null) return []
    const before = this.#notes
    this.#notes = new Set((vcs.notes ?? []).map(({ why }) => why))
    return [...this.#notes].filter((why) => !before.has(why))
  }

  /** Living processes of which no record tells, closed ones included. */
  readonly strangers = new Set<ProcessKey>()

  /** A new run: what was in the way may be mended. */
  begin(): void {
    this.landingTries.clear()
    this.left.clear()
    this.conflicts = null
  }
}
