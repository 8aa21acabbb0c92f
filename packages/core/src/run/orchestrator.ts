import { EventEmitter } from 'eventemitter3'
import { decide } from '../decide/decide.ts'
import { standings } from '../decide/standing.ts'
import type { Reach } from '../decide/world.ts'
import { OrchError } from '../model/error.ts'
import type { Request } from '../model/run-state.ts'
import type { NewTask, Task, TaskId } from '../model/task.ts'
import type { Plan } from '../plan/plan.ts'
import { type PlanChoices, planTasks } from '../plan/plan-tasks.ts'
import type { Leftover } from '../ports/vcs.ts'
import { addTasks } from './adding.ts'
import { isSettled, refusal, unlanded } from './asking.ts'
import type {
  Asked,
  Orchestrator,
  OrchestratorOptions,
  PassResult,
  RunOptions,
  RunResult,
  StatusReport,
  TaskReport,
} from './contract.ts'
import { type Decide, Engine } from './engine.ts'
import type { OrchestratorEvents } from './events.ts'
import { Nudge } from './nudge.ts'
import { checkedPolicy } from './policy-input.ts'
import type { Setup } from './ports.ts'
import { checkPrefix } from './prefix.ts'
import { prune } from './pruning.ts'
import { restMs } from './rest.ts'
import { look, outcomeOf, readReport, readStatus, taskIn } from './status.ts'
import { stopOwnAgents } from './stopping.ts'
import { systemClock } from './system-clock.ts'

/** Runs tasks with many agents on one repository. Everything is behind the ports; nothing starts before a method is called. */
export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  return orchestratorOf(options, decide)
}

/** The same with somebody who looks on at each decision, as the simulator does. */
export function orchestratorOf(options: OrchestratorOptions, decider: Decide): Orchestrator {
  return new PortedOrchestrator(options, decider)
}

class PortedOrchestrator extends EventEmitter<OrchestratorEvents> implements Orchestrator {
  readonly #setup: Setup
  readonly #engine: Engine
  readonly #nudge = new Nudge()
  readonly #end = new AbortController()
  /** Requests of this process that are being stored: a run does not end before it has seen them. */
  readonly #asking = new Set<Promise<unknown>>()
  #asked = 0
  #stored = 0
  #running = 0
  /** Runs and requests of this process that need the lease. */
  #using = 0

