import type { Instance } from './instance.ts'
import { popNumber, pushNumber } from './queue.ts'

/** Which classes run, and the lanes that wait for one of them to end. */
export class Lanes {
  readonly #instance: Instance
  /** How many tasks of each class run. */
  readonly #running: Int32Array
  /** The places of the tasks of each lane that are parked. */
  readonly #tasks: number[][]
  readonly #isParked: Uint8Array
  /** Lanes parked with each class. */
  readonly #parked: number[][]

  constructor(instance: Instance) {
    const { laneClasses, excludes } = instance
    const lists = (length: number) => Array.from({ length }, (): number[] => [])
    this.#instance = instance
    this.#running = new Int32Array(excludes.at.length - 1)
    this.#tasks = lists(laneClasses.length)
    this.#isParked = new Uint8Array(laneClasses.length)
    this.#parked = lists(excludes.at.length - 1)
  }

  isParked(lane: number): boolean {
    return this.#isParked[lane] === 1
  }

  add(lane: number, place: number): void {
    pushNumber(this.#tasks[lane] ?? [], place)
  }

  /** Takes out the first task of a lane; -1: there is none. */
  next(lane: number): number {
    return popNumber(this.#tasks[lane] ?? [])
  }

  /** Parks a lane and its task if a class runs that it excludes. */
  parks(lane: number, place: number): boolean {
    if (this.#isParked[lane] === 0) {
      const { laneClasses, excludes } = this.#instance
      const own = laneClasses[lane] ?? 0
      let at = excludes.at[own] ?? 0
      const to = excludes.at[own + 1] ?? 0
      while (at < to && this.#running[excludes.items[at] ?? 0] === 0) at++
      if (at === to) return false
      this.#parked[excludes.items[at] ?? 0]?.push(lane)
      this.#isParked[lane] = 1
    }
    this.add(lane, place)
    return true
  }

  run(own: number): void {
    this.#running[own] = (this.#running[own] ?? 0) + 1
  }

  release(own: number): void {
    this.#running[own] = (this.#running[own] ?? 0) - 1
  }

  /** A lane that waits for a class of which none runs any more; -1: there is none. */
  wake(own: number): number {
    if (this.#running[own] !== 0) return -1
    const lane = this.#parked[own]?.pop() ?? -1
    if (lane >= 0) this.#isParked[lane] = 0
    return lane
  }
}
