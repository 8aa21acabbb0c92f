import { OrchError } from '../model/error.ts'
import type { OwnerId } from '../model/run-state.ts'
import type { Beat } from '../ports/run-store.ts'
import type { Setup } from './ports.ts'

/** This orchestrator's own lease, and what it knows of the others' by its own monotonic clock. */
export class Lease {
  readonly #setup: Setup
  readonly #seen = new Map<OwnerId, { beat: number; since: number }>()
  #beats: readonly Beat[] = []
  #renewedAt: number | null = null
  #lapses = 0
  #users = 0

  constructor(setup: Setup) {
    this.#setup = setup
  }

  /**
   * Renews the lease when a quarter of it is over, or when the lease of one of `owners` is not known to hold: nobody's work is taken over on an old look.
   * Returns the owners whose lease holds.
   */
  async renew(signal: AbortSignal, owners: readonly OwnerId[] = []): Promise<ReadonlySet<OwnerId>> {
    const { ports, owner, policy } = this.#setup
    const before = ports.clock.elapsed()
    if (this.#renewedAt !== null && !this.holds()) this.#lapses++
    const live = this.#live()
    const isDue = this.#renewedAt === null || before - this.#renewedAt >= policy.leaseMs / 4
    if (!isDue && owners.every((other) => live.has(other))) return live
    this.#beats = await ports.queue.beat({ owner, leaseMs: policy.leaseMs, signal })
    // Counted from before the call: the others may have seen the beat at any moment since.
    this.#renewedAt = before
    return this.#live()
  }

  /** As last read. */
  #live(): ReadonlySet<OwnerId> {
    const { ports, owner } = this.#setup
    const elapsed = ports.clock.elapsed()
    const live = new Set<OwnerId>([owner])
    for (const { owner: other, beat, leaseMs } of this.#beats) {
      const seen = this.#seen.get(other)
      const since = seen?.beat === beat ? seen.since : elapsed
      this.#seen.set(other, { beat, since })
      if (elapsed - since < leaseMs) live.add(other)
    }
    return live
  }

  /** How often it was renewed when it may have run out already: what was known before says nothing of who has taken over since. */
  get lapses(): number {
    return this.#lapses
  }

  /** Whether our own lease certainly holds: after a pause longer than it, somebody else may own our tasks. */
  holds(): boolean {
    const { ports, policy } = this.#setup
    return this.#renewedAt !== null && ports.clock.elapsed() - this.#renewedAt < policy.leaseMs
  }

  /**
   * Throws `paused` unless it holds: before anything is changed.
   * @param lapses how often it had lapsed when that was decided. Default now
   */
  fence(lapses: number = this.#lapses): void {
    if (this.holds() && this.#lapses === lapses) return
    throw new OrchError('paused', 'this orchestrator was paused for longer than its lease: it looks again first', {
      port: 'queue',
      retryable: true,
    })
  }

  /** Leaves once nothing of this process needs the lease any more. */
  async during<T>(use: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#users++
    try {
      return await use()
    } finally {
      this.#users--
      if (this.#users === 0) await this.leave(signal)
    }
  }

  /** Says that this orchestrator has left, so that the next one need not wait. */
  async leave(signal: AbortSignal): Promise<void> {
    if (this.#renewedAt === null) return
    this.#renewedAt = null
    try {
      await this.#setup.ports.queue.beat({ owner: this.#setup.owner, leaseMs: 0, signal })
    } catch (error) {
      // The next one waits for the lease then.
      if (!OrchError.is(error) || !error.retryable) throw error
    }
  }
}
