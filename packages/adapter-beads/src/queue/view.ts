import { randomUUID } from 'node:crypto'
import { OrchError, type PendingRequest, type RunRecord, type Task, type TaskId } from '@orch/core'
import { familyOf } from '../issue/family.ts'
import type { IssueMap } from '../issue/issue.ts'
import { impliedBy, requestsIn } from '../issue/requests.ts'
import { isFurniture, isGathering, type ReadIssue, readIssue } from '../issue/task.ts'

/** All that the issues say, in our words. */
export interface View {
  readonly all: ReadonlyMap<TaskId, ReadIssue>
  readonly tasks: readonly Task[]
  readonly records: readonly RunRecord[]
  readonly requests: readonly PendingRequest[]
  /** Open tasks, what they name, and closed ones with something left to do. */
  readonly wanted: ReadonlySet<TaskId>
  /** Differs from that of every other view. */
  readonly revision: string
}

export interface ViewOptions {
  /** The issue that is no task but the queue's own. */
  readonly seat: string
  readonly epic: string | undefined
  /** Tasks in flight whose issue is not there any more. */
  readonly deleted: readonly ReadIssue[]
}

/** Reads all issues. Throws `unknown-task` when the epic is none of them. */
export function viewOf(issues: IssueMap, { seat, epic, deleted }: ViewOptions): View {
  if (epic !== undefined && !issues.has(epic))
    throw new OrchError(
      'unknown-task',
      `there is no issue ${epic} among the ${issues.size} of this database; \`bd list --all\` has them`,
    )
  const family = familyOf(issues)
  const all = new Map<TaskId, ReadIssue>(deleted.map((read) => [read.issue.id, read]))
  for (const issue of issues.values()) {
    if (issue.id === seat || isFurniture(issue)) continue
    all.set(issue.id, readIssue(issue, family, epic))
  }
  const sorted = [...all.values()].sort(bySource)
  const named = new Set(sorted.flatMap(({ issue, task }) => (isGathering(issue) ? [] : task.dependsOn)))
  // An epic is a task only to those that wait for it.
  const listed = sorted.filter(({ issue }) => !isGathering(issue) || named.has(issue.id))
  const tasks = listed.map(({ task }) => Object.freeze(task))
  const records = sorted.flatMap(({ read: { record } }) => (record === null ? [] : [plain(record)]))
  const asked = sorted.flatMap(({ issue }) => requestsIn(issue)).sort(byTime)
  const requests = [...asked.map(({ pending }) => pending), ...sorted.flatMap(impliedBy)]
  const wanted = wantedOf(tasks, records, requests)
  return Object.freeze({ all, tasks, records, requests: Object.freeze(requests), wanted, revision: randomUUID() })
}

function plain({ id, version, state }: RunRecord): RunRecord {
  return Object.freeze({ id, version, state })
}

/** As people wrote them: by time, then as they were given, then by their numbers. */
function bySource(a: ReadIssue, b: ReadIssue): number {
  const [x, y] = [a.issue, b.issue]
  if (x.created_at !== y.created_at) return x.created_at < y.created_at ? -1 : 1
  return a.order - b.order || natural.compare(x.id, y.id) || (x.id < y.id ? -1 : 1)
}

const natural = new Intl.Collator('en', { numeric: true })

function byTime(a: { at: number; pending: PendingRequest }, b: { at: number; pending: PendingRequest }): number {
  return a.at - b.at || (a.pending.key < b.pending.key ? -1 : 1)
}

function wantedOf(
  tasks: readonly Task[],
  records: readonly RunRecord[],
  requests: readonly PendingRequest[],
): ReadonlySet<TaskId> {
  const open = tasks.filter(({ state }) => state === 'open')
  const patterns = new Set(open.flatMap(({ follows }) => follows))
  const establishes = (task: Task): boolean => task.establishes !== undefined && patterns.has(task.establishes)
  return new Set([
    ...open.flatMap(({ id, dependsOn, stackedOn }) => [
      id,
      ...dependsOn,
      ...(stackedOn === undefined ? [] : [stackedOn]),
    ]),
    ...tasks.filter(establishes).map(({ id }) => id),
    ...records.filter(({ state }) => state.phase !== 'closed').map(({ id }) => id),
    ...requests.map(({ id }) => id),
  ])
}
