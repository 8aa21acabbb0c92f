import type { Clock } from '../ports/clock.ts'

/** The longest delay that a timer takes, in milliseconds; with a longer one it would fire at once. */
const longestDelay = 2 ** 31 - 1

/** The clock of this machine. Who sleeps keeps the process alive. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    sleep(ms, { signal }) {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const wake = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, Math.min(ms, longestDelay))
        signal.addEventListener('abort', wake, { once: true })
      })
    },
  }
}
