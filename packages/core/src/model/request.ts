import type { TaskId } from './task.ts'

/** A decision is needed from a person. */
export interface Stuck {
  readonly reason: string
  readonly options: readonly string[]
  readonly context: string
  /** Who asks: the agent, or us, because something did not work. */
  readonly by: 'agent' | 'orch'
  /** Which report of the turn asked, from 1; 0 when we ask. */
  readonly report: number
}

export interface Guidance {
  readonly key: string
  readonly text: string
  /** The turn that it was handed to, as `attempt.turn`; null until then. */
  readonly turn: string | null
  /** Good to know while it works: no turn is started for it. Default false. */
  readonly isNews?: boolean
}

/** What a person asks of a task from any process; taken up by the owner's next pass. */
export type Request =
  | { readonly do: 'guide'; readonly text: string }
  | { readonly do: 'cancel' }
  | { readonly do: 'retry'; readonly fresh: boolean }
  | { readonly do: 'land' }
  /** The agent is stopped, and the workspace is the person's until `give`. */
  | { readonly do: 'take' }
  | { readonly do: 'give' }
  /** What runs goes on; no further turn starts until `resume`. */
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  /** Lower starts earlier. */
  | { readonly do: 'prioritise'; readonly priority: number }
  /** Lets a task on hold start. */
  | { readonly do: 'release' }

export interface PendingRequest {
  readonly id: TaskId
  /** Unique per request; asking twice with one key is asking once. */
  readonly key: string
  readonly request: Request
}
