import { popNumber, pushNumber } from './queue.ts'

/** Places of tasks that may start, if only there is enough for them. */
export interface Ready {
  readonly empty: boolean
  /** Before all pushes: the places of all tasks of this kind, one after another, the first first. */
  expect(place: number): void
  push(place: number, task: number): void
  /** The first one for which enough is free; -1: there is none. */
  first(free: Float64Array): number
  remove(place: number): void
}

interface Demands {
  readonly demands: { readonly at: Int32Array; readonly items: Int32Array }
  readonly units: Float64Array
}

/** Tasks that all demand the same as `sample`. */
export class EqualReady implements Ready {
  readonly #items: number[] = []
  readonly #project: Demands
  readonly #from: number
  readonly #to: number

  constructor(project: Demands, sample: number) {
    this.#project = project
    this.#from = project.demands.at[sample] ?? 0
    this.#to = project.demands.at[sample + 1] ?? 0
  }

  get empty(): boolean {
    return this.#items.length === 0
  }

  expect(): void {}

  push(place: number): void {
    pushNumber(this.#items, place)
  }

  first(free: Float64Array): number {
    const { demands, units } = this.#project
    for (let at = this.#from; at < this.#to; at++) {
      if ((units[at] ?? 0) > (free[demands.items[at] ?? 0] ?? 0)) return -1
    }
    return this.#items[0] ?? -1
  }

  /** Only ever of the first. */
  remove(): void {
    popNumber(this.#items)
  }
}

/**
 * Tasks that demand the resources of `sample`, in units of their own. A tree over the places: each node knows the least units that
 * anybody below demands, so where there is too little of one resource whole branches are passed over.
 */
export class MixedReady implements Ready {
  readonly #project: Demands
  readonly #resources: Int32Array
  readonly #leaves: number
  readonly #least: Float64Array
  #size = 0
  /** Where each leaf stands in the order of all tasks. */
  readonly #places: Int32Array
  #expected = 0

  /** @param tasks how many there are of this kind */
  constructor(project: Demands, sample: number, tasks: number) {
    this.#project = project
    this.#resources = project.demands.items.slice(project.demands.at[sample], project.demands.at[sample + 1])
    this.#leaves = 2 ** Math.ceil(Math.log2(tasks))
    this.#least = new Float64Array(2 * this.#leaves * this.#resources.length).fill(Number.POSITIVE_INFINITY)
    this.#places = new Int32Array(tasks)
  }

  expect(place: number): void {
    this.#places[this.#expected % this.#places.length] = place
    this.#expected++
  }

  get empty(): boolean {
    return this.#size === 0
  }

  push(place: number, task: number): void {
    const width = this.#resources.length
    const from = this.#project.demands.at[task] ?? 0
    const leaf = this.#leafOf(place)
    const base = leaf * width
    for (let at = 0; at < width; at++) this.#least[base + at] = this.#project.units[from + at] ?? 0
    this.#size++
    this.#rise(leaf)
  }

  first(free: Float64Array): number {
    for (let node = 1; node > 0; ) {
      if (!this.#fits(node, free)) {
        // On to what lies to the right of all below this node.
        while ((node & 1) === 1) node >>= 1
        if (node > 0) node++
      } else if (node < this.#leaves) node *= 2
      else return this.#places[node - this.#leaves] ?? -1
    }
    return -1
  }

  remove(place: number): void {
    const width = this.#resources.length
    const leaf = this.#leafOf(place)
    const base = leaf * width
    this.#least.fill(Number.POSITIVE_INFINITY, base, base + width)
    this.#size--
    this.#rise(leaf)
  }

  #fits(node: number, free: Float64Array): boolean {
    const width = this.#resources.length
    for (let at = 0; at < width; at++) {
      if ((this.#least[node * width + at] ?? 0) > (free[this.#resources[at] ?? 0] ?? 0)) return false
    }
    return true
  }

  #leafOf(place: number): number {
    let low = 0
    let high = this.#places.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#places[middle] ?? 0) <= place) low = middle
      else high = middle
    }
    return this.#leaves + low
  }

  #rise(leaf: number): void {
    const width = this.#resources.length
    for (let node = leaf >> 1; node > 0; node >>= 1) {
      let changed = false
      for (let at = 0; at < width; at++) {
        const left = this.#least[2 * node * width + at] ?? 0
        const right = this.#least[(2 * node + 1) * width + at] ?? 0
        const least = Math.min(left, right)
        if (this.#least[node * width + at] === least) continue
        this.#least[node * width + at] = least
        changed = true
      }
      if (!changed) return
    }
  }
}
