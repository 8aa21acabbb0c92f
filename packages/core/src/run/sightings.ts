interface Sighting {
  readonly value: string
  readonly since: number
  readonly round: number
}

/**
 * How long this process has seen each thing at its present value, by its own monotonic clock. Forgetting it all costs
 * waiting time, never truth: ages only start again from zero.
 */
export class Sightings {
  readonly #seen = new Map<string, Sighting>()
  #round = 0

  /** Begins an observation; what it does not see again is forgotten by `end`. */
  begin(): void {
    this.#round++
  }

  /** Milliseconds since `thing` was first seen at `value`; 0 when it just changed. */
  age(thing: string, value: string, elapsed: number): number {
    const before = this.#seen.get(thing)
    const since = before?.value === value ? before.since : elapsed
    this.#seen.set(thing, { value, since, round: this.#round })
    return elapsed - since
  }

  end(): void {
    for (const [thing, sighting] of this.#seen) {
      if (sighting.round !== this.#round) this.#seen.delete(thing)
    }
  }
}
