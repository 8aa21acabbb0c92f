import type { EventEmitter } from 'eventemitter3'
import type { Decision } from '../decide/action.ts'
import type { decide } from '../decide/decide.ts'
import type { Mover } from '../decide/moves.ts'
import type { Reach, World } from '../decide/world.ts'
import type { Revision, RunRecord, RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import type { WriteOptions } from '../ports/run-store.ts'
import { applyClaims, type Claim } from './apply.ts'
import { announce, emitChanges } from './changes.ts'
import { Checkouts } from './checkouts.ts'
import { type EffectContext, notNow } from './effects/effect.ts'
import type { OrchestratorEvents } from './events.ts'
import { Effects } from './launching.ts'
import { Lease } from './lease.ts'
import { Noticed } from './noticed.ts'
import { observe } from './observe.ts'
import type { Setup } from './ports.ts'
import { Program } from './program.ts'
import { Sightings } from './sightings.ts'
import { Writes } from './writes.ts'

export type Decide = typeof decide

export interface Pass {
  readonly world: World
  readonly decision: Decision
}

/**
 * One orchestrator's passes: observe, decide, apply. What it remembers between passes may be lost at any time: ages,
 * which effects are under way, and how long to rest after one that failed.
 */
export class Engine {
  readonly lease: Lease
  readonly program: Program
  readonly #setup: Setup
  readonly #events: EventEmitter<OrchestratorEvents>
  readonly #onSettled: () => void
  readonly #decide: Decide
  readonly #sightings = new Sightings()
  readonly #noticed = new Noticed()
  readonly #effects: Effects
  readonly #checkouts = new Checkouts()
  readonly #writes: Writes
  #passing: Promise<unknown> = Promise.resolve()
  #seatIsTaken = false
  #startsNothing = false

  /** @param onSettled called after each effect: the world may have moved */
  constructor(setup: Setup, events: EventEmitter<OrchestratorEvents>, onSettled: () => void, decider: Decide) {
    this.#setup = setup
    this.#decide = decider
    this.#events = events
    this.#onSettled = onSettled
    this.lease = new Lease(setup)
    this.#writes = new Writes(setup.ports.queue)
    this.#effects = new Effects({ setup, events, noticed: this.#noticed, onSettled })
    this.program = new Program(setup, events)
  }

  get idle(): boolean {
    return this.#effects.busy.size === 0
  }

  async observe(signal: AbortSignal): Promise<World> {
    const { ports, policy, owner } = this.#setup
    await this.lease.renew(signal)
    const { lapses } = this.lease
    const world = await observe(
      ports,
      {
        owner,
        policy,
        sightings: this.#sightings,
        liveOwners: (owners) => this.lease.renew(signal, owners),
        busy: this.#effects.busy,
        noticed: this.#noticed,
        onProblem: (message) => this.#events.emit('problem', { task: null, message }),
      },
      signal,
    )
    return this.lease.lapses === lapses ? world : this.observe(signal)
  }

  /** A new run: what kept the one before from starting or landing anything may be mended. */
  begin(): void {
    this.#startsNothing = false
    this.program.forget()
    this.#noticed.begin()
  }

  /** One pass. Claims are written when it returns; all other effects are under way. Passes follow each other, whoever asks. */
  pass(reach: Reach, signal: AbortSignal): Promise<Pass> {
    const pass = this.#passing.then(() => this.#pass(reach, signal))
    this.#passing = pass.catch(() => undefined)
    return pass
  }

  async #pass(reach: Reach, signal: AbortSignal): Promise<Pass> {
    this.#effects.throwFatal()
    const begun = this.#setup.ports.clock.elapsed()
    const { moves } = this.#writes
    const world = await this.observe(signal)
    this.#checkouts.giveBack(world, this.#setup.policy)
    this.#tellSeat(world)
    for (const message of this.#noticed.newNotes(world)) this.#events.emit('problem', { task: null, message })
    const decision = this.#decide(world, this.#setup.policy, this.#startsNothing ? { ...reach, start: false } : reach)
    const context = this.#context(signal, begun)
    const claims = decision.actions.filter((action) => action.do === 'claim')
    try {
      // Before anything else: what the effects write down makes the snapshot old that the claims are bound to.
      if (claims.length > 0) await this.#claim(context, claims, { revision: world.revision, moves })
    } finally {
      for (const action of decision.actions) {
        if (action.do !== 'claim') this.#effects.launch(context, action)
      }
    }
    return { world, decision }
  }

  /** @param seen what they were decided on */
  async #claim(
    context: EffectContext,
    claims: readonly Claim[],
    seen: { readonly revision: Revision; readonly moves: number },
  ): Promise<void> {
    if (!(await this.program.canRun(context.signal))) {
      this.#startsNothing = true
      this.#onSettled()
      return
    }
    const claim = (options: WriteOptions) => this.#writes.claim(options, seen.moves, context.fence)
    const refused = await applyClaims({ ...context, claim }, claims, seen.revision, ({ id, record, next }) => {
      this.#tell(id, record?.state ?? null, next, context.signal)
    })
    // Without the seat there is nothing to hurry for.
    if (refused !== 'taken') this.#onSettled()
  }

  /** Resolves when no effect is under way. */
  settled(): Promise<void> {
    return this.#effects.settled()
  }

  #tellSeat({ taken }: World): void {
    const message = `another orchestrator has the seat of ${this.#setup.ports.queue.name}: waiting for it`
    if (taken && !this.#seatIsTaken) this.#events.emit('problem', { task: null, message })
    this.#seatIsTaken = taken
  }

  /** @param begun when its pass began, by the monotonic clock */
  #context(signal: AbortSignal, begun: number): EffectContext {
    const { ports, owner } = this.#setup
    const { lapses } = this.lease
    const mover = (): Mover => ({ owner, at: new Date(ports.clock.now()).toISOString() })
    return {
      ...this.#setup,
      events: this.#events,
      signal,
      mover,
      fence: () => this.lease.fence(lapses),
      write: (id, record, next, answered) => this.#write(id, record, next, answered ?? [], signal),
      tryWrite: (id, record, next) => this.#tryWrite(id, record, next, [], signal),
      problem: (task, message) => {
        this.#events.emit('problem', { task, message })
      },
      startNothingMore: () => {
        this.#startsNothing = true
      },
      unstackable: (id, on) => {
        this.#noticed.unstackable.set(id, on)
      },
      checkouts: this.#checkouts,
      landingTried: (id) => {
        this.#noticed.landingTries.set(id, ports.clock.elapsed())
      },
      judged: (what) => this.#noticed.judge(what),
      landsInLane: (landing) => this.#noticed.landsInLane(landing),
      passed: (commit, ago) => {
        this.#noticed.passed = { commit, at: begun - ago }
      },
    }
  }

  async #write(
    id: TaskId,
    record: RunRecord | null,
    next: RunState,
    answered: readonly string[],
    signal: AbortSignal,
  ): Promise<RunRecord | null> {
    const written = await this.#tryWrite(id, record, next, answered, signal)
    if (written.ok) return written.value.record
    if (written.reason === 'stale') return null
    if (written.reason === 'gone') this.#noticed.gone.add(id)
    throw notNow('port-failed', 'queue', `the record of ${id} cannot be written: ${written.detail ?? written.reason}`)
  }

  async #tryWrite(
    id: TaskId,
    record: RunRecord | null,
    next: RunState,
    answered: readonly string[],
    signal: AbortSignal,
  ): ReturnType<Writes['write']> {
    const before = record?.state ?? null
    const written = await this.#writes.write({ id, expect: record?.version ?? null, next, answered, signal }, before)
    if (written.ok) this.#tell(id, before, next, signal)
    return written
  }

  #tell(id: TaskId, before: RunState | null, after: RunState, signal: AbortSignal): void {
    emitChanges(this.#events, id, before, after, this.#setup.policy)
    announce(this.#setup.ports.queue, this.#events, { id, before, after, signal })
  }
}
