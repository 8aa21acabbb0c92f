import type { Clock } from '../ports/clock.ts'

/** A hint that something moved. Hints that come while nobody waits count as one; losing one costs time, never truth. */
export class Nudge {
  #pending = false
  #wake: (() => void) | null = null

  readonly give = (): void => {
    this.#pending = true
    this.#wake?.()
  }

  /** Waits for a hint, for `ms`, or for `signal`, whichever comes first. */
  async wait(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    if (!this.#pending && !signal.aborted) {
      const over = new AbortController()
      const hint = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      await Promise.race([hint, clock.sleep(ms, { signal: AbortSignal.any([signal, over.signal]) })])
      over.abort()
      this.#wake = null
    }
    this.#pending = false
  }
}
