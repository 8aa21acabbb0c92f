import type { PendingRequest } from '../model/request.ts'
import { failed, ok } from '../model/result.ts'
import { claimFields, type RunRecord } from '../model/run-state.ts'
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
    records: new Map(),
    requests: Object.freeze([]),
    asked: new Set(),
    additions: new Map(),
    beats: new Map(),
    listeners: new Set(),
    revision: 0,
    paused: false,
    seat: null,
    wanted: null,
  })
}

interface Shared {
  readonly schedulers: 'many' | 'one'
  readonly tasks: Map<TaskId, Task>
  readonly records: Map<TaskId, RunRecord>
  requests: readonly PendingRequest[]
  readonly asked: Set<string>
  readonly additions: Map<string, readonly TaskId[]>
  readonly beats: Map<string, Beat>
  readonly listeners: Set<() => void>
  revision: number
  paused: boolean
  /** The handle that schedules, where only one may. */
  seat: object | null
  /** Of `wantedTasks`, until something changes. */
  wanted: ReadonlySet<TaskId> | null
}

/**
 * A copy that nobody can change, so that the store holds values and never a caller's object.
 * @param before what the store holds of it already: what the caller took over of that needs no other copy
 */
function frozen<T>(value: T, before?: unknown): T {
  if (typeof value !== 'object' || value === null || value === before) return value
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
  const known = (before ?? {}) as Readonly<Record<string, unknown>>
  for (const name of Object.keys(copy)) {
    const each = copy[name]
    if (each === undefined) delete copy[name]
    else if (typeof each === 'object') copy[name] = frozen(each, known[name])
  }
  return Object.freeze(copy) as T
}

function openQueue(shared: Shared): MemoryQueue {
  const handle = {}
  let isClosed = false

  const changed = ({ plan }: { plan: boolean }): void => {
    if (plan) shared.revision += 1
    shared.wanted = null
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

  return {
    name: 'memory',
    schedulers: shared.schedulers,

    async list({ all = false, signal }) {
      signal.throwIfAborted()
      const wanted = all ? null : wantedOf(shared)
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
      const wanted = wantedOf(shared)
      const records = [...shared.records.values()].filter(
        ({ id, state }) => all || state.phase !== 'closed' || wanted.has(id),
      )
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
      const present = shared.records.get(id)
      const moved = shared.schedulers === 'many' && seen !== undefined && seen !== `r${shared.revision}`
      if (moved || (present?.version ?? null) !== expect) return failed('stale')
      const version = String(Number(present?.version ?? 0) + 1)
      const record = Object.freeze({ id, version, state: frozen(next, present?.state) })
      shared.records.set(id, record)
      if (answered.length > 0)
        shared.requests = Object.freeze(shared.requests.filter(({ key }) => !answered.includes(key)))
      changed({ plan: present === undefined || claimFields(present.state) !== claimFields(next) })
      return ok({ record, revision: `r${shared.revision}` })
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

function wantedOf(shared: Shared): ReadonlySet<TaskId> {
  shared.wanted ??= wantedTasks(shared)
  return shared.wanted
}

/** Open tasks, what they name, and closed ones with something left to do. */
function wantedTasks({ tasks, records, requests }: Shared): ReadonlySet<TaskId> {
  const wanted = new Set<TaskId>()
  const patterns = new Set<string>()
  for (const { id, state, dependsOn, stackedOn, follows } of tasks.values()) {
    if (state !== 'open') continue
    wanted.add(id)
    for (const on of dependsOn) wanted.add(on)
    if (stackedOn !== undefined) wanted.add(stackedOn)
    for (const pattern of follows) patterns.add(pattern)
  }
  for (const { id, establishes } of patterns.size === 0 ? [] : tasks.values())
    if (establishes !== undefined && patterns.has(establishes)) wanted.add(id)
  for (const { id, state } of records.values()) if (state.phase !== 'closed') wanted.add(id)
  for (const { id } of requests) wanted.add(id)
  return wanted
}
