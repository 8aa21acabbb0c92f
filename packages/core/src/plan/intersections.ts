import { entriesMeet, meets } from './overlap.ts'
import type { Steps } from './product.ts'
import type { Lists } from './project.ts'
import { Rows } from './rows.ts'
import type { Entry, Scope } from './scope.ts'
import { Trie } from './trie.ts'
import { TrieJoin } from './trie-join.ts'

/** Places that are visited, pairs of states that are walked through and pairs of patterns that are found to meet, all together. */
const mostSteps = 20_000_000

/**
 * Which of many scopes meet: those of `index` are `items` from `at[index]` to before `at[index + 1]`, ascending. Symmetric; a scope that
 * some path can be in meets itself. The answers are those of `overlapOf`; patterns that are too large for it may be told apart here.
 *
 * All patterns stand in one trie of path segments that is walked through against itself, so that patterns that part in some segment
 * are never compared. Hostile patterns cannot make it take more than a stated number of steps (some seconds): what is
 * not decided by then counts as meeting, unless it is in another first folder.
 *
 * @param scopes made with the same options. The answer takes 4 bytes for each pair that meets, in both directions.
 */
export function intersections(scopes: readonly Scope[]): Lists {
  const steps: Steps = { left: mostSteps }
  const rows = new Rows(scopes.length)
  if (!relateByPatterns(scopes, rows, steps)) relateByFolder(scopes, rows)
  rows.keep((a, b) => {
    const [one, other] = [scopes[a], scopes[b]]
    if (one === undefined || other === undefined) return false
    return (one.negative.length === 0 && other.negative.length === 0) || meets(one, other, steps)
  })
  return rows.lists()
}

/** A pattern, and the scopes that hold it. */
interface Held {
  readonly entry: Entry
  readonly by: number[]
  /** The patterns that it meets; only for patterns that many scopes hold. */
  readonly near: Set<number>
}

/** Exclusions are not looked at. False when the steps ran out. */
function relateByPatterns(scopes: readonly Scope[], rows: Rows, steps: Steps): boolean {
  const patterns = heldPatterns(scopes)
  const trie = new Trie(steps)
  for (const [index, { entry }] of patterns.entries()) for (const track of entry.tracks()) trie.add(index, track)
  trie.finish()
  const found = (a: number, b: number): void => {
    const [one, other] = [patterns[a], patterns[b]]
    if (one === undefined || other === undefined) return
    if (one.by.length * other.by.length < 8) {
      for (const scope of one.by) for (const otherScope of other.by) rows.relate(scope, otherScope)
    } else {
      one.near.add(b)
      other.near.add(a)
    }
  }
  const compare = (a: number, b: number): boolean => {
    const [one, other] = [patterns[a], patterns[b]]
    return one !== undefined && other !== undefined && entriesMeet(one.entry, other.entry, [], steps)
  }
  if (!new TrieJoin(trie, steps, found, compare).run()) return false
  for (const { by, near } of patterns) {
    if (near.size === 0) continue
    const others = new Set<number>()
    for (const index of near) for (const scope of patterns[index]?.by ?? []) others.add(scope)
    rows.relateAll(by, rows.marks(others))
  }
  return true
}

function heldPatterns(scopes: readonly Scope[]): Held[] {
  const byText = new Map<string, Held>()
  for (const [index, { positive }] of scopes.entries()) {
    for (const entry of positive) {
      const { text } = entry.pattern
      const known = byText.get(text)
      if (known === undefined) byText.set(text, { entry, by: [index], near: new Set() })
      else if (known.by.at(-1) !== index) known.by.push(index)
    }
  }
  return [...byText.values()]
}

/** Whoever may be in the same first folder meets. */
function relateByFolder(scopes: readonly Scope[], rows: Rows): void {
  const filled = scopes.flatMap(({ positive }, index) => (positive.length > 0 ? [index] : []))
  const foldersOf = (index: number) => new Set(scopes[index]?.positive.map(({ folder }) => folder))
  const members = new Map<string | null, number[]>()
  for (const index of filled) {
    for (const folder of foldersOf(index)) {
      const known = members.get(folder)
      if (known === undefined) members.set(folder, [index])
      else known.push(index)
    }
  }
  const anywhere = members.get(null) ?? []
  rows.relateAll(anywhere, rows.marks(filled))
  for (const [folder, some] of members) if (folder !== null) rows.relateAll(some, rows.marks([...some, ...anywhere]))
}
