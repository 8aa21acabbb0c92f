/** What is free of each resource over time: a step function, kept as the moments in which it changes. */
export class Profile {
  readonly #capacities: Float64Array
  readonly #width: number
  /** Ascending; each step lasts until the next one, the last one for ever. */
  readonly #times: Float64Array
  /** `#width` numbers for each step. */
  readonly #free: Float64Array
  #steps = 1

  /** @param tasks how many can be added at most */
  constructor(capacities: Float64Array, tasks: number) {
    this.#capacities = capacities
    this.#width = capacities.length
    this.#times = new Float64Array(2 * tasks + 2)
    this.#free = new Float64Array((2 * tasks + 2) * this.#width)
    this.clear()
  }

  clear(): void {
    this.#steps = 1
    this.#times[0] = 0
    this.#free.set(this.#capacities)
  }

  /** The first time from `earliest` on at which the demands in `items` from `from` to before `to` are free for `minutes`. */
  fit(earliest: number, minutes: number, items: Int32Array, units: Float64Array, from: number, to: number): number {
    const times = this.#times
    let time = earliest
    let step = this.#stepAt(time)
    let end = time + minutes
    while (step < this.#steps && (times[step] ?? 0) < end) {
      const base = step * this.#width
      let at = from
      while (at < to && (units[at] ?? 0) <= (this.#free[base + (items[at] ?? 0)] ?? 0)) at++
      step++
      if (at === to) continue
      time = times[step] ?? time
      end = time + minutes
    }
    return time
  }

  take(start: number, end: number, items: Int32Array, units: Float64Array, from: number, to: number): void {
    const first = this.#split(start)
    const last = this.#split(end)
    for (let step = first; step < last; step++) {
      const base = step * this.#width
      for (let at = from; at < to; at++) {
        const place = base + (items[at] ?? 0)
        this.#free[place] = (this.#free[place] ?? 0) - (units[at] ?? 0)
      }
    }
  }

  /** The step that `time` lies in. */
  #stepAt(time: number): number {
    let low = 0
    let high = this.#steps
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#times[middle] ?? 0) <= time) low = middle
      else high = middle
    }
    return low
  }

  /** The step that begins at `time`, made if there is none. */
  #split(time: number): number {
    const step = this.#stepAt(time)
    if (this.#times[step] === time) return step
    const width = this.#width
    const next = step + 1
    this.#times.copyWithin(next + 1, next, this.#steps)
    this.#free.copyWithin((next + 1) * width, step * width + width, this.#steps * width)
    this.#free.copyWithin(next * width, step * width, next * width)
    this.#times[next] = time
    this.#steps++
    return next
  }
}
