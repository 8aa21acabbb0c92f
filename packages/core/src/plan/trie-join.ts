import type { Steps } from './product.ts'
import type { Place, Trie } from './trie.ts'

/**
 * Walks through a trie against itself: which patterns meet, each pair at least once. Two places are visited together when one path can
 * lead to both of them; what stands below both is what can still meet.
 */
export class TrieJoin {
  readonly #trie: Trie
  readonly #steps: Steps
  readonly #found: (a: number, b: number) => void
  readonly #compare: (a: number, b: number) => boolean
  readonly #seen = new Set<number>()
  readonly #compared = new Set<number>()
  readonly #waiting: Place[] = []

  /**
   * @param found is called for two patterns that meet, in either order, maybe more than once
   * @param compare tells it for two of which one is opaque
   */
  constructor(
    trie: Trie,
    steps: Steps,
    found: (a: number, b: number) => void,
    compare: (a: number, b: number) => boolean,
  ) {
    this.#trie = trie
    this.#steps = steps
    this.#found = found
    this.#compare = compare
  }

  /** False when the steps ran out, and more pairs may meet than were found. */
  run(): boolean {
    this.#visit(this.#trie.root, this.#trie.root)
    while (this.#steps.left > 0) {
      const [b, a] = [this.#waiting.pop(), this.#waiting.pop()]
      if (a === undefined || b === undefined) return true
      this.#ends(a, b)
      this.#onward(a, b)
    }
    return false
  }

  #visit(a: Place, b: Place): void {
    this.#steps.left--
    if (a.loose || b.loose) {
      const key = Math.min(a.id, b.id) * this.#trie.size + Math.max(a.id, b.id)
      if (this.#seen.has(key)) return
      this.#seen.add(key)
    }
    this.#waiting.push(a, b)
  }

  #ends(a: Place, b: Place): void {
    for (const one of a.here) for (const other of b.here) this.#meet(one, other)
    for (const one of a.below) this.#meetAll(one, b, false)
    for (const one of a.opaque) this.#meetAll(one, b, true)
    if (a === b) return
    for (const one of b.below) this.#meetAll(one, a, false)
    for (const one of b.opaque) this.#meetAll(one, a, true)
  }

  #meetAll(one: number, place: Place, opaque: boolean): void {
    for (let at = place.from; at < place.to && this.#steps.left > 0; at++) {
      const end = this.#trie.ends[at]
      if (end === undefined) continue
      if (opaque || end.opaque) this.#compareOnce(one, end.pattern)
      else this.#meet(one, end.pattern)
    }
  }

  #meet(one: number, other: number): void {
    this.#steps.left--
    this.#found(one, other)
  }

  #compareOnce(one: number, other: number): void {
    this.#steps.left--
    const key = Math.min(one, other) * this.#trie.ends.length + Math.max(one, other)
    if (this.#compared.has(key)) return
    this.#compared.add(key)
    if (this.#compare(one, other)) this.#found(one, other)
  }

  #onward(a: Place, b: Place): void {
    if (a.onward !== null) this.#visit(a.onward, b)
    if (b.onward !== null && a !== b) this.#visit(a, b.onward)
    const [few, many] = a.names.size <= b.names.size ? [a, b] : [b, a]
    for (const [name, next] of few.names) {
      const other = many.names.get(name)
      if (other !== undefined) this.#visit(next, other)
    }
    this.#steps.left -= few.names.size
    this.#patternsAndNames(a, b)
    if (a !== b) this.#patternsAndNames(b, a)
    for (const { pattern, to } of a.patterns.values()) {
      for (const other of b.patterns.values()) {
        this.#steps.left--
        // Of one place with itself, each two are taken once.
        if (a === b && to.id > other.to.id) continue
        if (pattern.meets(other.pattern, this.#steps)) this.#visit(to, other.to)
      }
      if (this.#steps.left <= 0) return
    }
    if (a.loops) this.#stay(a, b)
    if (b.loops && a !== b) this.#stay(b, a)
  }

  #patternsAndNames(a: Place, b: Place): void {
    for (const { pattern, to } of a.patterns.values()) {
      for (const [name, next] of b.names) if (pattern.matches(name)) this.#visit(to, next)
      this.#steps.left -= b.names.size
      if (this.#steps.left <= 0) return
    }
  }

  /** `loop` takes whatever segment comes next in `place`, and stays. */
  #stay(loop: Place, place: Place): void {
    for (const next of place.names.values()) this.#visit(loop, next)
    for (const { to } of place.patterns.values()) this.#visit(loop, to)
  }
}
