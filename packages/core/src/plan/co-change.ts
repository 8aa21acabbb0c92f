import { shown } from '../model/shown.ts'
import type { Glob } from '../model/task.ts'
import { FileIndex } from './covered.ts'
import { type Chunks, commitsOf } from './git-log.ts'
import { literalGlob } from './literal-glob.ts'
import { PairCounts } from './pair-counts.ts'
import { matcherOf, type ScopeOptions } from './scope.ts'

export interface CoChangeOptions {
  /** Commits of more files are left out: a formatter or a rename ties nothing together. Default 30. */
  readonly mostFiles?: number
  /** Commits that two files need in common. Default 3, at least 1. */
  readonly support?: number
  /** Share of the commits of one file in which the other one changes too, from 0 to 1. Default 0.5. */
  readonly confidence?: number
  /** Pairs of files that are counted at a time, about 60 bytes each. Default 1,000,000. */
  readonly mostPairs?: number
  readonly signal?: AbortSignal
  /** Told how many commits were read so far, after each 1,000. */
  readonly onProgress?: (commits: number) => void
}

/** "Whoever changes `from` changes `to`." */
export interface ChangeRule {
  readonly from: string
  readonly to: string
  /** Commits that change both. */
  readonly together: number
  /** Commits that change `from`. */
  readonly of: number
  /** `together / of`, from 0 to 1. */
  readonly confidence: number
  /**
   * `confidence` less the share of all commits that change `to`: how much more often `to` changes with `from` than anyway. A lockfile or
   * changelog that is in most commits has about 0 with everything. No rule has less than 0.1.
   */
  readonly surplus: number
}

export interface SuggestOptions extends ScopeOptions {
  /** Files to suggest at most, beside those that were named. Default 10. */
  readonly most?: number
  /** Whether a file of the history still exists. Default: all do. */
  readonly exists?: (file: string) => boolean
}

export interface SuggestedScope {
  /** What was named, then a glob for each file that is likely to change with it, the likeliest first. */
  readonly writes: readonly Glob[]
  /** The rule behind each glob that was added, in the same order. */
  readonly reasons: readonly ChangeRule[]
}

/** Which files change together. What it says is a hint: it never keeps a task from starting. */
export interface CoChange {
  /** Commits that were counted. */
  readonly commits: number
  /** Commits that were left out because they change too many files. */
  readonly left: number
  /** By how many commits a count may be too low, because rare pairs were forgotten to keep memory bounded. Mostly 0. */
  readonly tooLow: number
  /** A scope for a task that declares none, from the files or globs that it names. */
  suggest(named: readonly Glob[], options?: SuggestOptions): SuggestedScope
  /** Rules from a file that only one of two scopes covers to one that only the other covers: both tasks may well change it. */
  likely(a: readonly Glob[], b: readonly Glob[], options?: ScopeOptions): readonly ChangeRule[]
  /** The same for all pairs of many scopes at once, each with its 3 surest rules; the surest pair first. */
  likelyPairs(scopes: readonly (readonly Glob[])[], options?: ScopeOptions): readonly LikelyPair[]
}

/** Two scopes, by their index, the lower one first. */
export interface LikelyPair {
  readonly a: number
  readonly b: number
  readonly rules: readonly ChangeRule[]
}

const mostFileNames = 500_000
const leastSurplus = 0.1
const mostRules = 3
const progressEvery = 1_000

/**
 * Learns from the history of a repository which files change together: association rules over the files of each commit (Zimmermann,
 * Weißgerber, Diehl, Zeller 2004, "Mining Version Histories to Guide Software Changes"), ordered by what the confidence is above chance
 * ("added value"), which discounts files that everybody edits. It reads a stream in bounded memory; the same history gives the same rules.
 *
 * @param history the output, in pieces cut anywhere, of
 *   `git log --no-merges --no-renames --name-only -z --format=%x00%H`; any file name is read right
 * @throws RangeError when it is no such output, and the reason of `signal`
 */
export async function coChange(history: Chunks, options: CoChangeOptions = {}): Promise<CoChange> {
  const { mostFiles = 30, support = 3, confidence = 0.5, mostPairs = 1_000_000, signal, onProgress } = options
  const counts = new PairCounts(mostPairs, mostFileNames)
  let [read, commits, left] = [0, 0, 0]
  for await (const files of commitsOf(history, mostFiles + 1)) {
    signal?.throwIfAborted()
    if (++read % progressEvery === 0) onProgress?.(read)
    const changed = [...new Set(files)]
    if (changed.length > mostFiles) left++
    else if (changed.length > 0) {
      commits++
      counts.add(changed)
    }
  }
  const seen = new Map(counts.files())
  const byFile = new Map<string, ChangeRule[]>()
  const learn = (from: string, to: string, together: number): void => {
    const of = seen.get(from) ?? together
    const share = (seen.get(to) ?? together) / commits
    const rule = { from, to, together, of, confidence: together / of, surplus: together / of - share }
    if (rule.confidence < confidence || rule.surplus < leastSurplus) return
    const known = byFile.get(from)
    if (known === undefined) byFile.set(from, [rule])
    else known.push(rule)
  }
  for (const [a, b, together] of counts.pairs(Math.max(1, support))) {
    learn(a, b, together)
    learn(b, a, together)
  }
  return new Rules(commits, left, counts.floor, byFile)
}

