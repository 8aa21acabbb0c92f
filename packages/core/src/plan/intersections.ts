import { entriesMeet, meets } from './overlap.ts'
import { Effort } from './product.ts'
import type { Lists, Project } from './project.ts'
import { mark, Rows } from './rows.ts'
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
  return rowsOf(scopes).rows.lists()
}

/** Scopes of one class meet the same scopes, -1 is for those that meet none, not even themselves. */
export type ScopeClasses = Pick<Project, 'classes' | 'excludes'>

/** The same by classes, as `Project` has them. The answer stays small where very many scopes all meet. */
export function intersectionClasses(scopes: readonly Scope[]): ScopeClasses {
  const { classes, excludes } = decidedClasses(scopes)
  return { classes, excludes }
}

/** The same; `decided`: each two of them were compared exactly, so that what meets among all of them meets among some, too. */
export function decidedClasses(scopes: readonly Scope[]): ScopeClasses & { readonly decided: boolean } {
  const { rows, decided } = rowsOf(scopes)
  const { classes, related } = rows.classes()
  return { classes, excludes: related, decided }
}

function rowsOf(scopes: readonly Scope[]): { readonly rows: Rows; readonly decided: boolean } {
  const effort = new Effort(mostSteps)
  const rows = new Rows(scopes.length)
  if (!relateByPatterns(scopes, rows, effort)) relateByFolder(scopes, rows)
  keepExcluded(scopes, rows, effort)
  return { rows, decided: effort.left > 0 }
}

/** A pattern, and the scopes that hold it. */
interface Held {
  readonly entry: Entry
  readonly by: number[]
  /** The scopes that meet it; null where so few hold it that each of them is told at once. */
  marks: Uint32Array | null
}

/** Scopes beyond which a pattern has marks of its own. */
const few = 3

/** Exclusions are not looked at. False when the steps ran out. */
function relateByPatterns(scopes: readonly Scope[], rows: Rows, effort: Effort): boolean {
  const patterns = heldPatterns(scopes)
  const trie = new Trie(effort)
  for (const [index, held] of patterns.entries()) {
    for (const track of held.entry.tracks()) trie.add(index, track)
    if (effort.left <= 0) return false
    if (held.by.length > few) held.marks = rows.marks()
  }
  trie.finish()
  const tell = (one: Held, other: Held): void => {
    if (one.marks !== null) mark(one.marks, other.by)
    else for (const scope of one.by) for (const otherScope of other.by) rows.relate(scope, otherScope)
  }
  const found = (a: number, b: number): void => {
    const [one, other] = [patterns[a], patterns[b]]
    if (one === undefined || other === undefined) return
    tell(one, other)
    if (one !== other) tell(other, one)
  }
  const compare = (a: number, b: number): boolean => {
    const [one, other] = [patterns[a], patterns[b]]
    return one !== undefined && other !== undefined && entriesMeet(one.entry, other.entry, [], effort)
  }
  if (!new TrieJoin(trie, effort, found, compare).run()) return false
  for (const { by, marks } of patterns) if (marks !== null) rows.relateAll(by, marks)
  return true
}

function heldPatterns(scopes: readonly Scope[]): Held[] {
  const byText = new Map<string, Held>()
  for (const [index, { positive }] of scopes.entries()) {
    for (const entry of positive) {
      const { text } = entry.pattern
      const known = byText.get(text)
      if (known === undefined) byText.set(text, { entry, by: [index], marks: null })
      else if (known.by.at(-1) !== index) known.by.push(index)
    }
  }
  return [...byText.values()]
}

/** Takes out the pairs that meet only in what one of them excludes. */
function keepExcluded(scopes: readonly Scope[], rows: Rows, effort: Effort): void {
  for (const [a, one] of scopes.entries()) {
    if (one.negative.length === 0 || effort.left <= 0) continue
    rows.keep(a, (b) => {
      const other = scopes[b]
      // Asked already, when it was the turn of the other.
      if (other === undefined || (other.negative.length > 0 && b < a)) return true
      return meets(one, other, effort)
    })
  }
}

/** Whoever may be in the same first folder meets. */
function relateByFolder(scopes: readonly Scope[], rows: Rows): void {
  const filled = scopes.flatMap(({ positive }, index) => (positive.length > 0 ? [index] : []))
  const members = new Map<string | null, number[]>()
  for (const index of filled) {
    for (const folder of new Set(scopes[index]?.positive.map((entry) => entry.folder))) {
      const known = members.get(folder)
      if (known === undefined) members.set(folder, [index])
      else known.push(index)
    }
  }
  const anywhere = members.get(null) ?? []
  const all = rows.marks()
  mark(all, filled)
  rows.relateAll(anywhere, all)
  for (const [folder, some] of members) {
    if (folder === null) continue
    const marks = rows.marks()
    mark(marks, some)
    mark(marks, anywhere)
    rows.relateAll(some, marks)
  }
}
