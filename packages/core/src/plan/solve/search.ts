import type { Instance } from './instance.ts'
import { latestFinish } from './priority-rules.ts'
import type { Schedules, Scheme } from './schedules.ts'
import { sortBy } from './sort.ts'

// Tried on the instances j30 of PSPLIB with 1,000 and 5,000 schedules.
/** Members of a population, for the square root of the schedules that may be made. */
const crowd = 0.6
const mostMembers = 100
/** How far the first members stray from the latest finish, at most, in lengths of the longest chain. */
const spread = 2
/** How many times are tried in the search for a peak. */
const peaks = 3
/** How often neighbours in a list are swapped, and how often where the parents are almost the same. */
const mutation = 0.15
const strongMutation = 1
/** Parents whose tasks start this close together on average, in makespans, are almost the same. */
const alike = 0.03
/** How often a child is scheduled by the parallel scheme though the serial one is allowed. */
const parallelShare = 0.15

interface Member {
  readonly start: Float64Array
  readonly makespan: number
}

/**
 * The bi-population genetic algorithm of Debels and Vanhoucke (A Bi-population Based Genetic Algorithm for the Resource-Constrained
 * Project Scheduling Problem, ICCSA 2005, LNCS 3483): children of schedules forward are scheduled backward and the other way round, so
 * each crossing justifies as well. A child keeps the order of its father in a time in which he uses his resources well, and has that of
 * its mother before and after. That some children are scheduled by the parallel scheme is from Hartmann (A Self-Adapting Genetic
 * Algorithm for Project Scheduling under Resource Constraints, 2002).
 *
 * @param iterations how many schedules may be made
 */
export function search(schedules: Schedules, iterations: number, random: () => number, enough: () => boolean): void {
  new Search(schedules, schedules.made + iterations, random, enough).run()
}

class Search {
  readonly #schedules: Schedules
  readonly #last: number
  readonly #random: () => number
  readonly #enough: () => boolean
  readonly #scheme: Scheme
  readonly #weights: Float64Array
  readonly #keys: Float64Array
  readonly #list: Int32Array
  readonly #size: number

  constructor(schedules: Schedules, last: number, random: () => number, enough: () => boolean) {
    const { size } = schedules.forward
    this.#schedules = schedules
    this.#last = last
    this.#random = random
    this.#enough = enough
    this.#scheme = schedules.schemes.at(-1) ?? 'parallel'
    this.#weights = weightsOf(schedules.forward)
    this.#keys = new Float64Array(size)
    this.#list = new Int32Array(size)
    const budget = last - schedules.made
    this.#size = Math.max(4, Math.min(mostMembers, Math.round(Math.sqrt(budget) * crowd)))
  }

  run(): void {
    const { forward, backward } = this.#schedules
    let members = this.#beginning()
    let from = forward
    while (!this.#over && members.length > 1) {
      const to = from === forward ? backward : forward
      members = this.#generation(members, to)
      from = to
    }
  }

  get #over(): boolean {
    return this.#schedules.made >= this.#last || this.#enough()
  }

  /** The best one so far, and samples around the latest finish. */
  #beginning(): Member[] {
    const { forward, best, makespan } = this.#schedules
    const members: Member[] = [{ start: Float64Array.from(best), makespan }]
    const rule = latestFinish(forward)
    let least = 0
    for (const key of rule) least = Math.min(least, key)
    while (members.length < this.#size && !this.#over) {
      const stray = -least * this.#random() * spread
      for (let task = 0; task < rule.length; task++) this.#keys[task] = (rule[task] ?? 0) + stray * this.#random()
      const start = new Float64Array(forward.size)
      const made = this.#schedules.byRule(forward, this.#scheme, this.#keys, start)
      members.push({ start, makespan: made })
    }
    return members
  }

  #generation(members: readonly Member[], to: Instance): Member[] {
    const out: Member[] = []
    for (const [index, one] of members.entries()) {
      const other = this.#partner(members, index)
      let better = this.#child(one, other, to)
      if (!this.#over) {
        const second = this.#child(other, one, to)
        if (second.makespan < better.makespan) better = second
      }
      out.push(better)
      if (this.#over) break
    }
    return out
  }

  /** The better one of two. */
  #partner(members: readonly Member[], index: number): Member {
    const pick = (): Member | undefined => {
      const at = Math.floor(this.#random() * (members.length - 1))
      return members[at < index ? at : at + 1]
    }
    const [one, other] = [pick(), pick()]
    if (one === undefined || other === undefined) throw new Error('There is nobody to pair with.')
    return other.makespan < one.makespan ? other : one
  }

  #child(father: Member, mother: Member, to: Instance): Member {
    const { minutes, size, order } = to
    const [from, until] = this.#peak(father, minutes)
    const far = father.makespan + mother.makespan + 1
    const keys = this.#keys
    for (let task = 0; task < size; task++) {
      const length = minutes[task] ?? 0
      const end = (father.start[task] ?? 0) + length
      const hers = (mother.start[task] ?? 0) + length
      keys[task] = -(end < from ? hers - far : end > until ? hers + far : end)
    }
    const list = this.#list
    list.set(order)
    sortBy(list, keys)
    let apart = 0
    for (let task = 0; task < size; task++) apart += Math.abs((father.start[task] ?? 0) - (mother.start[task] ?? 0))
    this.#mutate(list, to, apart < alike * size * father.makespan ? strongMutation : mutation)
    const start = new Float64Array(size)
    const scheme = this.#random() < parallelShare ? 'parallel' : this.#scheme
    const makespan = this.#schedules.byList(to, scheme, list, start)
    return { start, makespan }
  }

  /** A time, between a quarter and three quarters of the whole, in which much is used: the best of a few. */
  #peak({ start, makespan }: Member, minutes: Float64Array): readonly [from: number, until: number] {
    const length = makespan * (0.25 + this.#random() / 2)
    let found = 0
    let most = -1
    for (let turn = 0; turn < peaks; turn++) {
      const from = this.#random() * (makespan - length)
      let used = 0
      for (let task = 0; task < start.length; task++) {
        const begin = start[task] ?? 0
        const inside = Math.min(begin + (minutes[task] ?? 0), from + length) - Math.max(begin, from)
        if (inside > 0) used += inside * (this.#weights[task] ?? 0)
      }
      if (used > most) {
        most = used
        found = from
      }
    }
    return [found, found + length]
  }

  /** Swaps neighbours here and there, if neither waits for the other. */
  #mutate(list: Int32Array, { before }: Instance, rate: number): void {
    for (let at = 1; at < list.length; at++) {
      if (this.#random() >= rate) continue
      const one = list[at - 1] ?? 0
      const other = list[at] ?? 0
      let edge = before.at[other] ?? 0
      while (edge < (before.at[other + 1] ?? 0) && before.items[edge] !== one) edge++
      if (edge < (before.at[other + 1] ?? 0)) continue
      list[at - 1] = other
      list[at] = one
    }
  }
}

/** How much of everything a task takes. */
function weightsOf({ size, demands, units, capacities, classes }: Instance): Float64Array {
  const out = new Float64Array(size)
  for (let task = 0; task < size; task++) {
    let weight = (classes[task] ?? -1) >= 0 ? 1 : 0
    for (let at = demands.at[task] ?? 0; at < (demands.at[task + 1] ?? 0); at++) {
      weight += (units[at] ?? 0) / (capacities[demands.items[at] ?? 0] ?? 1)
    }
    out[task] = weight
  }
  return out
}
