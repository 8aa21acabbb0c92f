import type { Effort } from './product.ts'
import type { End, Place, Trie } from './trie.ts'

type Names = NonNullable<Place['names']>
type Patterns = NonNullable<Place['patterns']>

/**
 * Walks through a trie against itself: which patterns meet, each pair at least once. Two places are visited together when one path can
 * lead to both of them; what stands below both is what can still meet.
 */
export class TrieJoin {
  readonly #trie: Trie
  readonly #effort: Effort
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
    effort: Effort,
    found: (a: number, b: number) => void,
    compare: (a: number, b: number) => boolean,
  ) {
    this.#trie = trie
    this.#effort = effort
    this.#found = found
    this.#compare = compare
  }

  /** False when the steps ran out, and more pairs may meet than were found. */
  run(): boolean {
    this.#visit(this.#trie.root, this.#trie.root)
    while (this.#effort.left > 0) {
      const b = this.#waiting.pop()
      const a = this.#waiting.pop()
      if (a === undefined || b === undefined) return true
      this.#ends(a, b)
      this.#onward(a, b)
    }
    return false
  }

  #visit(a: Place, b: Place): void {
    this.#effort.left -= 2
    if (a.loose || b.loose) {
      this.#effort.left -= 8
      const key = Math.min(a.id, b.id) * this.#trie.size + Math.max(a.id, b.id)
      if (this.#seen.has(key)) return
      this.#seen.add(key)
    }
    this.#waiting.push(a, b)
  }

  #ends(a: Place, b: Place): void {
    for (const end of a.ends) this.#end(end, b, true)
    if (a !== b) for (const end of b.ends) this.#end(end, a, false)
  }

  /** @param exact whether what ends with nothing more at both places is to be taken: once for each two places */
  #end({ of, ends }: End, place: Place, exact: boolean): void {
    if (ends !== 'here') this.#meetAll(of, place, ends === 'opaque')
    else if (exact) for (const other of place.ends) if (other.ends === 'here') this.#meet(of, other.of)
  }

  #meetAll(one: number, place: Place, opaque: boolean): void {
    for (let at = place.from; at < place.to && this.#effort.left > 0; at++) {
      const other = this.#trie.ends[at]
      if (other === undefined) continue
      if (opaque || other.ends === 'opaque') this.#compareOnce(one, other.of)
      else this.#meet(one, other.of)
    }
  }

  #meet(one: number, other: number): void {
    this.#effort.left--
    this.#found(one, other)
  }

  #compareOnce(one: number, other: number): void {
    this.#effort.left -= 8
    const key = Math.min(one, other) * this.#trie.ends.length + Math.max(one, other)
    if (this.#compared.has(key)) return
    this.#compared.add(key)
    if (this.#compare(one, other)) this.#found(one, other)
  }

  #onward(a: Place, b: Place): void {
    if (a.onward !== null) this.#visit(a.onward, b)
    if (b.onward !== null && a !== b) this.#visit(a, b.onward)
    if (a.names !== null && b.names !== null) this.#sameNames(a.names, b.names)
    if (a.patterns !== null && b.names !== null) this.#matchingNames(a.patterns, b.names)
    if (b.patterns !== null && a.names !== null && a !== b) this.#matchingNames(b.patterns, a.names)
    if (a.patterns !== null && b.patterns !== null) this.#meetingPatterns(a.patterns, b.patterns)
    if (a.loops) this.#stay(a, b)
    if (b.loops && a !== b) this.#stay(b, a)
  }

  #sameNames(a: Names, b: Names): void {
    const [few, many] = a.size <= b.size ? [a, b] : [b, a]
    this.#effort.left -= few.size
    for (const [name, next] of few) {
      const other = a === b ? next : many.get(name)
      if (other !== undefined) this.#visit(next, other)
    }
  }

  #matchingNames(patterns: Patterns, names: Names): void {
    for (const { pattern, to } of patterns.values()) {
      this.#effort.left -= names.size
      if (this.#effort.left <= 0) return
      for (const [name, next] of names) if (pattern.matches(name)) this.#visit(to, next)
    }
  }

  #meetingPatterns(a: Patterns, b: Patterns): void {
    for (const { pattern, to } of a.values()) {
      this.#effort.left -= b.size
      if (this.#effort.left <= 0) return
      for (const other of b.values()) {
        // Of one place with itself, each two are taken once.
        if (a === b && to.id > other.to.id) continue
        if (pattern.meets(other.pattern, this.#effort)) this.#visit(to, other.to)
      }
    }
  }

  /** `loop` takes whatever segment comes next in `place`, and stays. */
  #stay(loop: Place, place: Place): void {
    if (place.names !== null) for (const next of place.names.values()) this.#visit(loop, next)
    if (place.patterns !== null) for (const { to } of place.patterns.values()) this.#visit(loop, to)
  }
}
