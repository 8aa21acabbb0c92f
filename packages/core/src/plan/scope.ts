import type { Glob } from '../model/task.ts'
import { type Automaton, accepts, automatonOf } from './automaton.ts'
import { fold } from './charset.ts'
import { parsedGlob } from './known-globs.ts'
import { normalPath } from './normalise.ts'
import type { Pattern } from './pattern.ts'
import { type Track, tracksOf } from './track.ts'

export interface ScopeOptions {
  /** Whether paths that differ in case are different files. Default true. */
  readonly caseSensitive?: boolean
}

/** A scope that is ready for comparing. A glob that cannot be read counts as everything, so that nothing is let through by it. */
export interface Scope {
  readonly positive: readonly Entry[]
  readonly negative: readonly Entry[]
}

export interface Entry {
  readonly pattern: Pattern
  /** What every match begins with, folded where case does not matter. */
  readonly prefix: string
  /** Its first segment, where that is without a wildcard; otherwise null. Scopes are sorted into buckets by it. */
  readonly folder: string | null
  /** Built when first needed. Null: too large to be compared. */
  automaton(): Automaton | null
  /** The same with no star empty. */
  full(): Automaton | null
  /** The pattern segment by segment, worked out when first needed. */
  tracks(): readonly Track[]
}

/** Scopes by their text. Tasks are read anew on every pass, their texts stay the same. Emptied when it is full: it saves work, no more. */
const known = new Map<string, Scope>()
const mostKnown = 20_000

export function scopeOf(globs: readonly Glob[], options: ScopeOptions = {}): Scope {
  const caseSensitive = options.caseSensitive ?? true
  const key = `${caseSensitive}${JSON.stringify(globs)}`
  const found = known.get(key)
  if (found !== undefined) return found
  const entries = globs.map((glob) => entryOf(glob, caseSensitive))
  const scope: Scope = {
    positive: entries.filter((entry) => !entry.pattern.negated),
    negative: entries.filter((entry) => entry.pattern.negated),
  }
  if (known.size >= mostKnown) known.clear()
  known.set(key, scope)
  return scope
}

function entryOf(glob: Glob, caseSensitive: boolean): Entry {
  const parsed = parsedGlob(glob)
  const pattern: Pattern = parsed.ok
    ? parsed.pattern
    : { text: '**', negated: false, prefix: '', whole: false, literal: false, nodes: [{ is: 'any' }] }
  const prefix = caseSensitive ? pattern.prefix : fold(pattern.prefix)
  const cut = prefix.indexOf('/')
  let automaton: Automaton | null | undefined
  let tracks: readonly Track[] | undefined
  return {
    pattern,
    prefix,
    folder: cut >= 0 ? prefix.slice(0, cut) : pattern.whole ? prefix : null,
    automaton() {
      if (automaton === undefined) automaton = automatonOf(pattern.nodes, caseSensitive)
      return automaton
    },
    full: () => automatonOf(pattern.nodes, caseSensitive, true),
    tracks() {
      tracks ??= tracksOf(pattern.nodes, caseSensitive)
      return tracks
    },
  }
}

/** Whether the prefixes alone rule out that two patterns match one path. */
export function apart(a: Entry, b: Entry): boolean {
  const [long, short] = a.prefix.length >= b.prefix.length ? [a, b] : [b, a]
  if (!long.prefix.startsWith(short.prefix)) return true
  if (!short.pattern.whole || long.prefix.length === short.prefix.length) return false
  return long.prefix[short.prefix.length] !== '/'
}

/**
 * Whether a scope matches a path: one of its patterns does, and none of its `!` patterns. A path that is absolute or leaves the root is
 * in no scope.
 */
export function covers(globs: readonly Glob[], path: string, options: ScopeOptions = {}): boolean {
  return matcherOf(globs, options)(path)
}

/** `covers` for many paths. */
export function matcherOf(globs: readonly Glob[], options: ScopeOptions = {}): (path: string) => boolean {
  const { positive, negative } = scopeOf(globs, options)
  return (path) => {
    const normal = normalPath(path)
    if (normal === null) return false
    const folded = options.caseSensitive === false ? fold(normal) : normal
    const matches = (entry: Entry): boolean => {
      if (!folded.startsWith(entry.prefix)) return false
      if (entry.pattern.literal) return folded.length === entry.prefix.length || folded[entry.prefix.length] === '/'
      const automaton = entry.automaton()
      return automaton === null || accepts(automaton, normal)
    }
    return positive.some(matches) && !negative.some(matches)
  }
}
