import { upTo } from '../lists.ts'
import { type Instance, reverse } from './instance.ts'
import { lowerBound } from './lower-bound.ts'
import { ParallelScheme } from './parallel.ts'
import { pop, push } from './queue.ts'
import { SerialScheme } from './serial.ts'
import { sortBy } from './sort.ts'

/** Beyond, finding a place in the serial scheme costs too much. */
const mostForSerial = 500

/** Sums of fractions may differ by as much as this from what they are. */
const rounding = 1 + 4e-12

export type Scheme = 'serial' | 'parallel'

/** Makes schedules of one project in both directions of time, and keeps the best. A `start` is in the direction of its instance. */
export class Schedules {
  readonly forward: Instance
  readonly backward: Instance
  /** The serial one only where all priorities are equal: by it a task could find its seat taken by one that was placed before. */
  readonly schemes: readonly Scheme[]
  readonly best: Float64Array
  makespan = Number.POSITIVE_INFINITY
  made = 0
  /** No makespan is below. */
  readonly bound: number
  readonly #byRank: Int32Array
  readonly #keys: Float64Array
  readonly #position: Float64Array
  readonly #list: Int32Array
  readonly #serial = new Map<Instance, SerialScheme>()
  readonly #parallel = new Map<Instance, ParallelScheme>()

  constructor(instance: Instance) {
    const { size, rank, ranked, picky } = instance
    this.forward = instance
    this.backward = reverse(instance)
    this.bound = lowerBound(instance, this.backward)
    this.schemes = size <= mostForSerial && !ranked && !picky ? ['parallel', 'serial'] : ['parallel']
    this.best = new Float64Array(size)
    this.#keys = new Float64Array(size)
    this.#position = new Float64Array(size)
    this.#list = new Int32Array(size)
    this.#byRank = upTo(size)
    sortBy(this.#byRank, new Float64Array(rank))
  }

  /** Nothing shorter is possible. */
  get proven(): boolean {
    return this.makespan <= this.bound * rounding
  }

  /** Goes by `keys`, the least first, then by rank. */
  byRule(instance: Instance, scheme: Scheme, keys: Float64Array, start: Float64Array): number {
    const list = this.#list
    list.set(this.#byRank)
    sortBy(list, keys)
    if (scheme === 'serial') this.#linearise(instance, list)
    return this.byList(instance, scheme, list, start)
  }

  /**
   * Goes by `list`, which it may reorder; the serial scheme needs one with every task after what it waits for.
   *
   * @param horizon see `SerialScheme`
   */
  byList(instance: Instance, scheme: Scheme, list: Int32Array, start: Float64Array, horizon?: number): number {
    let makespan: number
    if (scheme === 'serial') makespan = this.#serialOf(instance).schedule(list, start, horizon)
    else {
      if (instance.ranked) sortBy(list, instance.priority)
      makespan = this.#parallelOf(instance).schedule(list, start)
    }
    this.made++
    if (!instance.reversed && makespan < this.makespan) {
      this.best.set(start)
      this.makespan = makespan
    }
    return makespan
  }

  /** Turns a schedule in the other direction into one in that of `instance`: what ended last there starts first here. */
  turn(instance: Instance, scheme: Scheme, start: Float64Array, horizon?: number): number {
    const { size, minutes, order } = instance
    const keys = this.#keys
    for (let task = 0; task < size; task++) keys[task] = -((start[task] ?? 0) + (minutes[task] ?? 0))
    const list = this.#list
    list.set(order)
    sortBy(list, keys)
    return this.byList(instance, scheme, list, start, horizon)
  }

  /**
   * Double justification (Valls, Ballestín, Quintanilla 2005): every task as late as possible, then as early as possible. By the serial
   * scheme it does not become longer.
   */
  justify(scheme: Scheme, start: Float64Array, makespan: number): number {
    this.turn(this.backward, scheme, start, makespan)
    return this.turn(this.forward, scheme, start)
  }

  /** Of the tasks that wait for no other one, always the first in the list. */
  #linearise({ size, before, after }: Instance, list: Int32Array): void {
    const position = this.#position
    for (let at = 0; at < size; at++) position[list[at] ?? 0] = at
    const unmet = new Int32Array(size)
    const ready: number[] = []
    for (let task = 0; task < size; task++) {
      unmet[task] = (before.at[task + 1] ?? 0) - (before.at[task] ?? 0)
      if (unmet[task] === 0) push(ready, position, task)
    }
    for (let at = 0; at < size; at++) {
      const task = pop(ready, position)
      list[at] = task
      for (let edge = after.at[task] ?? 0; edge < (after.at[task + 1] ?? 0); edge++) {
        const follower = after.items[edge] ?? 0
        const left = (unmet[follower] ?? 0) - 1
        unmet[follower] = left
        if (left === 0) push(ready, position, follower)
      }
    }
  }

  #serialOf(instance: Instance): SerialScheme {
    const found = this.#serial.get(instance) ?? new SerialScheme(instance)
    this.#serial.set(instance, found)
    return found
  }

  #parallelOf(instance: Instance): ParallelScheme {
    const found = this.#parallel.get(instance) ?? new ParallelScheme(instance)
    this.#parallel.set(instance, found)
    return found
  }
}
