import { upTo } from '../lists.ts'
import type { Instance } from './instance.ts'
import { sortBy } from './sort.ts'

/** Neighbours that may be looked at in all. */
const mostSteps = 500_000

/**
 * Minutes that no schedule can do without because classes exclude each other: of a clique, a set of classes each of which excludes all
 * others, never two run at once. Cliques are found greedily, from one class after another.
 *
 * @param ahead minutes of the longest chain that ends with each task, its own included
 * @param behind the same of the chain that begins with it
 */
export function exclusiveBound(instance: Instance, ahead: Float64Array, behind: Float64Array): number {
  const { excludes } = instance
  const { weight, head, tail } = classesOf(instance, ahead, behind)
  const size = weight.length
  const keys = new Float64Array(size)
  for (let one = 0; one < size; one++) {
    let near = weight[one] ?? 0
    for (let at = excludes.at[one] ?? 0; at < (excludes.at[one + 1] ?? 0); at++)
      near += weight[excludes.items[at] ?? 0] ?? 0
    keys[one] = -near
  }
  const seeds = upTo(size)
  sortBy(seeds, keys)
  /** How many of the clique each class excludes. */
  const met = new Int32Array(size)
  let bound = 0
  let steps = 0
  for (let next = 0; next < size && steps < mostSteps; next++) {
    const seed = seeds[next] ?? 0
    if (weight[seed] === 0) continue
    const candidates = excludes.items.slice(excludes.at[seed], excludes.at[seed + 1])
    sortBy(candidates, keys)
    const clique: number[] = []
    let sum = 0
    let first = Number.POSITIVE_INFINITY
    let last = Number.POSITIVE_INFINITY
    for (let at = -1; at < candidates.length; at++) {
      const one = at < 0 ? seed : (candidates[at] ?? 0)
      if (weight[one] === 0 || (at >= 0 && (one === seed || met[one] !== clique.length))) continue
      clique.push(one)
      sum += weight[one] ?? 0
      first = Math.min(first, head[one] ?? 0)
      last = Math.min(last, tail[one] ?? 0)
      for (let edge = excludes.at[one] ?? 0; edge < (excludes.at[one + 1] ?? 0); edge++) {
        const other = excludes.items[edge] ?? 0
        if (other !== one) met[other] = (met[other] ?? 0) + 1
      }
    }
    for (const one of clique) {
      steps += (excludes.at[one + 1] ?? 0) - (excludes.at[one] ?? 0)
      for (let edge = excludes.at[one] ?? 0; edge < (excludes.at[one + 1] ?? 0); edge++)
        met[excludes.items[edge] ?? 0] = 0
    }
    bound = Math.max(bound, first + sum + last)
  }
  return bound
}

interface Classes {
  /** Minutes in which at least one of the class runs: all of them where it excludes itself. */
  readonly weight: Float64Array
  /** Minutes before the first one of the class at least, and after the last. */
  readonly head: Float64Array
  readonly tail: Float64Array
}

function classesOf(instance: Instance, ahead: Float64Array, behind: Float64Array): Classes {
  const { size, minutes, isBegun, classes, excludes } = instance
  const count = excludes.at.length - 1
  const alone = new Uint8Array(count)
  for (let own = 0; own < count; own++) {
    for (let at = excludes.at[own] ?? 0; at < (excludes.at[own + 1] ?? 0); at++)
      if (excludes.items[at] === own) alone[own] = 1
  }
  const weight = new Float64Array(count)
  const head = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  const tail = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  for (let task = 0; task < size; task++) {
    const own = classes[task] ?? -1
    const length = minutes[task] ?? 0
    // Begun tasks may run beside each other all the same.
    if (own < 0 || length === 0 || isBegun[task] === 1) continue
    weight[own] = alone[own] === 1 ? (weight[own] ?? 0) + length : Math.max(weight[own] ?? 0, length)
    head[own] = Math.min(head[own] ?? 0, (ahead[task] ?? 0) - length)
    tail[own] = Math.min(tail[own] ?? 0, (behind[task] ?? 0) - length)
  }
  return { weight, head, tail }
}
