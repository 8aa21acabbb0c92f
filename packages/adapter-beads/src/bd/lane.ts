/** One thing after the other. */
export class Lane {
  readonly #works: (() => Promise<void>)[] = []
  readonly #looks: (() => Promise<void>)[] = []
  #busy = false

  /** Does `work` when all that came before is done, whatever became of it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#add(this.#works, work)
  }

  /** The same when nothing else waits any more: a look that comes after several writes saves those between them. */
  look<T>(work: () => Promise<T>): Promise<T> {
    return this.#add(this.#looks, work)
  }

  #add<T>(queue: (() => Promise<void>)[], work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      queue.push(() => work().then(resolve, reject))
      if (!this.#busy) void this.#go()
    })
  }

  async #go(): Promise<void> {
    this.#busy = true
    for (let next = await this.#next(); next !== undefined; next = await this.#next()) await next()
    this.#busy = false
  }

  async #next(): Promise<(() => Promise<void>) | undefined> {
    // Who heard of the last one may be about to ask for the next.
    if (this.#works.length === 0) await new Promise((resolve) => setImmediate(resolve))
    return this.#works.shift() ?? this.#looks.shift()
  }
}

const lanes = new Map<string, Lane>()

/** Of this process all that use one database share a lane: every call locks the whole of it, and waits for its turn by polling. */
export function laneOf(directory: string): Lane {
  const known = lanes.get(directory)
  if (known !== undefined) return known
  const made = new Lane()
  lanes.set(directory, made)
  return made
}
