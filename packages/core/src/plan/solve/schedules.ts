import { type Instance, reverse } from './instance.ts'
import { ParallelScheme } from './parallel.ts'
import { pop, push } from './queue.ts'
import { SerialScheme } from './serial.ts'
import { sortBy } from './sort.ts'

/** Beyond, finding a place in the serial scheme costs too much. */
const mostForSerial = 2000

/** Makes schedules of one project in both directions of time, and keeps the best. */
export class Schedules {
  readonly forward: Instance
  readonly backward: Instance
  /** Whether the serial scheme may be used. By it a task of high priority could find its seat taken by one that was placed before. */
  readonly serial: boolean
  readonly best: Float64Array
  makespan = Number.POSITIVE_INFINITY
  made = 0
  readonly #byRank: Int32Array
  readonly #keys: Float64Array
  readonly #position: Float64Array
  readonly #list: Int32Array
  readonly #schemes = new Map<Instance, { readonly serial?: SerialScheme; readonly parallel: ParallelScheme }>()

  constructor(instance: Instance) {
    const { size, rank } = instance
    this.forward = instance
    this.backward = reverse(instance)
    this.serial = size <= mostForSerial && !instance.ranked && !instance.picky
    this.best = new Float64Array(size)
    this.#keys = new Float64Array(size)
    this.#position = new Float64Array(size)
    this.#list = new Int32Array(size)
    this.#byRank = Int32Array.from(rank.keys())
    sortBy(this.#byRank, Float64Array.from(rank))
  }

  /** The parallel scheme by priority, then `keys`, then rank; `start` is in the instance's own direction. */
  parallel(instance: Instance, keys: Float64Array, start: Float64Array): number {
    const list = this.#list
    list.set(this.#byRank)
    sortBy(list, keys)
    if (instance.ranked) sortBy(list, instance.priority)
    for (let at = 0; at < list.length; at++) this.#position[list[at] ?? 0] = at
    const makespan = this.#scheme(instance).parallel.schedule(this.#position, start)
    this.#keep(instance, start, makespan)
    return makespan
  }

  /** The serial scheme: of the tasks that wait for no other one, always the one with the least key. */
  serialByRule(instance: Instance, keys: Float64Array, start: Float64Array): number {
    const list = this.#list
    list.set(this.#byRank)
    sortBy(list, keys)
    for (let at = 0; at < list.length; at++) this.#position[list[at] ?? 0] = at
    const { size, before, after } = instance
    const unmet = new Int32Array(size)
    const ready: number[] = []
    for (let task = 0; task < size; task++) {
      unmet[task] = (before.at[task + 1] ?? 0) - (before.at[task] ?? 0)
      if (unmet[task] === 0) push(ready, this.#position, task)
    }
    let found = 0
    for (let task = pop(ready, this.#position); task >= 0; task = pop(ready, this.#position)) {
      list[found++] = task
      for (let edge = after.at[task] ?? 0; edge < (after.at[task + 1] ?? 0); edge++) {
        const follower = after.items[edge] ?? 0
        const left = (unmet[follower] ?? 0) - 1
        unmet[follower] = left
        if (left === 0) push(ready, this.#position, follower)
      }
    }
    return this.#serialByList(instance, list, start)
  }

  /** Backward through `start`, a schedule of `backward`: the schedule forward in its order. */
  justifyLeft(start: Float64Array, serial: boolean): number {
    return this.#justify(this.forward, start, serial)
  }

  /**
   * Double justification (Valls, Ballestín, Quintanilla 2005): every task as late as possible, then as early as possible. By the serial
   * scheme it never becomes longer.
   */
  justify(start: Float64Array, makespan: number, serial: boolean): number {
    this.#justify(this.backward, start, serial, makespan)
    return this.#justify(this.forward, start, serial)
  }

  /** From a schedule in the other direction to one in that of `instance`; in place. */
  #justify(instance: Instance, start: Float64Array, serial: boolean, horizon?: number): number {
    const { size, minutes } = instance
    const keys = this.#keys
    for (let task = 0; task < size; task++) keys[task] = -((start[task] ?? 0) + (minutes[task] ?? 0))
    if (!serial) return this.parallel(instance, keys, start)
    const list = this.#list
    list.set(instance.order)
    sortBy(list, keys)
    return this.#serialByList(instance, list, start, horizon)
  }

  #serialByList(instance: Instance, list: Int32Array, start: Float64Array, horizon?: number): number {
    const makespan = this.#scheme(instance).serial?.schedule(list, start, horizon) ?? Number.POSITIVE_INFINITY
    this.#keep(instance, start, makespan)
    return makespan
  }

  #keep(instance: Instance, start: Float64Array, makespan: number): void {
    this.made++
    if (instance.reversed || makespan >= this.makespan) return
    this.best.set(start)
    this.makespan = makespan
  }

  #scheme(instance: Instance): { readonly serial?: SerialScheme; readonly parallel: ParallelScheme } {
    let found = this.#schemes.get(instance)
    if (found === undefined) {
      const parallel = new ParallelScheme(instance)
      found = this.serial ? { serial: new SerialScheme(instance), parallel } : { parallel }
      this.#schemes.set(instance, found)
    }
    return found
  }
}
