import type { Clock } from '../ports/clock.ts'

/** A hint that something moved. Hints that come while nobody waits count as one; losing one costs time, never truth. */
export class Nudge {
  #pending = false
  readonly #wakes = new Set<() => void>()

  /** A hint has come since the last wait. */
  get pending(): boolean {
    return this.#pending
  }

  readonly give = (): void => {
    this.#pending = true
    for (const wake of [...this.#wakes]) wake()
  }

  /** Waits for a hint, for `ms`, or for `signal`, whichever comes first. */
  async wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    // Passes that follow each other at once would keep signals and timers from ever being heard.
    if (this.#pending) await new Promise<void>((resolve) => setImmediate(resolve))
    if (!this.#pending && !signal.aborted) {
      const over = new AbortController()
      const wake = (): void => over.abort()
      this.#wakes.add(wake)
      // Not `AbortSignal.any`: a long run waits a million times on one signal, which would keep something of each.
      signal.addEventListener('abort', wake, { once: true })
      await clock.sleep(ms, { signal: over.signal })
      signal.removeEventListener('abort', wake)
      this.#wakes.delete(wake)
    }
    this.#pending = false
  }
}
