import type { EventEmitter } from 'eventemitter3'
import { decide } from '../decide/decide.ts'
import { prioritised, standings } from '../decide/standing.ts'
import type { Reach } from '../decide/world.ts'
import type { Request } from '../model/request.ts'
import type { NewEpic, NewTask, Task, TaskId } from '../model/task.ts'
import type { HistoryHints } from '../plan/history-hints.ts'
import type { Plan } from '../plan/plan.ts'
import { type PlanChoices, planTasks } from '../plan/plan-tasks.ts'
import type { RestoreTo } from '../ports/kept-work.ts'
import type { Leftover } from '../ports/vcs.ts'
import { addTasks } from './adding.ts'
import { closeTasks } from './closing.ts'
import { readConflicts } from './conflict-report.ts'
import type {
  Asked,
  ClosedElsewhere,
  HintOptions,
  Orchestrator,
  OrchestratorOptions,
  PassResult,
  RunOptions,
  RunResult,
} from './contract.ts'
import { type DoctorReport, examine, treat } from './doctor.ts'
import { type Decide, Engine } from './engine.ts'
import type { OrchestratorEvents } from './events.ts'
import { readHints } from './hints.ts'
import { type KeptItem, type KeptReport, listKept, type RestoredWork, restoreKept, showKept } from './kept.ts'
import { Nudge } from './nudge.ts'
import { passUntilStill } from './passing.ts'
import { PersonVerbs } from './person-verbs.ts'
import type { Setup } from './ports.ts'
import { prune } from './pruning.ts'
import { redacted, redactedNames } from './redacted.ts'
import type { ClosingReport, ConflictReport, ScopeReport, StatusReport, TaskReport } from './reports.ts'
import { Requests } from './requests.ts'
import { readScopes } from './scopes.ts'
import { setupOf } from './setup.ts'
import { look, outcomeOf, readReport, readStatus } from './status.ts'
import { stopOwnAgents } from './stopping.ts'

/** Runs tasks with many agents on one repository. Everything is behind the ports; nothing starts before a method is called. */
export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  return orchestratorOf(options, decide)
}

/** The same with somebody who looks on at each decision, as the simulator does. */
export function orchestratorOf(options: OrchestratorOptions, decider: Decide): Orchestrator {
  return new PortedOrchestrator(options, decider)
}

class PortedOrchestrator extends PersonVerbs implements Orchestrator {
  readonly #setup: Setup
  readonly #engine: Engine
  readonly #nudge = new Nudge()
  readonly #end = new AbortController()
  readonly #requests: Requests
  #running = 0

