import { failed, ok } from '../model/result.ts'
import { claimFields, type PendingRequest, type RunRecord, type RunState } from '../model/run-state.ts'
import { type NewTask, type Task, type TaskId, taskOf } from '../model/task.ts'
import type { Beat } from '../ports/run-store.ts'
import type { TaskQueue } from '../ports/task-queue.ts'

/** A queue in memory, with every verb. */
export interface MemoryQueue extends Required<Omit<TaskQueue, 'announce' | 'shortestLeaseMs'>>, Disposable {
  /** The same queue as another process would open it. */
  alongside(): MemoryQueue
  /** Replaces or adds a task, as a person does who edits the tracker. */
  put(task: NewTask & { readonly state?: Task['state'] }): void
  /** Takes a task out of the source, as if it had never been. */
  remove(id: TaskId): void
}

export interface MemoryQueueOptions {
  readonly tasks?: readonly (NewTask & { readonly state?: Task['state'] })[]
  /** `one`: `seen` is not looked at; the first handle that beats or writes has the seat until it leaves. Default `many`. */
  readonly schedulers?: 'many' | 'one'
}

export function memoryQueue(options: MemoryQueueOptions = {}): MemoryQueue {
  return openQueue({
    schedulers: options.schedulers ?? 'many',
    tasks: new Map((options.tasks ?? []).map((task) => [task.id, frozen(taskOf(task))])),
    runs: new Map(),
    requests: Object.freeze([]),
    asked: new Set(),
    additions: new Map(),
    beats: new Map(),
    listeners: new Set(),
    revision: 0,
    paused: false,
    seat: null,
  })
}

interface Shared {
  readonly schedulers: 'many' | 'one'
  readonly tasks: Map<TaskId, Task>
  readonly runs: Map<TaskId, { readonly version: number; readonly state: RunState }>
  requests: readonly PendingRequest[]
  readonly asked: Set<string>
  readonly additions: Map<string, readonly TaskId[]>
  readonly beats: Map<string, Beat>
  readonly listeners: Set<() => void>
  revision: number
  paused: boolean
  /** The handle that schedules, where only one may. */
  seat: object | null
}

