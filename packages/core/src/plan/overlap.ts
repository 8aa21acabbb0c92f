import type { Glob } from '../model/task.ts'
import { type Automaton, accepts } from './automaton.ts'
import { type Effort, walk } from './product.ts'
import { apart, type Entry, type Scope, type ScopeOptions, scopeOf } from './scope.ts'

/** Whether some path is in both of two scopes; `path` is one such path. `undecided`: nobody could tell, which counts as a yes. */
export type Overlap =
  | { readonly is: 'disjoint' }
  | { readonly is: 'overlap'; readonly path: string }
  | { readonly is: 'overlap'; readonly path: null; readonly reason: 'undecided' }

const disjoint: Overlap = { is: 'disjoint' }
const undecided: Overlap = { is: 'overlap', path: null, reason: 'undecided' }

/**
 * Compares two scopes exactly: the witness is a path that both match, and `disjoint` means that there is none. `undecided` only when
 * patterns are so large that the comparison would take more than a stated number of steps (about a second).
 */
export function overlap(a: readonly Glob[], b: readonly Glob[], options: ScopeOptions = {}): Overlap {
  return overlapOf(scopeOf(a, options), scopeOf(b, options))
}

/** Answers live as long as both scopes do. */
const answers = new WeakMap<Scope, WeakMap<Scope, Overlap>>()

export function overlapOf(a: Scope, b: Scope): Overlap {
  const row = answers.get(a) ?? new WeakMap<Scope, Overlap>()
  answers.set(a, row)
  const known = row.get(b)
  if (known !== undefined) return known
  const answer = compare(a, b)
  row.set(b, answer)
  return answer
}

function compare(a: Scope, b: Scope): Overlap {
  const negative = [...a.negative, ...b.negative]
  let answer = disjoint
  for (const one of a.positive) {
    for (const other of b.positive) {
      if (apart(one, other)) continue
      const found = meet(one, other, negative)
      if (found.is === 'disjoint') continue
      if (found.path !== null) return found
      answer = found
    }
  }
  return answer
}

/** What `overlapOf` says, without a path and without remembering it. Yes when the steps run out. */
export function meets(a: Scope, b: Scope, effort: Effort): boolean {
  const negative = [...a.negative, ...b.negative]
  return a.positive.some((one) => b.positive.some((other) => entriesMeet(one, other, negative, effort)))
}

/** The same for two patterns. */
export function entriesMeet(one: Entry, other: Entry, negative: readonly Entry[], effort: Effort): boolean {
  if (apart(one, other)) return false
  if (effort.left <= 0) return true
  if (one.pattern.literal && other.pattern.literal && negative.length === 0) return canBe(longer(one, other).prefix)
  const found = automataOf(one, other, negative)
  if (found === null) return true
  const [first, second, outside] = found
  if (outside.length === 0) return walk(first, second, [], effort) !== null
  // Following exclusions is dear, and seldom does one take out the first path that both match.
  const literal = one.pattern.literal ? one : other.pattern.literal ? other : null
  const path =
    literal !== null && accepts(literal === one ? second : first, literal.pattern.prefix)
      ? literal.pattern.prefix
      : walk(first, second, [], effort)
  if (path === null) return false
  effort.left -= 4 * path.length * outside.length
  if (path !== 'undecided' && canBe(path) && !outside.some((automaton) => accepts(automaton, path))) return true
  return walk(first, second, outside, effort) !== null
}

function meet(one: Entry, other: Entry, negative: readonly Entry[]): Overlap {
  // Both are literal and not apart, so the longer one is in the other.
  if (one.pattern.literal && other.pattern.literal && negative.length === 0) {
    const { pattern } = longer(one, other)
    return canBe(pattern.prefix) ? { is: 'overlap', path: pattern.prefix } : disjoint
  }
  const found = automataOf(one, other, negative)
  if (found === null) return undecided
  const path = walk(...found)
  if (path === 'undecided') return undecided
  if (path === null) return disjoint
  return { is: 'overlap', path: readable(one, other, found[2]) ?? path }
}

/** Null when one of them is too large. Exclusions that are apart from the two are left out. */
function automataOf(
  one: Entry,
  other: Entry,
  negative: readonly Entry[],
): readonly [Automaton, Automaton, readonly Automaton[]] | null {
  const first = one.automaton()
  const second = other.automaton()
  if (first === null || second === null) return null
  const outside: Automaton[] = []
  for (const entry of negative) {
    if (apart(entry, longer(one, other))) continue
    const automaton = entry.automaton()
    if (automaton === null) return null
    outside.push(automaton)
  }
  return [first, second, outside]
}

function longer(one: Entry, other: Entry): Entry {
  return one.prefix.length >= other.prefix.length ? one : other
}

/** No path has a segment `.` or `..`, which an escaped dot may spell. */
function canBe(path: string): boolean {
  return !/(?:^|\/)\.\.?(?:\/|$)/.test(path)
}

/** A witness in which no star is empty, where there is one: `src/a.ts` tells more than `src/.ts`. */
function readable(one: Entry, other: Entry, outside: readonly Automaton[]): string | null {
  const [first, second] = [one.full(), other.full()]
  if (first === null || second === null || first.size * second.size > 10_000) return null
  const path = walk(first, second, outside)
  return path === 'undecided' ? null : path
}
