import type { RunState, TaskId } from '@orch/core'
import type { IssueMap } from '../issue/issue.ts'
import type { ReadIssue } from '../issue/task.ts'
import type { Database } from './database.ts'
import type { Seat } from './seat.ts'
import { type View, viewOf } from './view.ts'

/** The view of what was read last, made again only where something moved. */
export class Views {
  readonly #database: Database
  readonly #seat: Seat
  readonly #epic: string | undefined
  #of: IssueMap | null = null
  #view: View | null = null
  /**
   * Tasks in flight whose issue a person has deleted, and their record with it: until they are put away they read as cancelled. Known to
   * this process only; after its end `orch doctor` finds what is left.
   */
  readonly #deleted = new Map<TaskId, ReadIssue>()

  constructor(database: Database, seat: Seat, epic: string | undefined) {
    this.#database = database
    this.#seat = seat
    this.#epic = epic
  }

  /** As it is now. */
  async present(signal: AbortSignal): Promise<View> {
    return this.#viewOf(await this.#database.issues(signal), signal)
  }

  /** As of the last look or write of ours. */
  async known(signal: AbortSignal): Promise<View> {
    return this.#viewOf(await this.#database.known(signal), signal)
  }

  /** Keeps the record of a deleted issue; false when it is none. */
  keepDeleted(id: TaskId, version: string, state: RunState): boolean {
    const there = this.#deleted.get(id)
    if (there === undefined) return false
    const record = { id, version, state, holder: '', heard: [] }
    this.#deleted.set(id, { ...there, read: { record, problem: null } })
    this.#of = null
    return true
  }

  async #viewOf(issues: IssueMap, signal: AbortSignal): Promise<View> {
    if (this.#view !== null && this.#of === issues) return this.#view
    const seat = await this.#seat.id(signal)
    for (const read of this.#view?.all.values() ?? []) {
      const { id } = read.issue
      if (isLost(read, issues) && !this.#deleted.has(id)) this.#deleted.set(id, cancelled(read))
    }
    for (const [id, read] of this.#deleted)
      if (issues.has(id) || read.read.record?.state.phase === 'closed') this.#deleted.delete(id)
    this.#view = viewOf(issues, { seat, epic: this.#epic, deleted: [...this.#deleted.values()] })
    this.#of = issues
    return this.#view
  }
}

function isLost({ issue, read: { record } }: ReadIssue, issues: IssueMap): boolean {
  if (record === null || issues.has(issue.id)) return false
  return record.state.phase !== 'open' && record.state.phase !== 'closed'
}

function cancelled(read: ReadIssue): ReadIssue {
  return { ...read, task: { ...read.task, state: 'cancelled', dependsOn: [] } }
}
