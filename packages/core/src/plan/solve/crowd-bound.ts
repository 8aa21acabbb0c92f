import { upTo } from '../lists.ts'
import { sortBy } from './sort.ts'

/**
 * Minutes that no schedule can do without because only so many tasks fit side by side: of one task more than `n` times as many, at least
 * `n + 1` run one after another, be it the shortest of them.
 *
 * @param minutes of all tasks that take some of one resource
 * @param units what each of them takes
 */
export function crowdBound(minutes: readonly number[], units: readonly number[], capacity: number): number {
  const most = Math.max(1, fitting(units, capacity))
  const size = minutes.length
  if (size <= most) return 0
  const keys = Float64Array.from(minutes)
  const order = upTo(size)
  sortBy(order, keys)
  /** Minutes of so many of the longest. */
  const sums = new Float64Array(size + 1)
  for (let at = 0; at < size; at++) sums[at + 1] = (sums[at] ?? 0) + (keys[order[size - 1 - at] ?? 0] ?? 0)
  let bound = 0
  for (let rows = 1; rows * most < size; rows++) {
    const last = rows * most
    bound = Math.max(bound, (sums[last + 1] ?? 0) - (sums[last - rows] ?? 0))
  }
  return bound
}

/** How many fit side by side, those that take the least. */
function fitting(units: readonly number[], capacity: number): number {
  const [first = 1] = units
  // Most often a seat each.
  if (units.every((one) => one === first)) return Math.floor(capacity / first)
  let left = capacity
  let count = 0
  for (const one of Float64Array.from(units).sort()) {
    left -= one
    if (left < 0) return count
    count++
  }
  return count
}
