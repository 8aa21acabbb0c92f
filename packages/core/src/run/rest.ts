import type { OrchError } from '../model/error.ts'

const firstRestMs = 500
const longestRestMs = 30_000

/** How long to wait after the `failures`th failure in a row, in milliseconds. */
export function restMs(error: OrchError, failures: number, random: () => number): number {
  return error.retryAfter ?? Math.min(longestRestMs, firstRestMs * 2 ** (failures - 1)) * (1 - jitter(random))
}

/** By which share a rest is cut short, so that those who failed together do not all come back at once: up to a half. */
export function jitter(random: () => number): number {
  return random() / 2
}
