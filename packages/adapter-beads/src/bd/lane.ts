/** One thing after the other. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  /** Does `work` when all that came before is done, whatever became of it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work)
    this.#last = done.catch(() => undefined)
    return done
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
