import type { Clock } from '../ports/clock.ts'

/** A clock that moves only when it is told to. */
export interface HandClock extends Clock {
  /** Moves both clocks on by `ms` and wakes who is due, in the order in which they are due. */
  advance(ms: number): void
  /** Steps the wall clock alone, as a correction of the time does; may be negative. Wakes nobody. */
  stepWall(ms: number): void
  /** Milliseconds until the next sleeper is due; null when nobody sleeps. */
  untilNext(): number | null
  /** Resolves as soon as somebody sleeps. */
  asleep(): Promise<void>
}

/** @param options `now`: the wall clock's start in milliseconds since 1970. Default 2026-01-01. */
export function handClock(options: { readonly now?: number } = {}): HandClock {
  let wall = options.now ?? Date.UTC(2026, 0, 1)
  let elapsed = 0
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>()
  const waiting = new Set<() => void>()
  const inOrder = () => [...sleepers].sort((a, b) => a.due - b.due)

  return {
    now: () => wall,
    elapsed: () => elapsed,
    sleep(ms, { signal }) {
      return new Promise((resolve) => {
        if (signal.aborted || ms <= 0) return resolve()
        const sleeper = {
          due: elapsed + ms,
          wake: () => {
            sleepers.delete(sleeper)
            signal.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal.addEventListener('abort', sleeper.wake, { once: true })
        for (const told of waiting) told()
        waiting.clear()
      })
    },
    advance(ms) {
      wall += ms
      elapsed += ms
      for (const { due, wake } of inOrder()) if (due <= elapsed) wake()
    },
    stepWall(ms) {
      wall += ms
    },
    untilNext() {
      const first = inOrder()[0]
      return first === undefined ? null : first.due - elapsed
    },
    asleep() {
      if (sleepers.size > 0) return Promise.resolve()
      return new Promise((resolve) => waiting.add(resolve))
    },
  }
}
