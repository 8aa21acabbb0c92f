import { digest, failed, type NewEpic, type NewTask, OrchError, ok, type TaskId, type TaskSource } from '@orch/core'
import type { IssueMap } from '../issue/issue.ts'
import { metadataOf } from '../issue/issue.ts'
import { epicRow, type ImportRow, rowOf } from '../issue/row.ts'
import type { Database } from './database.ts'
import { closeFinishedEpics } from './epics.ts'
import type { Views } from './views.ts'

export interface TaskVerbOptions {
  readonly database: Database
  readonly views: Views
  readonly epic: string | undefined
  readonly closeEpics: boolean
}

/** The verbs of a task source. */
export function taskVerbs(options: TaskVerbOptions): Required<Pick<TaskSource, 'list' | 'add' | 'close'>> {
  const { database, views } = options
  return {
    list: ({ all = false, signal }) =>
      database.lane.look(async () => {
        const { tasks, wanted } = await views.present(signal)
        const shown = all ? tasks : tasks.filter(({ id }) => wanted.has(id))
        return Object.freeze({ tasks: Object.freeze(shown), complete: true })
      }),

    add: ({ key, tasks, epics = [], signal }) =>
      database.lane.run(async () => {
        const added = digest(key).slice(0, 16)
        const ids = tasks.map(({ id }) => id)
        const before = await database.issues(signal)
        if (isAdded(before, ids, added)) return ok(ids)
        const taken = takenIds(before, ids, added)
        if (taken.length > 0) return failed('exists', `Nothing was added: these ids are taken: ${taken.join(', ')}.`)
        const after = await database.add(rowsOf(tasks, epics, { added, issues: before, epic: options.epic }), signal)
        if (isAdded(after, ids, added)) return ok(ids)
        return failed('exists', `Another has added ${takenIds(after, ids, added).join(', ')} at the same moment.`)
      }),

    close: ({ id, as, note, signal }) =>
      database.lane.run(async () => {
        for (;;) {
          const issue = (await database.issues(signal)).get(id)
          if (issue === undefined) return failed('gone', `There is no issue ${id}.`)
          const metadata = metadataOf(issue) ?? {}
          const isDone =
            as === null ? issue.status !== 'closed' && metadata.closed_as == null : issue.status === 'closed'
          if (isDone) return ok()
          const status = as === null ? (issue.status === 'closed' ? 'open' : issue.status) : 'closed'
          const said = { closed_as: as, closed_note: as === null ? null : note }
          const change = { issue, status, metadata: said, ...(as === null && { assignee: '' }) }
          const isMade = (after: typeof issue): boolean => (after.status === 'closed') === (as !== null)
          let answered = await database.change({ ...change, isMade }, signal)
          // A person has given it up: what it waited for does not matter any more.
          if (!answered.ok && answered.refusal.reason === 'cannot-close' && as === 'cancelled')
            answered = await database.forceClosed(issue, said, signal)
          if (answered.ok) {
            if (as !== null && options.closeEpics) await closeFinishedEpics(database, id, signal)
            return ok()
          }
          const { reason, text } = answered.refusal
          if (reason === 'guard' || reason === 'unknown') continue
          throw new OrchError('port-failed', `${id} cannot be closed in Beads: ${text}`, {
            port: 'queue',
            retryable: true,
          })
        }
      }),
  }
}

function isAdded(issues: IssueMap, ids: readonly TaskId[], added: string): boolean {
  const byUs = (id: TaskId): boolean => {
    const issue = issues.get(id)
    return issue !== undefined && metadataOf(issue)?.added === added
  }
  return ids.length > 0 && new Set(ids).size === ids.length && ids.every(byUs)
}

/** Those that a part of the same addition has made already are not. */
function takenIds(issues: IssueMap, ids: readonly TaskId[], added: string): readonly TaskId[] {
  const given = new Set<TaskId>()
  return ids.filter((id) => {
    const issue = issues.get(id)
    const isOthers = issue !== undefined && metadataOf(issue)?.added !== added
    return isOthers || given.size === given.add(id).size
  })
}

function rowsOf(
  tasks: readonly NewTask[],
  described: readonly NewEpic[],
  { added, issues, epic }: { readonly added: string; readonly issues: IssueMap; readonly epic: string | undefined },
): readonly ImportRow[] {
  const at = new Date().toISOString()
  const own = new Set(tasks.map(({ id }) => id))
  const parents = new Set(tasks.flatMap((task) => task.epic ?? epic ?? []))
  const epics = [...parents]
    .filter((id) => !issues.has(id) && !own.has(id))
    .map((id) => epicRow(described.find((each) => each.id === id) ?? { id, title: id, body: '' }, added, at))
  const rows = tasks.map((task, order) => {
    const parent = task.epic ?? epic
    return rowOf(task, { added, parent: parent === task.id ? undefined : parent, order, at })
  })
  return [...epics, ...rows]
}
