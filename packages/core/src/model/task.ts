export type TaskId = string
/** A path pattern from the root of the repository, `/`-separated; see `overlap` for the language. */
export type Glob = string

/** `change` ends in a landing; `read` expects no commits; `sync` has no agent; `manual` is done by a person. */
export type TaskKind = 'change' | 'read' | 'sync' | 'manual'

/** One unit of work, as its source tells it. Plain data; fields that the source does not know are absent. */
export interface Task {
  readonly id: TaskId
  readonly title: string
  /** What the agent is told beyond the title. Default `''`. */
  readonly body: string
  readonly kind: TaskKind
  /** Where its source says it stands. A closed task satisfies dependencies only as `done`. */
  readonly state: 'open' | 'done' | 'cancelled'
  /** The group of tasks that `run({ epic })` starts. */
  readonly epic?: string
  readonly dependsOn: readonly TaskId[]
  /** Starts on that task's branch when its work is done, and lands after it. */
  readonly stackedOn?: TaskId
  /** Files that it may change. Absent: unknown. Empty: none. */
  readonly writes?: readonly Glob[]
  readonly reads?: readonly Glob[]
  /** Tasks of one group are done one after the other, in the order of their source: by one agent, in one workspace. */
  readonly group?: string
  readonly layer?: string
  readonly role?: string
  readonly feature?: string
  /** The pattern that it establishes; who `follows` it waits until it has landed. */
  readonly establishes?: string
  readonly follows: readonly string[]
  /** Units of named resources that it holds while it runs. */
  readonly resources: Readonly<Record<string, number>>
  /** Not to be started until a person says so. */
  readonly hold: boolean
  /** Lower starts earlier. Default 2. */
  readonly priority: number
  /** Estimate, in minutes. */
  readonly minutes?: number
}

/** A task as a person writes it: `id` and the rest optional; `taskOf` fills in the defaults. */
export type NewTask = { readonly id: TaskId } & Partial<Omit<Task, 'id' | 'state'>>

/** What tasks belong to, in the words of who wrote it. A source that keeps no epics takes the id alone, from its tasks. */
export interface NewEpic {
  readonly id: string
  readonly title: string
  readonly body: string
}

/** The defaults of every field of a task. */
export function taskOf(given: NewTask & { readonly state?: Task['state'] }): Task {
  return {
    ...given,
    title: given.title ?? given.id,
    body: given.body ?? '',
    kind: given.kind ?? 'change',
    state: given.state ?? 'open',
    dependsOn: given.dependsOn ?? [],
    follows: given.follows ?? [],
    resources: given.resources ?? {},
    hold: given.hold ?? false,
    priority: given.priority ?? 2,
  }
}
