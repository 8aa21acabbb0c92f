import type { Instance } from './instance.ts'
import { Profile } from './profile.ts'

/**
 * The serial schedule generation scheme (Kelley 1963): takes one task after another and gives each the first place that is left. Unlike
 * the parallel scheme it may keep a resource free for something better, and always reaches some best schedule.
 *
 * Not for instances that are `picky`: what is placed later must not care about tasks that take no time.
 */
export class SerialScheme {
  readonly #instance: Instance
  readonly #profile: Profile
  /** The tasks of each class that are placed. */
  readonly #placed: number[][]
  readonly #end: Float64Array
  #start: Float64Array = new Float64Array()

  constructor(instance: Instance) {
    this.#instance = instance
    this.#profile = new Profile(instance.capacities, instance.size)
    this.#placed = Array.from({ length: instance.excludes.at.length - 1 }, () => [])
    this.#end = new Float64Array(instance.size)
  }

  /**
   * Fills in `start` and answers the makespan.
   *
   * @param list every task after what it waits for
   * @param horizon backward only: the end of time, where the begun tasks lie; without it they are like all others
   */
  schedule(list: Int32Array, start: Float64Array, horizon?: number): number {
    const { size, minutes, before, begun, isBegun, reversed } = this.#instance
    this.#start = start
    this.#profile.clear()
    for (const placed of this.#placed) placed.length = 0
    let makespan = 0
    const fixed = !reversed || horizon !== undefined
    if (fixed) {
      for (const task of begun) {
        const ends = reversed ? (horizon ?? 0) : (minutes[task] ?? 0)
        this.#place(task, reversed ? ends - (minutes[task] ?? 0) : 0)
        makespan = Math.max(makespan, ends)
      }
    }
    for (let next = 0; next < size; next++) {
      const task = list[next] ?? 0
      if (fixed && isBegun[task] === 1) continue
      let earliest = 0
      for (let edge = before.at[task] ?? 0; edge < (before.at[task + 1] ?? 0); edge++) {
        earliest = Math.max(earliest, this.#end[before.items[edge] ?? 0] ?? 0)
      }
      this.#place(task, this.#fit(task, earliest))
      makespan = Math.max(makespan, this.#end[task] ?? 0)
    }
    return makespan
  }

  #fit(task: number, earliest: number): number {
    const { minutes, demands, units, classes } = this.#instance
    const length = minutes[task] ?? 0
    if (length === 0) return earliest
    const from = demands.at[task] ?? 0
    const to = demands.at[task + 1] ?? 0
    const excluding = (classes[task] ?? -1) >= 0
    let time = earliest
    for (;;) {
      const fits = from === to ? time : this.#profile.fit(time, length, demands.items, units, from, to)
      time = excluding ? this.#alone(task, fits, length) : fits
      if (time === fits) return time
    }
  }

  /** `time`, or when the first one ends that may not run beside `task` and is found to. */
  #alone(task: number, time: number, length: number): number {
    const { classes, excludes } = this.#instance
    const own = classes[task] ?? 0
    let free = time
    for (let at = excludes.at[own] ?? 0; at < (excludes.at[own + 1] ?? 0); at++) {
      const placed = this.#placed[excludes.items[at] ?? 0] ?? []
      for (let next = 0; next < placed.length; next++) {
        const other = placed[next] ?? 0
        const end = this.#end[other] ?? 0
        if ((this.#start[other] ?? 0) < free + length && end > free) free = end
      }
    }
    return free
  }

  #place(task: number, time: number): void {
    const { minutes, demands, units, classes } = this.#instance
    const length = minutes[task] ?? 0
    const end = time + length
    this.#start[task] = time
    this.#end[task] = end
    if (length === 0) return
    const from = demands.at[task] ?? 0
    const to = demands.at[task + 1] ?? 0
    if (from < to) this.#profile.take(time, end, demands.items, units, from, to)
    const own = classes[task] ?? -1
    if (own >= 0) this.#placed[own]?.push(task)
  }
}