  constructor(options: OrchestratorOptions, decider: Decide) {
    super()
    this.#setup = setupOf(options)
    this.#engine = new Engine(this.#setup, this, this.#nudge.give, decider)
    this.#requests = new Requests({
      setup: this.#setup,
      engine: this.#engine,
      nudge: this.#nudge,
      signal: this.#end.signal,
      isRunning: () => this.#running > 0,
      watch: (signal) => this.#watch(signal),
      leased: (use) => this.#engine.lease.during(use, this.#end.signal),
    })
  }

  protected override ask(id: TaskId, request: Request): Promise<Asked> {
    return this.#requests.ask(id, request)
  }

  override emit<Name extends keyof OrchestratorEvents>(
    name: Name,
    ...event: EventEmitter.EventArgs<OrchestratorEvents, Name>
  ): boolean {
    return super.emit(name, ...redactedNames(event, this.#setup.redact))
  }

  async add(
    tasks: readonly NewTask[],
    { epics = [] }: { readonly epics?: readonly NewEpic[] } = {},
  ): Promise<{ added: readonly TaskId[]; unchanged: readonly TaskId[] }> {
    const { ports, policy, redact } = this.#setup
    const { signal } = this.#end
    // Of no use without epics, and not asked for then.
    const isAsked = Object.keys(policy.epics).length > 0
    const { records } = isAsked ? await ports.queue.read({ all: true, signal }) : { records: [] }
    const options = { policy, records, epics: redacted(epics, redact) }
    return this.#requests.store(addTasks(ports.queue, redacted(tasks, redact), options, signal))
  }

  async plan({ maxAgents, ...options }: PlanChoices = {}): Promise<Plan> {
    const sight = await look(this.#setup, this.#end.signal)
    const { policy } = this.#setup
    const changed = maxAgents === undefined ? policy : { ...policy, maxAgents }
    return planTasks(prioritised(sight.world), changed, { ...options, standing: standings(sight) })
  }

  async tasks(): Promise<readonly Task[]> {
    const { tasks } = await this.#setup.ports.queue.list({ all: true, signal: this.#end.signal })
    return redacted(tasks, this.#setup.redact)
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
    const passes = async () => {
      await this.#passes(reachOf(options.epic), signal)
      await this.#engine.settled()
    }
    await this.#engine.lease.during(passes, this.#end.signal).finally(() => watching.abort())
    if (!signal.aborted) this.#engine.program.throwIfMissing()
    const { tasks } = await this.status()
    return { outcome: signal.aborted ? 'interrupted' : outcomeOf(tasks, options.epic), tasks }
  }

  async #passes(reach: Reach, signal: AbortSignal): Promise<void> {
    this.#running++
    try {
      await passUntilStill(
        {
          setup: this.#setup,
          engine: this.#engine,
          requests: this.#requests,
          nudge: this.#nudge,
          problem: (message) => this.emit('problem', { task: null, message }),
        },
        { reach, signal, end: this.#end.signal },
      )
    } finally {
      // From its last pass on, a run takes nothing up any more.
      this.#running--
    }
  }

  status(): Promise<StatusReport> {
    return readStatus(this.#setup, this.#end.signal)
  }

  async scopes(): Promise<ScopeReport | null> {
    return redactedNames(await readScopes(this.#setup, this.#end.signal), this.#setup.redact)
  }

  async hints({ signal, ...options }: HintOptions = {}): Promise<HistoryHints | null> {
    return redactedNames(await readHints(this.#setup, options, this.#until(signal)), this.#setup.redact)
  }

  async conflicts(): Promise<ConflictReport> {
    return redactedNames(await readConflicts(this.#setup, this.#end.signal), this.#setup.redact)
  }

  show(id: TaskId): Promise<TaskReport> {
    return readReport(this.#setup, id, this.#end.signal)
  }

  async close(
    tasks: readonly ClosedElsewhere[],
    { note, dry = false }: { readonly note: string; readonly dry?: boolean },
  ): Promise<ClosingReport> {
    const { ports, redact } = this.#setup
    const closing = closeTasks(ports.queue, tasks, { dry, note: redacted(note, redact) }, this.#end.signal)
    return redacted(await this.#requests.store(closing), redact)
  }

  pauseAll(): Promise<void> {
    return this.#pauseAll(true)
  }

  resumeAll(): Promise<void> {
    return this.#pauseAll(false)
  }

  #pauseAll(paused: boolean): Promise<void> {
    return this.#requests.store(this.#setup.ports.queue.pause({ paused, signal: this.#end.signal }))
  }

  prune(options: { readonly drop?: boolean } = {}): Promise<readonly Leftover[]> {
    return prune(this.#setup, options.drop ?? false, this.#end.signal)
  }

  kept(task?: string): Promise<readonly KeptItem[] | null> {
    return listKept(this.#setup, task, this.#end.signal)
  }

  showKept(options: { readonly task: string; readonly name?: string; readonly patch?: boolean }): Promise<KeptReport> {
    return showKept(this.#setup, options, this.#end.signal)
  }

  restoreKept(options: {
    readonly task: string
    readonly name?: string
    readonly to?: RestoreTo
  }): Promise<RestoredWork> {
    return restoreKept(this.#setup, options, this.#end.signal)
  }

  async doctor({ fix = false }: { readonly fix?: boolean } = {}): Promise<DoctorReport> {
    const { signal } = this.#end
    if (!fix) return { findings: await examine(this.#setup, signal), mended: [], unmended: [] }
    return this.#engine.lease.during(() => treat(this.#setup, this.#engine.lease, signal), signal)
  }

  stopAgents(): Promise<readonly TaskId[]> {
    return stopOwnAgents(this.#setup, this.#end.signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.lease.leave(this.#end.signal)
    this.#end.abort()
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#end.signal : AbortSignal.any([this.#end.signal, signal])
  }

  #watch(signal: AbortSignal): void {
    const { ports, policy } = this.#setup
    const onChange = this.#nudge.give
    for (const port of [ports.queue, ports.runner]) port.watch?.({ onChange, signal })
    ports.vcs.watch?.({ targets: Object.values(policy.epics).map(({ target }) => target), onChange, signal })
  }
}

function reachOf(epic: string | undefined): Reach {
  return epic === undefined ? { start: true } : { start: true, epic }
}
