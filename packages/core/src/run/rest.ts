import type { OrchError } from '../model/error.ts'

const firstRestMs = 500
const longestRestMs = 30_000

/** How long to wait after the `failures`th failure in a row, in milliseconds. */
export function restMs(error: OrchError, failures: number): number {
  return error.retryAfter ?? Math.min(longestRestMs, firstRestMs * 2 ** (failures - 1))
}
