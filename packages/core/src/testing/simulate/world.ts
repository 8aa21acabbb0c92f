import { decide } from '../../decide/decide.ts'
import type { ProcessKey } from '../../model/process-key.ts'
import { command } from '../../model/profile.ts'
import { type Task, type TaskId, taskOf } from '../../model/task.ts'
import type { Orchestrator } from '../../run/contract.ts'
import type { OrchestratorEvents } from '../../run/events.ts'
import { orchestratorOf } from '../../run/orchestrator.ts'
import { handClock } from '../hand-clock.ts'
import { memoryBoard } from '../memory-board.ts'
import { memoryQueue } from '../memory-queue.ts'
import { memoryReviewHost } from '../memory-review-host.ts'
import { type AgentScript, memoryRunner } from '../memory-runner.ts'
import { type MemoryVcs, memoryVcs } from '../memory-vcs.ts'
import { type AgentsOptions, randomAgents } from './agents.ts'
import { Boundary } from './boundary.ts'
import type { Checker } from './call.ts'
import { Coverage } from './coverage.ts'
import { Dice } from './dice.ts'
import { checkersOf } from './invariants/checkers.ts'
import { secret } from './invariants/scene.ts'
import { Mirror } from './mirror.ts'
import { Mishaps } from './mishaps.ts'
import { SimulatedProcess } from './process.ts'
import { Scheduler } from './scheduler.ts'
import { type Setting, streams } from './setting.ts'
import { Trace } from './trace.ts'
import { WorkLedger } from './work-ledger.ts'

/** Everything that users hear. */
const eventNames = Object.keys({
  'task-claimed': true,
  'task-started': true,
  'epic-gathered': true,
  'task-stuck': true,
  'task-guided': true,
  'task-failed': true,
  'task-committed': true,
  'review-started': true,
  'review-failed': true,
  'review-ended': true,
  'regeneration-started': true,
  'checks-started': true,
  'checks-ended': true,
  'checks-flaky': true,
  'checks-carried': true,
  'task-waits': true,
  'task-landed': true,
  'task-closed': true,
  'task-taken': true,
  'task-stopped': true,
  'task-paused': true,
  'conflict-found': true,
  problem: true,
} satisfies Record<keyof OrchestratorEvents, true>) as readonly (keyof OrchestratorEvents)[]

/** How often time passes in a storm although somebody could go on. */
const timeFirst = 0.03

/** The longest that is slept in a calm where nothing was found to do, in milliseconds. */
const calmSleepMs = 5 * 60_000

/** Something that must not be, and which of the design's invariants says so. */
export interface Violation {
  readonly invariant: number
  readonly what: string
}

export interface WorldOptions {
  /** Mishaps that are left out, by their place. Default none. */
  readonly without?: ReadonlySet<number>
  /** Whether to say what happens. Default false. */
  readonly traced?: boolean
  /** Default agents that do anything. */
  readonly agents?: (options: AgentsOptions) => AgentScript
  /** Who else looks on. Default nobody. */
  readonly onLook?: readonly Checker[]
}

/** One repository, one queue and one machine in memory, and the processes that use them. */
export class SimulatedWorld {
  readonly setting: Setting
  readonly clock = handClock()
  readonly mishaps: Mishaps
  readonly scheduler: Scheduler
  readonly mirror: Mirror
  readonly ledger: WorkLedger
  readonly trace: Trace
  readonly coverage = new Coverage()
  readonly vcs: MemoryVcs
  readonly board = memoryBoard()
  readonly queue: ReturnType<typeof memoryQueue>
  readonly runner: ReturnType<typeof memoryRunner>
  readonly review: ReturnType<typeof memoryReviewHost> | null
  /** Branches of epics that somebody has taken away for a while, and where they were. */
  readonly away = new Map<string, string>()
  /** What people have asked for and not yet heard of. */
  readonly asking = new Set<Promise<unknown>>()
  /** Calls that have timed out and are still to take place. */
  readonly underWay = new Set<Promise<unknown>>()
  /** Processes of which nobody can tell what became of them. */
  readonly hidden = new Set<ProcessKey>()
  /** When one of those could be seen again. */
  readonly shownAt = new Map<ProcessKey, number>()
  /** Of which a person has deleted every trace. */
  readonly forgotten = new Set<ProcessKey>()
  readonly checkers: readonly Checker[]
  violation: Violation | null = null
  readonly #faultDice: Dice

