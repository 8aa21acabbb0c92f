import { anything, type Charset, complement, inSegment, pairs, single, slash, withBothCases } from './charset.ts'
import type { Node } from './pattern.ts'

/** A nondeterministic automaton over the characters of a path. State 0 begins, the last state accepts. */
export interface Automaton {
  readonly size: number
  /** Moves without a character, by state. */
  readonly free: readonly (readonly number[])[]
  /** Moves that read a character, by state. */
  readonly moves: readonly (readonly Move[])[]
}

export interface Move {
  readonly set: Charset
  readonly to: number
}

/** States that one glob may need: `{1..100}{1..100}…` grows without bound. */
const mostStates = 50_000

/**
 * Null when the pattern is too large to be compared.
 * @param full each star stands for at least one character: a smaller language, of which the paths look more like what people write
 */
export function automatonOf(nodes: readonly Node[], caseSensitive: boolean, full = false): Automaton | null {
  const builder = new Builder(caseSensitive, full)
  const end = builder.sequence(nodes, builder.state())
  return builder.finish(end)
}

class Builder {
  readonly #free: number[][] = []
  readonly #moves: Move[][] = []
  readonly #caseSensitive: boolean
  readonly #full: boolean
  /** One object for each letter, so that equal sets are recognised. */
  readonly #letters = new Map<number, Charset>()

  constructor(caseSensitive: boolean, full: boolean) {
    this.#caseSensitive = caseSensitive
    this.#full = full
  }

  state(): number {
    this.#free.push([])
    return this.#moves.push([]) - 1
  }

  sequence(nodes: readonly Node[], from: number): number {
    // It is too large already: `finish` says so.
    if (this.#moves.length > mostStates) return from
    return nodes.reduce((at, node) => this.#node(node, at), from)
  }

  finish(end: number): Automaton | null {
    const accept = this.state()
    this.#free[end]?.push(accept)
    const size = this.#moves.length
    return size > mostStates ? null : { size, free: this.#free, moves: this.#moves }
  }

  #node(node: Node, from: number): number {
    switch (node.is) {
      case 'text': {
        let at = from
        for (let i = 0; i < node.text.length; i++) at = this.#read(at, this.#letter(node.text.charCodeAt(i)))
        return at
      }
      case 'set': {
        const members = this.#cased(node.members)
        return this.#read(from, node.negated ? complement(members) : members)
      }
      case 'one':
        return this.#read(from, inSegment)
      case 'star':
        return this.#repeat(from, inSegment)
      case 'any':
        return this.#repeat(from, anything)
      case 'choice': {
        const join = this.state()
        for (const one of node.of) {
          const start = this.state()
          this.#free[from]?.push(start)
          this.#free[this.sequence(one, start)]?.push(join)
        }
        return join
      }
    }
  }

  #read(from: number, set: Charset): number {
    const to = this.state()
    this.#moves[from]?.push({ set, to })
    return to
  }

  // What is there already at `from` is at most another loop, and two loops in a row accept what both at one place do.
  #repeat(from: number, set: Charset): number {
    const loop = this.#full ? this.#read(from, set) : from
    this.#moves[loop]?.push({ set, to: loop })
    return loop
  }

  #letter(code: number): Charset {
    const known = this.#letters.get(code)
    if (known !== undefined) return known
    const set = this.#cased(single(code))
    this.#letters.set(code, set)
    return set
  }

  #cased(set: Charset): Charset {
    return this.#caseSensitive ? set : withBothCases(set)
  }
}

/** The states that can be reached from `states` without a character, those included, ascending. */
export function closure(automaton: Automaton, states: Iterable<number>): number[] {
  const seen = new Set(states)
  for (const state of seen) for (const to of automaton.free[state] ?? []) seen.add(to)
  return [...seen].sort((a, b) => a - b)
}

/** The states after reading `code` in any of `states`, closed. */
export function step(automaton: Automaton, states: readonly number[], code: number): number[] {
  const next = new Set<number>()
  for (const state of states) {
    for (const move of automaton.moves[state] ?? []) if (has(move.set, code)) next.add(move.to)
  }
  return next.size === 0 ? [] : closure(automaton, next)
}

function has(set: Charset, code: number): boolean {
  for (let i = 0; i < set.length; i += 2) if (code >= (set[i] ?? 0) && code <= (set[i + 1] ?? 0)) return true
  return false
}

export function accepts(automaton: Automaton, path: string): boolean {
  let states = closure(automaton, [0])
  for (let i = 0; i < path.length && states.length > 0; i++) states = step(automaton, states, path.charCodeAt(i))
  return states.includes(automaton.size - 1)
}

/** Where the sets of an automaton begin and end: characters between two neighbours are all the same to it. */
export function cutsOf(automaton: Automaton): number[] {
  const cuts = new Set<number>()
  for (const moves of automaton.moves) {
    for (const { set } of moves) for (const [low, high] of pairs(set)) cuts.add(low).add(high + 1)
  }
  cuts.add(slash).add(slash + 1)
  return [...cuts]
}
