import type { Instance } from './instance.ts'
import { tails } from './priority-rules.ts'

/**
 * Minutes that no schedule can do without: the longest chain, the work on one resource, and on one class that excludes itself.
 *
 * @param backward the same, reversed
 */
export function lowerBound(instance: Instance, backward: Instance): number {
  const { size, minutes, isBegun, demands, units, capacities, classes, excludes } = instance
  const behind = tails(instance)
  const ahead = tails(backward)
  const resources = capacities.length
  // One group for each resource, then one for each class.
  const groups = resources + excludes.at.length - 1
  const work = new Float64Array(groups)
  const head = new Float64Array(groups).fill(Number.POSITIVE_INFINITY)
  const tail = new Float64Array(groups).fill(Number.POSITIVE_INFINITY)
  const overtaken = new Float64Array(capacities)
  for (const task of instance.begun) {
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      overtaken[resource] = (overtaken[resource] ?? 0) - (units[at] ?? 0)
    }
  }
  let bound = 0
  let whole = true
  for (let task = 0; task < size; task++) {
    const length = minutes[task] ?? 0
    const begun = isBegun[task] === 1
    whole &&= Number.isInteger(length)
    bound = Math.max(bound, behind[task] ?? 0)
    if (length === 0) continue
    const add = (group: number, amount: number): void => {
      work[group] = (work[group] ?? 0) + amount
      head[group] = Math.min(head[group] ?? 0, (ahead[task] ?? 0) - length)
      tail[group] = Math.min(tail[group] ?? 0, (behind[task] ?? 0) - length)
    }
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      // What the begun tasks take beyond the capacity takes no place from anybody.
      if (begun && (overtaken[resource] ?? 0) < 0) continue
      add(resource, (length * (units[at] ?? 0)) / (capacities[resource] ?? 1))
    }
    const own = classes[task] ?? -1
    if (own >= 0 && !begun && excludesItself(excludes, own)) add(resources + own, length)
  }
  for (let group = 0; group < groups; group++) {
    const busy = work[group] ?? 0
    if (busy > 0) bound = Math.max(bound, (head[group] ?? 0) + busy + (tail[group] ?? 0))
  }
  // Sums of fractions may lie a little above what they are.
  const exact = bound * (1 - 1e-12)
  return whole ? Math.ceil(exact) : exact
}

function excludesItself(excludes: Instance['excludes'], own: number): boolean {
  for (let at = excludes.at[own] ?? 0; at < (excludes.at[own + 1] ?? 0); at++)
    if (excludes.items[at] === own) return true
  return false
}
