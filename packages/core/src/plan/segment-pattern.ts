import { type Automaton, accepts, automatonOf } from './automaton.ts'
import { fold } from './charset.ts'
import type { Node } from './pattern.ts'
import { type Effort, walk } from './product.ts'

/** A pattern for one segment of a path. */
export class SegmentPattern {
  /** What stands before and after its only star, where it is no more than that. */
  readonly #ends: readonly [head: string, tail: string] | null
  readonly #nodes: readonly Node[]
  readonly #caseSensitive: boolean
  readonly #names = new Map<string, boolean>()
  readonly #patterns = new Map<SegmentPattern, boolean>()
  #automaton: Automaton | null | undefined

  constructor(nodes: readonly Node[], caseSensitive: boolean) {
    this.#nodes = nodes
    this.#caseSensitive = caseSensitive
    this.#ends = endsOf(nodes, caseSensitive)
  }

  /** Whether some segment is matched; yes when it would take too long to tell. */
  canMatch(effort: Effort): boolean {
    return canHold(this.#nodes) || this.meets(this, effort)
  }

  /** @param name folded where case does not matter */
  matches(name: string): boolean {
    if (this.#ends !== null) {
      const [head, tail] = this.#ends
      return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail)
    }
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const automaton = this.#built()
    const answer = automaton === null || accepts(automaton, name)
    this.#names.set(name, answer)
    return answer
  }

  /** Whether some segment is matched by both; yes when it would take too long to tell. */
  meets(other: SegmentPattern, effort: Effort): boolean {
    if (this.#ends !== null && other.#ends !== null) {
      const [[head, tail], [otherHead, otherTail]] = [this.#ends, other.#ends]
      return (
        (head.startsWith(otherHead) || otherHead.startsWith(head)) &&
        (tail.endsWith(otherTail) || otherTail.endsWith(tail))
      )
    }
    const known = this.#patterns.get(other)
    if (known !== undefined) return known
    if (effort.left <= 0) return true
    const [a, b] = [this.#built(), other.#built()]
    const answer = a === null || b === null || walk(a, b, [], effort) !== null
    this.#patterns.set(other, answer)
    other.#patterns.set(this, answer)
    return answer
  }

  #built(): Automaton | null {
    this.#automaton ??= automatonOf(this.#nodes, this.#caseSensitive)
    return this.#automaton
  }
}

/** Whether it holds more than `.` and `..` for sure: it has a star, and nothing in it that may be unable to match. */
function canHold(nodes: readonly Node[]): boolean {
  const able = (node: Node): boolean =>
    node.is === 'choice' ? node.of.some((one) => one.every(able)) : node.is !== 'set' || !node.negated
  return nodes.some((node) => node.is === 'star') && nodes.every(able)
}

function endsOf(nodes: readonly Node[], caseSensitive: boolean): readonly [string, string] | null {
  const stars = nodes.filter((node) => node.is === 'star')
  if (stars.length !== 1) return null
  let [head, tail] = ['', '']
  let seen = false
  for (const node of nodes) {
    if (node.is === 'star') seen = true
    else if (node.is !== 'text') return null
    else if (seen) tail += node.text
    else head += node.text
  }
  return caseSensitive ? [head, tail] : [fold(head), fold(tail)]
}
