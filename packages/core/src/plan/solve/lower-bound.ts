import { crowdBound } from './crowd-bound.ts'
import { exclusiveBound } from './exclusive-bound.ts'
import type { Instance } from './instance.ts'

/**
 * Minutes that no schedule can do without: the longest chain, the work on one resource and the tasks that fit beside each other on it, and the
 * work on classes that exclude each other.
 *
 * @param backward the same, reversed
 */
export function lowerBound(instance: Instance, backward: Instance): number {
  const { size, minutes, isBegun, demands, units, capacities } = instance
  const behind = instance.tail
  const ahead = backward.tail
  const resources = capacities.length
  const work = new Float64Array(resources)
  const head = new Float64Array(resources).fill(Number.POSITIVE_INFINITY)
  const tail = new Float64Array(resources).fill(Number.POSITIVE_INFINITY)
  const lengths = Array.from(capacities, (): number[] => [])
  const taken = Array.from(capacities, (): number[] => [])
  const overtaken = new Float64Array(capacities)
  for (const task of instance.begun) {
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      overtaken[resource] = (overtaken[resource] ?? 0) - (units[at] ?? 0)
    }
  }
  let bound = exclusiveBound(instance, ahead, behind)
  let whole = true
  for (let task = 0; task < size; task++) {
    const length = minutes[task] ?? 0
    const begun = isBegun[task] === 1
    whole &&= Number.isInteger(length)
    bound = Math.max(bound, behind[task] ?? 0)
    if (length === 0) continue
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      // What the begun tasks take beyond the capacity takes no place from anybody.
      if (begun && (overtaken[resource] ?? 0) < 0) continue
      work[resource] = (work[resource] ?? 0) + (length * (units[at] ?? 0)) / (capacities[resource] ?? 1)
      lengths[resource]?.push(length)
      taken[resource]?.push(units[at] ?? 0)
      head[resource] = Math.min(head[resource] ?? 0, (ahead[task] ?? 0) - length)
      tail[resource] = Math.min(tail[resource] ?? 0, (behind[task] ?? 0) - length)
    }
  }
  for (let resource = 0; resource < resources; resource++) {
    const crowd = crowdBound(lengths[resource] ?? [], taken[resource] ?? [], capacities[resource] ?? 1)
    const busy = Math.max(work[resource] ?? 0, crowd)
    if (busy > 0) bound = Math.max(bound, (head[resource] ?? 0) + busy + (tail[resource] ?? 0))
  }
  // Sums of fractions may lie a little above what they are.
  const exact = bound * (1 - 1e-12)
  return whole ? Math.ceil(exact) : exact
}