  constructor(setting: Setting, options: WorldOptions = {}) {
    const { without = new Set(), traced = false, agents = randomAgents, onLook = [] } = options
    const { seed, tasks } = setting
    this.setting = setting
    this.#faultDice = new Dice(seed, streams.mishaps + 10)
    this.mishaps = new Mishaps(new Dice(seed, streams.mishaps), without)
    this.scheduler = new Scheduler(this.clock, new Dice(seed, streams.schedule), setting.isCalm ? 0 : timeFirst)
    this.mirror = new Mirror(tasks, this.clock)
    this.trace = new Trace(this.clock, traced)
    this.vcs = memoryVcs({ via: (setting.policy.landing?.via ?? 'local') === 'local' ? 'local' : 'push' })
    for (const branch of setting.begun) begin(this.vcs, branch)
    this.ledger = new WorkLedger(this.vcs)
    this.queue = memoryQueue({ tasks, schedulers: setting.schedulers })
    this.review = setting.hasReviewHost ? memoryReviewHost(this.vcs) : null
    const { mishaps, scheduler, vcs, ledger, trace } = this
    const dice = new Dice(seed, streams.agents)
    const script = agents({ dice, mishaps, scheduler, vcs, mirror: this.mirror, ledger, trace })
    this.runner = memoryRunner({ script, now: () => this.clock.now(), elapsed: () => this.clock.elapsed() })
    const violate = (invariant: number, what: string): void => this.violate(invariant, what)
    const { mirror, runner, board, hidden, shownAt, forgotten } = this
    const [givenUp, late] = [new Set<ProcessKey>(), new Set<ProcessKey>()]
    const seen = { runner, hidden, shownAt, givenUp, late, forgotten }
    this.checkers = [...checkersOf({ setting, mirror, ledger, vcs, board, violate, ...seen }), ...onLook, mirror]
  }

  process(name: string): SimulatedProcess {
    return new SimulatedProcess(name)
  }

  /** @param faultRate share of its calls that something goes wrong with */
  orchestrator(process: SimulatedProcess, faultRate: number): Orchestrator {
    const { scheduler, mishaps, trace, checkers, setting, underWay } = this
    const dice = this.#faultDice
    const { leaseMs } = setting.policy
    const target = (branch = this.vcs.target): string => this.vcs.branches().get(branch) ?? ''
    const undo = (commit: string, branch?: string): void => this.vcs.userReset(commit, branch)
    const isGuarded = setting.schedulers === 'many'
    const remoteIs = this.vcs.via === 'push' ? this.vcs.remoteIs : null
    const options = { scheduler, mishaps, dice, trace, checkers, faultRate, leaseMs, isGuarded, underWay, target }
    const mergesAre = this.review?.mergesAre ?? null
    const boundary = new Boundary(process, { ...options, undo, remoteIs, mergesAre })
    let passesInVain = 0
    const slept = (ms: number): number =>
      setting.isCalm ? Math.max(ms, Math.min(ms * 2 ** passesInVain, calmSleepMs)) : ms
    const orch = orchestratorOf(
      {
        queue: boundary.wrap('queue', process.openQueue(this.queue)),
        vcs: boundary.wrap('vcs', this.vcs),
        runner: boundary.wrap('runner', this.runner),
        board: boundary.wrap('board', this.board),
        ...(this.review !== null && { review: boundary.wrap('review', this.review) }),
        clock: {
          now: () => this.clock.now(),
          elapsed: () => this.clock.elapsed(),
          sleep: (ms, { signal }) => scheduler.rest(process, slept(ms), signal),
        },
        random: () => dice.next(),
        agent: command({ argv: ['agent'], environment: { TOKEN: secret } }),
        policy: setting.policy,
        owner: process.name,
      },
      (world, policy, reach) => {
        const decision = decide(world, policy, reach)
        this.coverage.decided(world, decision)
        passesInVain = decision.actions.length === 0 ? passesInVain + 1 : 0
        return decision
      },
    )
    for (const name of eventNames) orch.on(name, (event: object) => this.#heard(name, event))
    return orch
  }

  #heard(name: string, event: object): void {
    if (JSON.stringify(event).includes(secret)) this.violate(10, `the event ${name} shows a secret`)
  }

  /** As a person does who edits the tracker. */
  editTask(id: TaskId, change: Partial<Task>): void {
    const task = this.mirror.tasks.get(id)
    if (task === undefined) return
    this.mirror.put(id, change)
    this.queue.put(taskOf({ ...task, ...change }))
  }

  /** As a person does who takes it out of the tracker. */
  deleteTask(id: TaskId): void {
    const task = this.mirror.tasks.get(id)
    if (task === undefined) return
    this.mirror.delete(task)
    this.queue.remove(id)
  }

  /** As it was, but for `change`. */
  putBack(id: TaskId, change: Partial<Task> = {}): void {
    const task = this.mirror.deleted.get(id)
    if (task === undefined) return
    const again = taskOf({ ...task, ...change })
    this.mirror.putBack(again)
    this.queue.put(again)
  }

  later(ms: number, act: () => unknown): void {
    void this.clock.sleep(ms, { signal: new AbortController().signal }).then(act)
  }

  violate(invariant: number, what: string): void {
    if (this.violation !== null) return
    this.violation = { invariant, what }
    this.trace.say('checker', () => `invariant ${invariant}: ${what}`)
  }
}

/** As somebody who has begun it by hand. */
function begin(vcs: MemoryVcs, branch: string): void {
  const target = vcs.branches().get(vcs.target) ?? null
  vcs.userReset(vcs.userCommit({ 'begun.txt': 'by hand\n' }), branch)
  vcs.userReset(target)
}
