import type { Request } from '../../model/request.ts'
import type { OwnerId, RunState } from '../../model/run-state.ts'
import { type NewTask, type Task, type TaskId, taskOf } from '../../model/task.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RunSnapshot } from '../../ports/run-store.ts'
import type { Call, Checker } from './call.ts'

/** What is known of an owner's lease from the beats that took place. */
interface Lease {
  readonly at: number
  readonly leaseMs: number
  /** Since when no two of its beats lay further apart than half a lease. */
  readonly steadySince: number
}

/** What the queue holds, as it passed through the port and through people's hands: what the checkers look at. */
export class Mirror implements Checker {
  readonly tasks: Map<TaskId, Task>
  /** Those that people have taken out of their source. */
  readonly deleted = new Map<TaskId, Task>()
  readonly states = new Map<TaskId, RunState>()
  readonly leases = new Map<OwnerId, Lease>()
  /** When each owner last read the queue. */
  readonly readAt = new Map<OwnerId, number>()
  /** Nothing new is to be started. */
  paused = false
  /** When somebody last changed what claims depend on without having the seat. */
  unguardedAt = Number.NEGATIVE_INFINITY
  /** Those that were put back since their last claim: meanwhile nobody could know what they use. */
  readonly revived = new Set<TaskId>()
  /** Who has read that another one has the only seat. */
  readonly seatless = new Set<OwnerId>()
  /** When each owner last set out to renew its lease. */
  readonly renewedAt = new Map<OwnerId, number>()
  /** When each owner last renewed a lease that had run out. */
  readonly lapsedAt = new Map<OwnerId, number>()
  /** What people have asked of each task since it was last opened. */
  readonly asked = new Map<TaskId, Request[]>()
  /** What people have closed by their own hand. */
  readonly closedByPeople = new Set<TaskId>()
  readonly clock: Clock
  /** When what takes place later was asked for. */
  readonly #closingSince = new WeakMap<Call, number>()

  constructor(tasks: readonly NewTask[], clock: Clock) {
    this.tasks = new Map(tasks.map((task) => [task.id, taskOf(task)]))
    this.clock = clock
  }

  issued(call: Call): void {
    const { actor, port, verb, options } = call
    if (port === 'queue' && verb === 'close') this.#closingSince.set(call, this.clock.elapsed())
    if (port !== 'queue' || verb !== 'beat' || options.leaseMs === 0) return
    const [now, before] = [this.clock.elapsed(), this.renewedAt.get(actor.name)]
    if (before !== undefined && now - before >= options.leaseMs) this.lapsedAt.set(actor.name, now)
    this.renewedAt.set(actor.name, now)
  }

  before({ port, verb, options }: Call): void {
    if (port === 'queue' && verb === 'ask') this.asked.set(options.id, [...this.askedOf(options.id), options.request])
  }

  after(call: Call, answer: unknown): void {
    const { actor, port, verb, options } = call
    if (port !== 'queue') return
    const now = this.clock.elapsed()
    const { leaseMs = Number.POSITIVE_INFINITY } = this.leases.get(actor.name) ?? {}
    const isLate = call.isLate === true || now - (this.#closingSince.get(call) ?? now) >= leaseMs
    if (isLate || verb === 'add' || verb === 'close' || verb === 'pause') this.unguardedAt = now
    if (verb === 'pause') this.paused = options.paused
    if (verb === 'read') this.#read(actor.name, answer as RunSnapshot, now)
    if (verb === 'write' && isOk(answer)) this.#written(options.id, options.next)
    if (verb === 'close' && isOk(answer)) this.#closed(options.id, options.as)
    // Nobody waits for it any more: it looks like a person's doing.
    if (verb === 'close' && isOk(answer) && isLate && options.as !== null) this.closedByPeople.add(options.id)
    if (verb === 'add' && isOk(answer)) for (const task of options.tasks as readonly NewTask[]) this.#added(task)
    if (verb === 'beat') this.#beat(options.owner, options.leaseMs, now)
  }

  put(id: TaskId, change: Partial<Task>): void {
    const task = this.tasks.get(id)
    if (task === undefined) return
    this.tasks.set(id, { ...task, ...change })
    this.unguardedAt = this.clock.elapsed()
  }

  delete(task: Task): void {
    this.tasks.delete(task.id)
    this.deleted.set(task.id, task)
    this.unguardedAt = this.clock.elapsed()
  }

  putBack(task: Task): void {
    this.revived.add(task.id)
    this.deleted.delete(task.id)
    this.unguardedAt = this.clock.elapsed()
    this.tasks.set(task.id, task)
  }

  /** Whose head a candidate was built of. */
  candidateOf({ head }: { readonly head: string }): TaskId {
    return [...this.states].find(([, state]) => state.phase === 'pr_created' && state.branch?.head === head)?.[0] ?? ''
  }

  askedOf(id: TaskId): readonly Request[] {
    return this.asked.get(id) ?? []
  }

  /** Its lease holds, and has held since before `since` without ever coming near its end. */
  surelyLives(owner: OwnerId, since: number): boolean {
    const lease = this.leases.get(owner)
    if (lease === undefined) return false
    return this.clock.elapsed() - lease.at < lease.leaseMs / 2 && lease.steadySince <= since - lease.leaseMs
  }

  #written(id: TaskId, next: RunState): void {
    if (next.phase === 'spawned' && this.states.get(id)?.phase !== 'spawned') this.revived.delete(id)
    this.states.set(id, next)
  }

  #read(reader: OwnerId, { taken = false }: RunSnapshot, at: number): void {
    this.readAt.set(reader, at)
    if (taken) this.seatless.add(reader)
    else this.seatless.delete(reader)
  }

  /** Once per task, however often that is asked. */
  #added(task: NewTask): void {
    if (!this.tasks.has(task.id) && !this.deleted.has(task.id)) this.tasks.set(task.id, taskOf(task))
  }

  /** Opened again, it is nobody's decision yet but that. */
  #closed(id: TaskId, as: 'done' | 'cancelled' | null): void {
    this.put(id, { state: as ?? 'open' })
    if (as !== null) return
    this.closedByPeople.delete(id)
    this.asked.set(
      id,
      this.askedOf(id).filter((request) => request.do === 'retry'),
    )
  }

  #beat(owner: OwnerId, leaseMs: number, at: number): void {
    const before = this.leases.get(owner)
    if (leaseMs === 0) {
      this.leases.delete(owner)
      return
    }
    const steady = before !== undefined && at - before.at < leaseMs / 2
    this.leases.set(owner, { at, leaseMs, steadySince: steady ? before.steadySince : at })
  }
}

export function isOk(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true
}