  constructor(options: OrchestratorOptions, decider: Decide) {
    super()
    const { queue, vcs, runner, review, board, agent } = options
    const clock = options.clock ?? systemClock()
    this.#setup = {
      ports: { queue, vcs, runner, review: review ?? null, board: board ?? null, clock },
      agent,
      policy: checkedPolicy(options.policy),
      owner: options.owner ?? `orch-${globalThis.crypto.randomUUID().slice(0, 8)}`,
    }
    this.#engine = new Engine(this.#setup, this, this.#nudge.give, decider)
  }

  async add(tasks: readonly NewTask[]): Promise<{ added: readonly TaskId[]; unchanged: readonly TaskId[] }> {
    const { ports, policy } = this.#setup
    const done = await addTasks(ports.queue, tasks, policy.resources, this.#end.signal)
    this.#nudge.give()
    return done
  }

  async plan({ maxAgents, ...options }: PlanChoices = {}): Promise<Plan> {
    const sight = await look(this.#setup, this.#end.signal)
    const { policy } = this.#setup
    const changed = maxAgents === undefined ? policy : { ...policy, maxAgents }
    return planTasks([...sight.world.tasks.values()], changed, { ...options, standing: standings(sight) })
  }

  async tasks(): Promise<readonly Task[]> {
    const { tasks } = await this.#setup.ports.queue.list({ all: true, signal: this.#end.signal })
    return tasks
  }

  async pass(options: { readonly epic?: string; readonly signal?: AbortSignal } = {}): Promise<PassResult> {
    const { decision } = await this.#engine.pass(reachOf(options.epic), this.#until(options.signal))
    await this.#engine.settled()
    const { actions, lookAgainAt } = decision
    return { actions: actions.map((action) => ({ do: action.do, id: action.id })), lookAgainAt }
  }

  async run(options: RunOptions = {}): Promise<RunResult> {
    const signal = this.#until(options.signal)
    const watching = new AbortController()
    this.#watch(AbortSignal.any([this.#end.signal, watching.signal]))
    this.#engine.begin()
    this.#using++
    try {
      await this.#passes(reachOf(options.epic), signal)
      await this.#engine.settled()
    } finally {
      watching.abort()
      await this.#leave()
    }
    if (!signal.aborted) this.#engine.program.throwIfMissing()
    const { tasks } = await this.status()
    return { outcome: signal.aborted ? 'interrupted' : outcomeOf(tasks, options.epic), tasks }
  }

  /** Passes until nothing moves any more. An outage ends no run: it is told, and looked past after a rest. */
  async #passes(reach: Reach, signal: AbortSignal): Promise<void> {
    const { clock } = this.#setup.ports
    this.#running++
    try {
      for (let outages = 0, checked = false; !signal.aborted; ) {
        await Promise.all(this.#asking)
        const stored = this.#stored
        try {
          if (!checked) await checkPrefix(this.#setup, signal)
          checked = true
          // Effects that are under way end in their own time: an interrupted run only begins no new ones.
          const { decision } = await this.#engine.pass(reach, this.#end.signal)
          outages = 0
          const heardAll = this.#asking.size === 0 && this.#stored === stored
          if (!decision.moving && this.#engine.idle && heardAll) return
          await this.#nudge.wait(decision.lookAgainAt, clock, signal)
        } catch (error) {
          if (!OrchError.is(error) || !error.retryable) throw error
          this.emit('problem', { task: null, message: error.message })
          await clock.sleep(restMs(error, ++outages), { signal })
        }
      }
    } finally {
      // From its last pass on, a run takes nothing up any more.
      this.#running--
    }
  }

  /** Says that this orchestrator has left, once nothing of this process needs its lease. */
  async #leave(): Promise<void> {
    this.#using--
    if (this.#using === 0) await this.#engine.lease.leave(this.#end.signal)
  }

  status(): Promise<StatusReport> {
    return readStatus(this.#setup, this.#end.signal)
  }

  show(id: TaskId): Promise<TaskReport> {
    return readReport(this.#setup, id, this.#end.signal)
  }

  guide(id: TaskId, text: string): Promise<Asked> {
    return this.#ask(id, { do: 'guide', text })
  }

  cancel(id: TaskId): Promise<Asked> {
    return this.#ask(id, { do: 'cancel' })
  }

  retry(id: TaskId, options: { readonly fresh?: boolean } = {}): Promise<Asked> {
    return this.#ask(id, { do: 'retry', fresh: options.fresh ?? false })
  }

  land(id: TaskId): Promise<Asked> {
    return this.#ask(id, { do: 'land' })
  }

  prune(options: { readonly drop?: boolean } = {}): Promise<readonly Leftover[]> {
    return prune(this.#setup, options.drop ?? false, this.#end.signal)
  }

  stopAgents(): Promise<readonly TaskId[]> {
    return stopOwnAgents(this.#setup, this.#end.signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.lease.leave(this.#end.signal)
    this.#end.abort()
  }

  async #ask(id: TaskId, request: Request): Promise<Asked> {
    const signal = this.#end.signal
    const key = `${this.#setup.owner}-${++this.#asked}`
    const storing = this.#store(id, key, request)
    // Whoever asked hears of a failure; the run only waits for it.
    const stored = storing.then(() => undefined).catch(() => undefined)
    this.#asking.add(stored)
    let task: Task
    try {
      task = await storing
      this.#stored++
    } finally {
      this.#asking.delete(stored)
      this.#nudge.give()
    }
    if (this.#running > 0) return this.#answer(id, false, 'taken up by the next pass of this run')
    this.#using++
    try {
      const others = [...(await this.#engine.lease.renew(signal))].filter((owner) => owner !== this.#setup.owner)
      if (others.length > 0)
        return await this.#answer(id, false, `taken up by the running orchestrator (${others.join(', ')})`)
      const taken = await this.#settle(task, key, request)
      const answer = await this.#answer(id, taken, taken ? 'done' : 'taken up by the next `orch run`')
      const why = request.do === 'land' && taken ? unlanded(answer.task) : null
      return why === null ? answer : { ...answer, settled: false, handedOver: false, note: why }
    } finally {
      await this.#leave()
    }
  }

  async #store(id: TaskId, key: string, request: Request): Promise<Task> {
    const signal = this.#end.signal
    const { world } = await look(this.#setup, signal)
    const task = taskIn(world, id)
    const refused = refusal(world, task, request)
    if (refused !== null) throw new OrchError(refused.code, refused.message)
    await this.#setup.ports.queue.ask({ id, key, request, signal })
    return task
  }

  /** Passes for this one task, starting no agent, until the request is carried out. */
  async #settle(task: Task, key: string, request: Request): Promise<boolean> {
    const watching = new AbortController()
    this.#watch(AbortSignal.any([this.#end.signal, watching.signal]))
    try {
      for (;;) {
        const { world, decision } = await this.#engine.pass({ only: task.id, start: false }, this.#end.signal)
        const done = isSettled(world, task, key, request)
        if (this.#engine.idle && (done || !decision.moving)) return done
        await this.#nudge.wait(decision.lookAgainAt, this.#setup.ports.clock, this.#end.signal)
      }
    } finally {
      watching.abort()
    }
  }

  async #answer(id: TaskId, settled: boolean, note: string): Promise<Asked> {
    const { tasks } = await this.status()
    const task = tasks.find((row) => row.id === id)
    if (task === undefined) throw new OrchError('unknown-task', `task ${id} is gone from its source`)
    return { settled, handedOver: !settled, note, task }
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#end.signal : AbortSignal.any([this.#end.signal, signal])
  }

  #watch(signal: AbortSignal): void {
    const { queue, vcs, runner } = this.#setup.ports
    for (const port of [queue, vcs, runner]) port.watch?.({ onChange: this.#nudge.give, signal })
  }
}

function reachOf(epic: string | undefined): Reach {
  return epic === undefined ? { start: true } : { start: true, epic }
}
