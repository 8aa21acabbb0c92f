import type { NewEpic, NewTask } from '@orch/core'

/** What makes importing the same once more change nothing, whatever has become of the issue since. */
const longAgo = '2000-01-01T00:00:00Z'

/** One line of what `bd import` reads. */
export interface ImportRow {
  readonly id: string
  readonly title: string
  readonly [field: string]: unknown
}

export interface RowOptions {
  /** Which addition it belongs to. */
  readonly added: string
  /** The issue that it becomes a child of. */
  readonly parent: string | undefined
  /** Its place among those that are added with it. */
  readonly order: number
  /** Wall clock, ISO 8601. */
  readonly at: string
}

/** The issue that a task becomes. What Beads has no field for goes into the metadata, under the task's own names. */
export function rowOf(task: NewTask, { added, parent, order, at }: RowOptions): ImportRow {
  const { id, title = id, body = '', priority = 2, dependsOn = [], epic: _epic, ...own } = task
  const fits = title.length > 0 && title.length <= 500 && title.trim() === title
  const whole = Number.isInteger(priority) && priority <= 4
  const metadata = {
    ...own,
    ...(!fits && { title }),
    ...(!whole && { priority }),
    ...(dependsOn.length > 1 && { dependsOn }),
    ...(order > 0 && { order }),
    added,
  }
  return {
    id,
    title: fits ? title : title.trim().slice(0, 500) || id,
    ...(body !== '' && { description: body }),
    status: 'open',
    issue_type: 'task',
    priority: whole ? priority : Math.min(4, Math.ceil(priority)),
    metadata,
    dependencies: [
      ...dependsOn.map((other) => edge(id, other, 'blocks')),
      ...(parent === undefined ? [] : [edge(id, parent, 'parent-child')]),
    ],
    created_at: at,
    updated_at: longAgo,
  }
}

export function epicRow({ id, title, body }: NewEpic, added: string, at: string): ImportRow {
  return {
    id,
    title: title.trim().slice(0, 500) || id,
    ...(body !== '' && { description: body }),
    status: 'open',
    issue_type: 'epic',
    priority: 2,
    metadata: { added },
    created_at: at,
    updated_at: longAgo,
  }
}

/** The issue that holds what is about the queue as a whole. Pinned: in nobody's list of work. */
export function seatRow(id: string, at: string): ImportRow {
  const title = 'orch: the seat of the one orchestrator'
  const description = 'Who runs this queue, and whether it is paused. orch keeps it; nothing in it is work.'
  const times = { created_at: at, updated_at: longAgo }
  return { id, title, description, status: 'pinned', issue_type: 'chore', priority: 4, ...times }
}

export function linesOf(rows: readonly ImportRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

function edge(issue_id: string, depends_on_id: string, type: string): object {
  return { issue_id, depends_on_id, type }
}
