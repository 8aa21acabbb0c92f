import type { Oid } from './run-state.ts'
import type { TaskId } from './task.ts'

/** What one look at the repository tells. */
export interface VcsWorld {
  readonly target: Oid
  /** Where the other branches are that were asked for; one that is not there is left out. Default none. */
  readonly targets?: ReadonlyMap<string, Oid>
  /** By workspace name; only ours. */
  readonly workspaces: ReadonlyMap<string, Workspace>
  /** `us`: the recorded candidate is on the target; `other`: the same content is, landed by somebody else. */
  readonly landed: ReadonlyMap<TaskId, { readonly commit: Oid; readonly by: 'us' | 'other' }>
  /** What a person has to know of the repository: one sentence each, the same as long as it is so. No decision reads them. Default none. */
  readonly notes?: readonly { readonly why: string }[]
}

export interface Workspace {
  readonly name: string
  /** Absolute. */
  readonly directory: string
  readonly branch: string
  /** `torn`: making it was interrupted; `createWorkspace` completes it. */
  readonly state: 'ready' | 'torn'
}
