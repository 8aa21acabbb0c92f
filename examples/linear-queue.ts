import { sqliteRuns } from '@orch/adapter-local'
import { type NewTask, type Task, type TaskQueue, type TaskSource, taskOf, withRuns } from '@orch/core'

/** As much of Linear's client as a queue needs. */
export interface LinearClient {
  issues(options: { readonly team: string; readonly signal: AbortSignal }): Promise<{
    readonly nodes: readonly LinearIssue[]
    readonly hasMore: boolean
  }>
  upsertComment(options: {
    readonly id: string
    readonly key: string
    readonly body: string
    readonly signal: AbortSignal
  }): Promise<void>
}

export interface LinearIssue {
  readonly identifier: string
  readonly title: string
  readonly description: string
  readonly state: 'open' | 'done' | 'cancelled'
  readonly blockedBy: readonly string[]
}

/** Linear keeps the work; the claims live in a file beside the repository. */
export function linearQueue(o: { client: LinearClient; team: string; directory: string }): TaskQueue {
  const source: TaskSource = {
    name: 'linear',
    async list({ signal }) {
      const page = await o.client.issues({ team: o.team, signal })
      return { tasks: page.nodes.map(toTask), complete: !page.hasMore }
    },
    async announce({ id, attempt, status, note, signal }) {
      await o.client.upsertComment({ id, key: `orch-${attempt}-${status}`, body: note, signal })
    },
  }
  return withRuns(source, sqliteRuns({ directory: o.directory }))
}

function toTask(issue: LinearIssue): Task {
  const task: NewTask & { state: Task['state'] } = {
    id: issue.identifier,
    title: issue.title,
    body: issue.description,
    dependsOn: issue.blockedBy,
    state: issue.state,
  }
  return taskOf(task)
}
