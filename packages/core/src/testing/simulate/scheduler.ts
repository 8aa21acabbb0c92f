import type { HandClock } from '../hand-clock.ts'
import type { Dice } from './dice.ts'

/** Whoever acts: an orchestrator's process, an agent, a person. */
export interface Actor {
  readonly name: string
  /** Nothing that it waits for ever happens. */
  readonly dead: boolean
  /** Monotonic milliseconds up to which it stands still, as a process that was suspended. */
  readonly pausedUntil: number
}

interface Pending {
  readonly actor: Actor
  readonly go: () => void
}

const longestMs = 1500

/**
 * Who goes on next: everybody waits here at every await, and the dice pick one at a time. Time moves by hand only, when nobody can go
 * on or when the dice say so. So the same dice give the same run.
 */
export class Scheduler {
  steps = 0
  readonly clock: HandClock
  readonly #dice: Dice
  readonly #timeFirst: number
  #pending: Pending[] = []

  /** @param timeFirst share of the steps in which time passes although somebody could go on */
  constructor(clock: HandClock, dice: Dice, timeFirst: number) {
    this.clock = clock
    this.#dice = dice
    this.#timeFirst = timeFirst
  }

  /** Resolves when it is the turn of `actor`; never for a dead one. */
  turn(actor: Actor): Promise<void> {
    return new Promise((go) => {
      if (!actor.dead) this.#pending.push({ actor, go })
    })
  }

  /** Sleeps by the clock, then waits for its turn. */
  async rest(actor: Actor, ms: number, signal: AbortSignal): Promise<void> {
    await this.clock.sleep(ms, { signal })
    await this.turn(actor)
  }

  /** One thing happens. False: nobody can ever go on. */
  async step(): Promise<boolean> {
    this.steps++
    const ready = this.#ready()
    if (ready.length > 0 && !this.#dice.chance(this.#timeFirst)) {
      const next = this.#dice.pick(ready)
      this.#pending.splice(this.#pending.indexOf(next), 1)
      next.go()
      await quiet()
      return true
    }
    await quiet()
    if (ready.length > 0) this.clock.advance(this.#dice.below(longestMs))
    else if (this.#ready().length === 0) {
      const ms = this.#untilNext()
      if (ms === null) return false
      this.clock.advance(ms)
    }
    await quiet()
    return true
  }

  #ready(): readonly Pending[] {
    const now = this.clock.elapsed()
    if (this.#pending.some(({ actor }) => actor.dead)) this.#pending = this.#pending.filter(({ actor }) => !actor.dead)
    return this.#pending.filter(({ actor }) => actor.pausedUntil <= now)
  }

  #untilNext(): number | null {
    const now = this.clock.elapsed()
    const pauses = this.#pending.map(({ actor }) => actor.pausedUntil - now)
    const next = this.clock.untilNext()
    if (next !== null) pauses.push(next)
    return pauses.length === 0 ? null : Math.max(0, Math.min(...pauses))
  }
}

/** Lets everything go on that waits for nobody's turn and for no time. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