/** One sentence: "whoever changes a.ts changes b.ts, in 80 % of 25 commits". */
export function sayRule(rule: ChangeRule): string {
  const percent = Math.round(rule.confidence * 100)
  return `whoever changes ${shown(rule.from)} changes ${shown(rule.to)}, in ${percent} % of ${rule.of} commits`
}

const none: ReadonlySet<number> = new Set()

class Rules implements CoChange {
  readonly commits: number
  readonly left: number
  readonly tooLow: number
  readonly #byFile: ReadonlyMap<string, readonly ChangeRule[]>

  constructor(commits: number, left: number, tooLow: number, byFile: ReadonlyMap<string, readonly ChangeRule[]>) {
    this.commits = commits
    this.left = left
    this.tooLow = tooLow
    this.#byFile = byFile
  }

  suggest(named: readonly Glob[], options: SuggestOptions = {}): SuggestedScope {
    const { most = 10, exists = () => true } = options
    const isNamed = matcherOf(named, options)
    const best = new Map<string, ChangeRule>()
    for (const rule of this.#from(isNamed)) {
      const known = best.get(rule.to)
      if (known === undefined || bySurplus(rule, known) < 0) best.set(rule.to, rule)
    }
    const reasons = [...best.values()]
      .filter((rule) => exists(rule.to) && !isNamed(rule.to))
      .sort(bySurplus)
      .slice(0, most)
    return { writes: [...named, ...reasons.map((rule) => literalGlob(rule.to))], reasons }
  }

  likely(a: readonly Glob[], b: readonly Glob[], options: ScopeOptions = {}): readonly ChangeRule[] {
    return this.#pairs([a, b], options, Number.POSITIVE_INFINITY)[0]?.rules ?? []
  }

  likelyPairs(scopes: readonly (readonly Glob[])[], options: ScopeOptions = {}): readonly LikelyPair[] {
    return this.#pairs(scopes, options, mostRules)
  }

  #pairs(scopes: readonly (readonly Glob[])[], options: ScopeOptions, most: number): readonly LikelyPair[] {
    const rules = [...this.#byFile.values()].flat().sort(bySurplus)
    const owners = this.#owners(scopes, rules, options)
    const found = new Map<number, LikelyPair & { readonly rules: ChangeRule[] }>()
    for (const rule of rules) {
      const [ofFrom, ofTo] = [owners.get(rule.from) ?? none, owners.get(rule.to) ?? none]
      for (const one of ofFrom) {
        if (ofTo.has(one)) continue
        for (const other of ofTo) {
          if (ofFrom.has(other)) continue
          const [a, b] = one < other ? [one, other] : [other, one]
          const key = a * scopes.length + b
          const pair = found.get(key)
          if (pair === undefined) found.set(key, { a, b, rules: [rule] })
          else if (pair.rules.length < most) pair.rules.push(rule)
        }
      }
    }
    return [...found.values()]
  }

  /** The scopes that cover each file which a rule is about. */
  #owners(
    scopes: readonly (readonly Glob[])[],
    rules: readonly ChangeRule[],
    options: ScopeOptions,
  ): ReadonlyMap<string, ReadonlySet<number>> {
    const files = new FileIndex(new Set(rules.flatMap(({ from, to }) => [from, to])), options)
    const owners = new Map<string, Set<number>>()
    for (const [index, globs] of scopes.entries()) {
      for (const file of files.covered(globs)) {
        const known = owners.get(file)
        if (known === undefined) owners.set(file, new Set([index]))
        else known.add(index)
      }
    }
    return owners
  }

  #from(isIn: (path: string) => boolean): ChangeRule[] {
    const out: ChangeRule[] = []
    for (const [file, rules] of this.#byFile) if (isIn(file)) for (const rule of rules) out.push(rule)
    return out
  }
}

/** The surest first, then the one of more commits, then by name. */
function bySurplus(a: ChangeRule, b: ChangeRule): number {
  return (
    b.surplus - a.surplus || b.together - a.together || (a.to < b.to ? -1 : a.to > b.to ? 1 : a.from < b.from ? -1 : 1)
  )
}
