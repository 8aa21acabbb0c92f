import { type Automaton, closure, cutsOf, step } from './automaton.ts'
import { type Charset, dot, intersect, representatives, slash } from './charset.ts'

/** Pairs of states that the walk visits before it gives up; two patterns of a thousand stars each need about a million. */
const mostPairs = 2_000_000
/** Pairs for which a plain array of marks is worth its memory. */
const mostMarks = 4_000_000
/** Sets of states of exclusions; more than this is an exclusion made to be hard. */
const mostFollowers = 5_000

/**
 * How far the present segment of a path has come. A path has no empty segment, and none that is `.` or `..`.
 * 0: at its start, 1: `.`, 2: `..`, 3: anything else.
 */
type Segment = 0 | 1 | 2 | 3

function after(segment: Segment, code: number): Segment | null {
  if (code === slash) return segment === 3 ? 0 : null
  if (code !== dot || segment === 3) return 3
  return segment === 0 ? 1 : segment === 1 ? 2 : 3
}

/** What walks may cost, several of them together, in steps of some tens of nanoseconds. It never depends on what was worked out before. */
export class Effort {
  left: number
  readonly #paid = new Set<Automaton>()

  /** @param left by default what one walk alone may take: a second or two */
  constructor(left = 20_000_000) {
    this.left = left
  }

  /** Building an automaton costs more than walking through it, and it is kept. */
  pay(automaton: Automaton): void {
    if (this.#paid.has(automaton)) return
    this.#paid.add(automaton)
    this.left -= automaton.size * 20
  }
}

/**
 * A shortest path that both automata accept and none of `outside` does; null when there is none. It walks through the pairs of states
 * that one text can lead to, each once; what is `outside` is followed as the set of its states, which can grow without bound, hence the limit.
 */
export function walk(
  a: Automaton,
  b: Automaton,
  outside: readonly Automaton[],
  effort = new Effort(),
): string | null | 'undecided' {
  for (const automaton of [a, b, ...outside]) effort.pay(automaton)
  // What it takes to begin: large patterns cost something even when they part at once.
  effort.left -= a.size + b.size + 100
  const followers = new Followers(outside, effort)
  const cuts = outside.length === 0 ? [] : [...new Set(outside.flatMap(cutsOf))].sort((x, y) => x - y)
  const acceptA = a.size - 1
  const acceptB = b.size - 1

  const meeting = meetings(a, b, cuts)
  const seen = outside.length === 0 && a.size * b.size <= mostMarks ? new Marks(a.size * b.size * 4) : new Set<number>()
  const queue: number[] = []
  const from: number[] = []
  const by: number[] = [] // the character that led there, -1 for none
  const visit = (stateA: number, stateB: number, segment: Segment, follower: number, parent: number, code: number) => {
    const key = ((follower * a.size + stateA) * b.size + stateB) * 4 + segment
    if (seen.has(key)) return
    seen.add(key)
    queue.push(key)
    from.push(parent)
    by.push(code)
  }
  visit(0, 0, 0, followers.start, -1, -1)

  for (let at = 0; at < queue.length; at++) {
    const key = queue[at] ?? 0
    const segment = (key % 4) as Segment
    const pair = Math.floor(key / 4)
    const stateB = pair % b.size
    const stateA = Math.floor(pair / b.size) % a.size
    const follower = Math.floor(pair / b.size / a.size)
    if (stateA === acceptA && stateB === acceptB && segment === 3 && !followers.accepts(follower)) {
      effort.left -= queue.length * 8
      return spell(at, from, by)
    }
    for (const to of a.free[stateA] ?? []) visit(to, stateB, segment, follower, at, -1)
    for (const to of b.free[stateB] ?? []) visit(stateA, to, segment, follower, at, -1)
    for (const moveA of a.moves[stateA] ?? []) {
      for (const moveB of b.moves[stateB] ?? []) {
        for (const code of meeting(moveA.set, moveB.set)) {
          const next = after(segment, code)
          if (next !== null) visit(moveA.to, moveB.to, next, followers.step(follower, code), at, code)
        }
      }
    }
    if (queue.length > mostPairs || queue.length * 8 > effort.left || followers.count > mostFollowers) {
      effort.left -= queue.length * 8
      return 'undecided'
    }
  }
  effort.left -= queue.length * 8
  return null
}

/** The characters to try where two sets meet, worked out once for each two sets. */
function meetings(
  a: Automaton,
  b: Automaton,
  cuts: readonly number[],
): (one: Charset, other: Charset) => readonly number[] {
  const numbers = new Map<Charset, number>()
  for (const moves of [...a.moves, ...b.moves]) {
    for (const { set } of moves) if (!numbers.has(set)) numbers.set(set, numbers.size)
  }
  const known: (readonly number[] | undefined)[] = []
  return (one, other) => {
    const key = (numbers.get(one) ?? 0) * numbers.size + (numbers.get(other) ?? 0)
    let found = known[key]
    if (found === undefined) {
      found = representatives(intersect(one, other), cuts)
      known[key] = found
    }
    return found
  }
}

/** A set of numbers below a limit. */
class Marks {
  readonly #bits: Uint8Array

  constructor(limit: number) {
    this.#bits = new Uint8Array(limit)
  }

  has(key: number): boolean {
    return this.#bits[key] === 1
  }

  add(key: number): void {
    this.#bits[key] = 1
  }
}

function spell(at: number, from: readonly number[], by: readonly number[]): string {
  const codes: number[] = []
  for (let index = at; index >= 0; index = from[index] ?? -1) {
    const code = by[index] ?? -1
    if (code >= 0) codes.push(code)
  }
  return codes
    .reverse()
    .map((code) => String.fromCharCode(code))
    .join('')
}

/** Numbers the sets of states that the patterns outside can be in, as they come up. */
class Followers {
  readonly start: number
  readonly #automata: readonly Automaton[]
  readonly #effort: Effort
  readonly #numbers = new Map<string, number>()
  readonly #sets: (readonly (readonly number[])[])[] = []
  readonly #accepting: boolean[] = []
  readonly #steps = new Map<number, number>()

  constructor(automata: readonly Automaton[], effort: Effort) {
    this.#automata = automata
    this.#effort = effort
    this.start = this.#number(automata.map((automaton) => closure(automaton, [0])))
  }

  get count(): number {
    return this.#sets.length
  }

  accepts(follower: number): boolean {
    return this.#accepting[follower] ?? false
  }

  step(follower: number, code: number): number {
    if (this.#automata.length === 0) return follower
    const key = follower * 0x10000 + code
    const known = this.#steps.get(key)
    if (known !== undefined) return known
    const sets = this.#sets[follower] ?? []
    for (const set of sets) this.#effort.left -= set.length
    const next = this.#number(this.#automata.map((automaton, index) => step(automaton, sets[index] ?? [], code)))
    this.#steps.set(key, next)
    return next
  }

  #number(sets: readonly (readonly number[])[]): number {
    const text = sets.map((set) => set.join(' ')).join('|')
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#sets.push(sets) - 1
    this.#numbers.set(text, number)
    this.#accepting.push(sets.some((set, index) => set.includes((this.#automata[index]?.size ?? 0) - 1)))
    return number
  }
}
