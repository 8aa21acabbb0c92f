/** Numbers of files stay below it, so that two of them make one safe integer. */
const limit = 2 ** 25

/** A count is how often something was seen since the floor was at `count / unit`, in the lower digits. */
const unit = 2 ** 26

/**
 * How often files and pairs of files were seen, in bounded memory: when there are too many, the rarest are forgotten (lossy counting,
 * Manku and Motwani 2002).
 */
export class PairCounts {
  readonly #mostPairs: number
  readonly #mostFiles: number
  readonly #ids = new Map<string, number>()
  readonly #seen = new Map<number, number>()
  readonly #pairs = new Map<number, number>()
  #nextId = 0
  #floor = 0

  constructor(mostPairs: number, mostFiles: number) {
    this.#mostPairs = mostPairs
    this.#mostFiles = mostFiles
  }

  /** By how much a count of a pair or a file may be too low. */
  get floor(): number {
    return this.#floor
  }

  /** @param files without doubles */
  add(files: readonly string[]): void {
    const ids = files.map((file) => this.#id(file)).sort((a, b) => a - b)
    const first = this.#floor * unit
    for (const [at, id] of ids.entries()) {
      this.#seen.set(id, (this.#seen.get(id) ?? first) + 1)
      for (let other = at + 1; other < ids.length; other++) {
        const key = id * limit + (ids[other] ?? 0)
        this.#pairs.set(key, (this.#pairs.get(key) ?? first) + 1)
      }
    }
    if (this.#pairs.size <= this.#mostPairs && this.#ids.size <= this.#mostFiles) return
    // Down to half, so that it is not to be done again soon.
    while (this.#pairs.size > this.#mostPairs / 2 || this.#ids.size > this.#mostFiles / 2) this.#forget()
  }

  /** Each file with the number of times it was seen. */
  *files(): Iterable<readonly [file: string, seen: number]> {
    for (const [file, id] of this.#ids) yield [file, (this.#seen.get(id) ?? 0) % unit]
  }

  /** Each pair that was seen at least `least` times. */
  *pairs(least: number): Iterable<readonly [a: string, b: string, seen: number]> {
    const names = new Map([...this.#ids].map(([file, id]) => [id, file]))
    for (const [key, count] of this.#pairs) {
      const seen = count % unit
      const [a, b] = [names.get(Math.floor(key / limit)), names.get(key % limit)]
      if (seen >= least && a !== undefined && b !== undefined) yield [a, b, seen]
    }
  }

  #id(file: string): number {
    const known = this.#ids.get(file)
    if (known !== undefined) return known
    const id = this.#nextId++ % limit
    this.#ids.set(file, id)
    return id
  }

  #forget(): void {
    this.#floor++
    for (const [key, count] of this.#pairs) if (mostSeen(count) <= this.#floor) this.#pairs.delete(key)
    if (this.#ids.size <= this.#mostFiles / 2) return
    const paired = new Set<number>()
    for (const key of this.#pairs.keys()) paired.add(Math.floor(key / limit)).add(key % limit)
    for (const [file, id] of this.#ids) {
      if (paired.has(id) || mostSeen(this.#seen.get(id) ?? 0) > this.#floor) continue
      this.#ids.delete(file)
      this.#seen.delete(id)
    }
  }
}

/** How often it was seen at most: it may have been forgotten as often as the floor was high when it was counted anew. */
function mostSeen(count: number): number {
  return (count % unit) + Math.floor(count / unit)
}
