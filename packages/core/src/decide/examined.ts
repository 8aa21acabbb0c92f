import type { VcsInspection } from '../model/inspection.ts'
import type { ProcessKey } from '../model/process-key.ts'
import type { OwnerId, RunRecord } from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import type { Workspace } from '../model/vcs-world.ts'

/** Everything that a diagnosis looks at, read once. Null: it did not answer. */
export interface Examined {
  readonly queue: {
    readonly tasks: ReadonlyMap<TaskId, Task>
    readonly records: ReadonlyMap<TaskId, RunRecord>
    /** Nothing is concluded from absence otherwise. */
    readonly complete: boolean
    /** Owners whose lease may hold. */
    readonly liveOwners: ReadonlySet<OwnerId>
  } | null
  readonly vcs: {
    readonly workspaces: ReadonlyMap<string, Workspace>
    readonly inspection: VcsInspection | null
  } | null
  /** Every process that the runner knows of; null also where it does not tell. */
  readonly processes: ReadonlyMap<ProcessKey, Turn> | null
  readonly branchPrefix: string
  /** Ports that did not answer, and what they said. */
  readonly outages: readonly { readonly port: string; readonly message: string; readonly retryable: boolean }[]
}

/** The tasks that a name of a workspace or a process can stand for. */
export function bySlug({ queue }: Examined): ReadonlyMap<string, TaskId> {
  const ids = [...(queue?.tasks.keys() ?? []), ...(queue?.records.keys() ?? [])]
  return new Map(ids.map((id) => [slugOf(id), id]))
}
