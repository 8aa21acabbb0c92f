import { OrchError } from '../../model/error.ts'
import type { RunSnapshot } from '../../ports/run-store.ts'
import type { MemoryReviewHost } from '../memory-review-host.ts'
import type { Call, Checker } from './call.ts'
import type { Dice } from './dice.ts'
import { isOk } from './mirror.ts'
import {
  callFaults,
  hintFaults,
  hostDoes,
  hostFaults,
  landingFaults,
  type Mishaps,
  readFaults,
  remoteFaults,
  verifyingFaults,
} from './mishaps.ts'
import { never, type SimulatedProcess } from './process.ts'
import type { Actor, Scheduler } from './scheduler.ts'
import { answerText, callText, type Trace } from './trace.ts'

export interface BoundaryOptions {
  readonly scheduler: Scheduler
  readonly mishaps: Mishaps
  readonly dice: Dice
  readonly trace: Trace
  readonly checkers: readonly Checker[]
  /** Share of calls that something goes wrong with. */
  readonly faultRate: number
  readonly leaseMs: number
  /** Whether a claim is refused that was decided on an old answer. */
  readonly isGuarded: boolean
  /** Calls that have timed out and are still to take place. */
  readonly underWay: Set<Promise<unknown>>
  /** Where a branch is that is landed on; the target when none is named. */
  readonly target: (branch: string | undefined) => string
  /** Somebody forces that to this commit. */
  readonly undo: (commit: string, branch: string | undefined) => void
  /** The remote that changes are pushed to does this from now on; null: they land here. */
  readonly remoteIs: ((now: 'answers' | 'away' | 'refuses') => void) | null
  /** The review host does this with merges from now on; null: there is none. */
  readonly mergesAre: MemoryReviewHost['mergesAre'] | null
}

/** Share of landings, and of those that are found after a crash. */
const undoRates = { landed: 0.2, found: 0.9 }
/** Share of pushes, and of merges by the review host. */
const remoteRate = 0.4
const hostRate = 0.5

/** What carries calls: it outlives who made them. */
const wire: Actor = { name: 'wire', dead: false, pausedUntil: 0 }

type Verb = (options: object) => Promise<unknown>

/** Looks and signs of life, which every pass is full of: their faults are worth a line, they are not. */
function isLook({ port, verb }: Call): boolean {
  return reads.has(`${port}.${verb}`) || verb === 'beat' || verb === 'changes'
}

/** What only tells how things are: it may come late, old or in parts. */
const reads = new Set([
  'queue.read',
  'queue.list',
  'vcs.observe',
  'vcs.snapshots',
  'vcs.predict',
  'runner.observe',
  'review.observe',
])

/**
 * The port of one process. Every call waits twice for its turn, on its way there and on its way back, and at each of both the process may
 * die, stand still, or hear of an outage.
 */
export class Boundary {
  readonly #options: BoundaryOptions
  readonly #process: SimulatedProcess
  #lastRead: RunSnapshot | null = null
  /** Whose landing this process has been told of. */
  #lastLanded: string | null = null

  constructor(process: SimulatedProcess, options: BoundaryOptions) {
    this.#process = process
    this.#options = options
  }

  wrap<T extends object>(port: Call['port'], target: T): T {
    const wrapped = Object.entries(target).map(([verb, value]) => {
      if (typeof value !== 'function') return [verb, value]
      if (verb === 'watch') return [verb, this.#watching(value.bind(target))]
      return [verb, (options: object) => this.#call({ actor: this.#process, port, verb, options }, value.bind(target))]
    })
    return Object.fromEntries(wrapped) as T
  }

  async #call(call: Call, verb: Verb): Promise<unknown> {
    const { scheduler, mishaps, faultRate, checkers, trace, leaseMs, dice } = this.#options
    const process = this.#process
    if (process.dead) return never
    for (const checker of checkers) checker.issued?.(call)
    const fault = mishaps.deal(callFaults, faultRate)
    if (fault !== null) trace.say(process.name, () => `${callText(call)}: ${fault}`)
    if (fault === 'pause') process.pausedUntil = scheduler.clock.elapsed() + leaseMs * (0.3 + dice.next() * 2.5)
    await scheduler.turn(process)
    if (fault === 'crash-before') return this.#die()
    if (fault === 'error') throw outage(call, 'does not answer')
    if (fault === 'timeout-done-later') this.#happenLater(call, verb)
    if (fault === 'timeout-undone' || fault === 'timeout-done-later') return this.#timeOut(call)
    const answer = await this.#happen(call, verb)
    if (fault === 'crash-after') return this.#die()
    if (fault === 'timeout-done') return this.#timeOut(call)
    if (call.verb === 'land' && isOk(answer)) this.#lastLanded = call.options.commit
    if (call.verb === 'merge' && isOk(answer)) this.#lastLanded = mergedAs(answer)
    return this.#answer(call, answer)
  }

  async #happen(call: Call, verb: Verb): Promise<unknown> {
    const { checkers, trace } = this.#options
    if (call.port === 'vcs' && call.verb === 'verifyLanding') this.#undoLate(call)
    for (const checker of checkers) checker.before?.(call)
    if (call.port === 'vcs' && call.verb === 'land') this.#meetRemote()
    if (call.verb === 'merge') this.#meetHost()
    const answer = await verb(call.options)
    if (!isLook(call)) trace.say(call.actor.name, () => `${callText(call)} → ${answerText(answer)}`)
    for (const checker of checkers) checker.after?.(call, answer)
    const isMade = (call.port === 'vcs' && call.verb === 'land') || call.verb === 'merge'
    if (isMade && isOk(answer)) this.#undo(call)
    return answer
  }

