import type { Lists } from './project.ts'

export function mark(marks: Uint32Array, items: readonly number[]): void {
  for (const item of items) marks[item >>> 5] = (marks[item >>> 5] ?? 0) | (1 << (item & 31))
}

/** A symmetric relation between numbers below `size`, one bit for each pair. */
export class Rows {
  readonly #size: number
  /** Words of 32 bits in each row. */
  readonly #words: number
  readonly #bits: Uint32Array

  constructor(size: number) {
    this.#size = size
    this.#words = Math.ceil(size / 32)
    this.#bits = new Uint32Array(size * this.#words)
  }

  relate(a: number, b: number): void {
    this.#set(a, b)
    this.#set(b, a)
  }

  /** Each of `some` to all that are marked; one direction only. */
  relateAll(some: readonly number[], marks: Uint32Array): void {
    for (const row of some) {
      const start = row * this.#words
      for (let word = 0; word < this.#words; word++) {
        this.#bits[start + word] = (this.#bits[start + word] ?? 0) | (marks[word] ?? 0)
      }
    }
  }

  /** An empty row, to be marked. */
  marks(): Uint32Array {
    return new Uint32Array(this.#words)
  }

  /** Takes out the pairs of `a` that `holds` says no to. */
  keep(a: number, holds: (b: number) => boolean): void {
    const row = new Int32Array(this.#size)
    const count = this.#spell(a, row, 0)
    for (const b of row.subarray(0, count)) {
      if (holds(b)) continue
      this.#clear(a, b)
      this.#clear(b, a)
    }
  }

  /** The class of each number, -1 for those that are related to nothing, and which classes are related. One class has one row. */
  classes(): { readonly classes: Int32Array; readonly related: Lists } {
    const classes = new Int32Array(this.#size).fill(-1)
    const firsts: number[] = []
    const byHash = new Map<number, number[]>()
    for (let row = 0; row < this.#size; row++) {
      const hash = this.#hash(row)
      if (hash === null) continue
      const alike = byHash.get(hash) ?? []
      byHash.set(hash, alike)
      const known = alike.find((other) => this.#same(row, firsts[other] ?? 0))
      classes[row] = known ?? firsts.length
      if (known === undefined) alike.push(firsts.push(row) - 1)
    }
    const at = new Int32Array(firsts.length + 1)
    const items: number[] = []
    const row = new Int32Array(this.#size)
    for (const [index, first] of firsts.entries()) {
      const count = this.#spell(first, row, 0)
      for (let place = 0; place < count; place++) {
        const other = classes[row[place] ?? 0] ?? -1
        if (firsts[other] === row[place]) items.push(other)
      }
      at[index + 1] = items.length
    }
    return { classes, related: { at, items: Int32Array.from(items) } }
  }

  lists(): Lists {
    const at = new Int32Array(this.#size + 1)
    let count = 0
    for (let row = 0; row < this.#size; row++) {
      for (let word = row * this.#words; word < (row + 1) * this.#words; word++) count += ones(this.#bits[word] ?? 0)
      at[row + 1] = count
    }
    const items = new Int32Array(count)
    for (let row = 0; row < this.#size; row++) this.#spell(row, items, at[row] ?? 0)
    return { at, items }
  }

  /** Writes the items of a row to `into`, ascending, from `from` on; returns the index after the last. */
  #spell(row: number, into: Int32Array, from: number): number {
    let next = from
    for (let word = 0; word < this.#words; word++) {
      let bits = this.#bits[row * this.#words + word] ?? 0
      while (bits !== 0) {
        const low = bits & -bits
        into[next++] = word * 32 + (31 - Math.clz32(low))
        bits ^= low
      }
    }
    return next
  }

  /** Null when the row is empty. */
  #hash(row: number): number | null {
    let [hash, all] = [0, 0]
    for (let word = row * this.#words; word < (row + 1) * this.#words; word++) {
      const bits = this.#bits[word] ?? 0
      all |= bits
      hash = Math.imul(hash ^ bits, 0x9e3779b1) ^ (hash >>> 15)
    }
    return all === 0 ? null : hash
  }

  #same(a: number, b: number): boolean {
    for (let word = 0; word < this.#words; word++) {
      if (this.#bits[a * this.#words + word] !== this.#bits[b * this.#words + word]) return false
    }
    return true
  }

  #set(row: number, item: number): void {
    const word = row * this.#words + (item >>> 5)
    this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (item & 31))
  }

  #clear(row: number, item: number): void {
    const word = row * this.#words + (item >>> 5)
    this.#bits[word] = (this.#bits[word] ?? 0) & ~(1 << (item & 31))
  }
}

function ones(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
