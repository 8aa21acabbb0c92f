import { OrchError } from '../model/error.ts'
import type { Request } from '../model/request.ts'
import type { OwnerId, RunState } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import { doneNote, isSettled, refusal, undone } from './asking.ts'
import type { Asked } from './contract.ts'
import type { Engine } from './engine.ts'
import type { Nudge } from './nudge.ts'
import type { Setup } from './ports.ts'
import { look, readStatus, stateIn, taskIn } from './status.ts'
import { sweep } from './sweep.ts'

export interface Asking {
  readonly setup: Setup
  readonly engine: Engine
  readonly nudge: Nudge
  /** Ends with the orchestrator. */
  readonly signal: AbortSignal
  /** Whether a run of this process takes requests up by itself. */
  isRunning(): boolean
  /** Hints of all ports until `signal`. */
  watch(signal: AbortSignal): void
  /** Does `use` with the lease, and leaves it when nobody else needs it. */
  leased<T>(use: () => Promise<T>): Promise<T>
}

/** What people ask through this process: stored first, then carried out, by whoever is at work or else by this process. */
export class Requests {
  readonly #asking: Asking
  readonly #storing = new Set<Promise<unknown>>()
  #asked = 0
  #stored = 0

  constructor(asking: Asking) {
    this.#asking = asking
  }

  /** Grows with everything that was stored; `null` while something is being stored: a run does not end before it has seen it. */
  get stored(): number | null {
    return this.#storing.size === 0 ? this.#stored : null
  }

  /** Resolves when all that is being stored now is. */
  async settled(): Promise<void> {
    await Promise.all(this.#storing)
  }

  /** Stores something that a run of this process is to see before it ends. */
  async store<T>(storing: Promise<T>): Promise<T> {
    // Whoever asked hears of a failure; the run only waits for it.
    const stored = storing.then(() => undefined).catch(() => undefined)
    this.#storing.add(stored)
    try {
      const value = await storing
      this.#stored++
      return value
    } finally {
      this.#storing.delete(stored)
      this.#asking.nudge.give()
    }
  }

  async ask(id: TaskId, request: Request): Promise<Asked> {
    const { setup } = this.#asking
    const key = `${setup.owner}-${++this.#asked}`
    const task = await this.store(this.#ask(id, key, request))
    if (this.#asking.isRunning()) return this.#answer(id, false, 'taken up by the next pass of this run')
    const answer = await this.#asking.leased(async () => {
      const others = await this.#others()
      // Who takes a task over waits until its agent has ended, whoever ends it.
      if (others.length > 0 && request.do !== 'take')
        return this.#answer(id, false, `taken up by the running orchestrator (${others.join(', ')})`)
      const state = await this.#carryOut(task, key, request)
      if (state === null) return this.#answer(id, false, 'taken up by the next `orch run`')
      const answer = await this.#answer(id, true, doneNote(request, state))
      const why = undone(request, answer.task)
      return why === null ? answer : { ...answer, settled: false, handedOver: false, note: why }
    })
    if (!answer.handedOver) await this.#carryOutOthers(key)
    return answer
  }

  /** What others asked while this process was at it: they were told that it is taken up. Looked for when it has left, so that nobody is told so any more. */
  async #carryOutOthers(own: string): Promise<void> {
    const { setup, signal } = this.#asking
    try {
      for (const seen = new Set([own]); ; ) {
        const { world } = await look(setup, signal)
        const next = world.requests.find(({ id, key }) => world.tasks.has(id) && !seen.has(key))
        if (next === undefined || this.#asking.isRunning()) return
        seen.add(next.key)
        const isOurs = await this.#asking.leased(async () => {
          if ((await this.#others()).length > 0) return false
          await this.#carryOut(taskIn(world, next.id), next.key, next.request)
          return true
        })
        if (!isOurs) return
      }
    } catch (error) {
      // It stays asked, and the next run takes it up.
      if (!OrchError.is(error) || error.code === 'bug') throw error
    }
  }

  async #others(): Promise<readonly OwnerId[]> {
    const { setup, engine, signal } = this.#asking
    return [...(await engine.lease.renew(signal))].filter((owner) => owner !== setup.owner)
  }

  async #carryOut(task: Task, key: string, request: Request): Promise<RunState | null> {
    const { setup, engine, signal } = this.#asking
    const state = await this.#settle(task, key, request)
    // No run comes after it that would: what its checks ran on would look like what a crash has left.
    if (request.do === 'land') await sweep(setup, engine, signal)
    return state
  }

  async #ask(id: TaskId, key: string, request: Request): Promise<Task> {
    const { setup, signal } = this.#asking
    const { world } = await look(setup, signal)
    const task = taskIn(world, id)
    const refused = refusal(world, task, request)
    if (refused !== null) throw new OrchError(refused.code, refused.message)
    await setup.ports.queue.ask({ id, key, request, signal })
    return task
  }

  /** Passes for this one task, starting no agent, until the request is carried out; null when that takes a run. */
  async #settle(task: Task, key: string, request: Request): Promise<RunState | null> {
    const { setup, engine, nudge, signal } = this.#asking
    const watching = new AbortController()
    this.#asking.watch(AbortSignal.any([signal, watching.signal]))
    try {
      for (;;) {
        const { world, decision } = await engine.pass({ only: task.id, start: false }, signal)
        const done = isSettled(world, task, key, request)
        if (engine.idle && (done || !decision.moving)) return done ? stateIn(world, task.id) : null
        await nudge.wait(decision.lookAgainAt, setup.ports.clock, signal)
      }
    } finally {
      watching.abort()
    }
  }

  async #answer(id: TaskId, settled: boolean, note: string): Promise<Asked> {
    const { tasks } = await readStatus(this.#asking.setup, this.#asking.signal)
    const task = tasks.find((row) => row.id === id)
    if (task === undefined) throw new OrchError('unknown-task', `task ${id} is gone from its source`)
    return { settled, handedOver: !settled, note, task }
  }
}