  /** It is on its way all the same, whatever its caller does or becomes meanwhile, and its answer reaches nobody. */
  #happenLater(call: Call, verb: Verb): void {
    const { scheduler, dice, leaseMs, trace, underWay } = this.#options
    const { signal } = new AbortController()
    call.isLate = true
    const happens = scheduler
      .rest(wire, dice.below(leaseMs * 3), signal)
      .then(() => {
        trace.say(wire.name, () => `${callText(call)} of ${call.actor.name} arrives`)
        return this.#happen(call, () => verb({ ...call.options, signal }))
      })
      .catch((error: unknown) => {
        if (!OrchError.is(error)) throw error
      })
      .finally(() => underWay.delete(happens))
    underWay.add(happens)
  }

  async #answer(call: Call, answer: unknown): Promise<unknown> {
    const { scheduler, mishaps, faultRate, trace, dice } = this.#options
    const name = `${call.port}.${call.verb}`
    const fault = reads.has(name) ? mishaps.deal(readFaults, faultRate) : null
    if (fault !== null) trace.say(call.actor.name, () => `${callText(call)}: ${fault}`)
    const before = this.#lastRead
    if (name === 'queue.read') this.#lastRead = answer as RunSnapshot
    // The answer of another time: what was read before, or what was read now and comes late.
    const isGuarded = this.#options.isGuarded && name === 'queue.read' && before !== null
    if (fault === 'stale-read' && isGuarded && dice.chance(0.5)) return before
    if (fault === 'stale-read') await this.#sleep(dice.below(3000))
    await scheduler.turn(this.#process)
    return fault === 'torn-read' ? torn(name, answer, dice) : answer
  }

  #meetRemote(): void {
    const { mishaps, remoteIs, trace } = this.#options
    if (remoteIs === null) return
    const fault = mishaps.deal(remoteFaults, remoteRate)
    if (fault !== null) trace.say('people', () => fault)
    remoteIs(fault === null ? 'answers' : fault === 'remote-away' ? 'away' : 'refuses')
  }

  #meetHost(): void {
    const { mishaps, mergesAre, trace } = this.#options
    if (mergesAre === null) return
    const fault = mishaps.deal(hostFaults, hostRate)
    if (fault !== null) trace.say('people', () => fault)
    mergesAre(fault === null ? 'answers' : hostDoes[fault])
  }

  #undo({ options }: Call): void {
    const { mishaps } = this.#options
    const before = options.expect ?? options.base
    if (mishaps.deal(landingFaults, undoRates.landed) !== null) this.#force(before, options.target)
  }

  /** Before a landing that was found is looked at anew. What somebody has put on top of it is not thrown away. */
  #undoLate({ options }: Call): void {
    const { mishaps, target } = this.#options
    if (target(options.target) !== options.commit || this.#lastLanded === options.commit) return
    if (mishaps.deal(verifyingFaults, undoRates.found) !== null) this.#force(options.base, options.target)
  }

  #force(commit: string, branch: string | undefined): void {
    const { undo, trace } = this.#options
    trace.say('people', () => `force the target back to ${commit}`)
    undo(commit, branch)
  }

  #sleep(ms: number): Promise<void> {
    return this.#options.scheduler.rest(this.#process, ms, new AbortController().signal)
  }

  async #timeOut(call: Call): Promise<never> {
    await this.#sleep(500 + this.#options.dice.below(4500))
    throw outage(call, 'did not answer in time')
  }

  #die(): Promise<never> {
    this.#process.kill()
    return never
  }

  #watching(watch: (options: { readonly onChange: () => void; readonly signal: AbortSignal }) => void) {
    const { scheduler, mishaps, faultRate } = this.#options
    return ({ onChange, signal }: { readonly onChange: () => void; readonly signal: AbortSignal }): void => {
      let underWay = false
      const hint = async (): Promise<void> => {
        if (underWay || this.#process.dead) return
        const fault = mishaps.deal(hintFaults, faultRate)
        if (fault === 'lost-nudge') return
        underWay = true
        await scheduler.turn(this.#process)
        underWay = false
        if (signal.aborted) return
        onChange()
        if (fault === 'duplicated-nudge') onChange()
      }
      watch({ onChange: () => void hint(), signal })
    }
  }
}

function mergedAs(answer: unknown): string {
  return (answer as { readonly value: { readonly commit: string } }).value.commit
}

function outage({ port, verb }: Call, what: string): OrchError {
  return new OrchError('port-failed', `${port}.${verb} ${what}`, { port, retryable: true })
}

/** A part of the answer, said to be one where the port can say so. */
function torn(name: string, answer: unknown, dice: Dice): unknown {
  const half = <T>(all: Iterable<T>): T[] => [...all].filter(() => dice.chance(0.5))
  if (name === 'runner.observe') return new Map(half(answer as ReadonlyMap<string, unknown>))
  if (name === 'queue.list') {
    const whole = answer as { readonly tasks: readonly unknown[] }
    return { ...whole, tasks: half(whole.tasks), complete: false }
  }
  if (name !== 'queue.read') return answer
  const whole = answer as RunSnapshot
  return { ...whole, records: half(whole.records), complete: false }
}