/** A copy that nobody can change, so that the store holds values and never a caller's object. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozen)) as T
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.freeze(Object.fromEntries(fields.map(([name, field]) => [name, frozen(field)]))) as T
}

function openQueue(shared: Shared): MemoryQueue {
  const handle = {}
  let isClosed = false

  const changed = ({ plan }: { plan: boolean }): void => {
    if (plan) shared.revision += 1
    for (const listener of shared.listeners) queueMicrotask(listener)
  }
  const takeSeat = (): boolean => {
    if (shared.schedulers === 'many') return true
    // What was still under way when its process ended takes no seat that nobody would leave.
    if (!isClosed) shared.seat ??= handle
    return shared.seat === handle
  }
  const leaveSeat = (): void => {
    if (shared.seat === handle) shared.seat = null
  }
  const recordOf = (id: TaskId, run: { version: number; state: RunState }): RunRecord =>
    Object.freeze({ id, version: String(run.version), state: run.state })

  return {
    name: 'memory',
    schedulers: shared.schedulers,

    async list({ all = false, signal }) {
      signal.throwIfAborted()
      const wanted = all ? null : wantedTasks(shared)
      const tasks = [...shared.tasks.values()].filter(({ id }) => wanted === null || wanted.has(id))
      return Object.freeze({ tasks: Object.freeze(tasks), complete: true })
    },

    async add({ key, tasks, signal }) {
      signal.throwIfAborted()
      const before = shared.additions.get(key)
      if (before !== undefined) return ok(before)
      const ids = tasks.map(({ id }) => id)
      const given = new Set<TaskId>()
      const taken = ids.filter((id) => shared.tasks.has(id) || given.size === given.add(id).size)
      if (taken.length > 0) return failed('exists', `Nothing was added: these ids are taken: ${taken.join(', ')}.`)
      for (const task of tasks) shared.tasks.set(task.id, frozen(taskOf(task)))
      shared.additions.set(key, frozen(ids))
      changed({ plan: true })
      return ok(frozen(ids))
    },

    async close({ id, as, signal }) {
      signal.throwIfAborted()
      const task = shared.tasks.get(id)
      if (task === undefined) return failed('gone', `There is no task ${id}.`)
      if ((task.state === 'open') === (as === null)) return ok()
      shared.tasks.set(id, frozen({ ...task, state: as ?? 'open' }))
      changed({ plan: true })
      return ok()
    },

    async read({ all = false, signal }) {
      signal.throwIfAborted()
      const wanted = wantedTasks(shared)
      const records = [...shared.runs]
        .filter(([id, { state }]) => all || state.phase !== 'closed' || wanted.has(id))
        .map(([id, run]) => recordOf(id, run))
      return Object.freeze({
        records: Object.freeze(records),
        requests: shared.requests,
        revision: `r${shared.revision}`,
        paused: shared.paused,
        taken: shared.seat !== null && shared.seat !== handle,
        complete: true,
      })
    },

    async write({ id, expect, seen, next, answered = [], signal }) {
      signal.throwIfAborted()
      if (!takeSeat()) return failed('taken', 'Another orchestrator schedules on this queue.')
      if (!shared.tasks.has(id)) return failed('gone', `There is no task ${id}.`)
      const present = shared.runs.get(id)
      const version = present === undefined ? null : String(present.version)
      const moved = shared.schedulers === 'many' && seen !== undefined && seen !== `r${shared.revision}`
      if (moved || version !== expect) return failed('stale')
      const run = { version: (present?.version ?? 0) + 1, state: frozen(next) }
      shared.runs.set(id, run)
      shared.requests = Object.freeze(shared.requests.filter(({ key }) => !answered.includes(key)))
      changed({ plan: present === undefined || claimFields(present.state) !== claimFields(next) })
      return ok({ record: recordOf(id, run), revision: `r${shared.revision}` })
    },

    async beat({ owner, leaseMs, signal }) {
      signal.throwIfAborted()
      if (leaseMs === 0) {
        shared.beats.delete(owner)
        leaveSeat()
      } else {
        takeSeat()
        shared.beats.set(owner, { owner, beat: (shared.beats.get(owner)?.beat ?? 0) + 1, leaseMs })
      }
      return frozen([...shared.beats.values()])
    },

    async ask({ id, key, request, signal }) {
      signal.throwIfAborted()
      if (shared.asked.has(key)) return
      shared.asked.add(key)
      shared.requests = frozen([...shared.requests, { id, key, request }])
      changed({ plan: false })
    },

    async pause({ paused, signal }) {
      signal.throwIfAborted()
      if (shared.paused === paused) return
      shared.paused = paused
      changed({ plan: true })
    },

    watch({ onChange, signal }) {
      if (signal.aborted) return
      const listener = (): void => {
        if (!signal.aborted) onChange()
      }
      shared.listeners.add(listener)
      signal.addEventListener('abort', () => shared.listeners.delete(listener), { once: true })
    },

    alongside: () => openQueue(shared),
    put(task) {
      shared.tasks.set(task.id, frozen(taskOf(task)))
      changed({ plan: true })
    },
    remove(id) {
      if (shared.tasks.delete(id)) changed({ plan: true })
    },
    [Symbol.dispose]() {
      isClosed = true
      leaveSeat()
    },
  }
}

/** Open tasks, what they name, and closed ones with something left to do. */
function wantedTasks({ tasks, runs, requests }: Shared): ReadonlySet<TaskId> {
  const open = [...tasks.values()].filter(({ state }) => state === 'open')
  const patterns = new Set(open.flatMap(({ follows }) => follows))
  const establishers = [...tasks.values()].filter(
    ({ establishes }) => establishes !== undefined && patterns.has(establishes),
  )
  return new Set([
    ...open.flatMap(({ id, dependsOn, stackedOn }) => [
      id,
      ...dependsOn,
      ...(stackedOn === undefined ? [] : [stackedOn]),
    ]),
    ...establishers.map(({ id }) => id),
    ...[...runs].filter(([, { state }]) => state.phase !== 'closed').map(([id]) => id),
    ...requests.map(({ id }) => id),
  ])
}
