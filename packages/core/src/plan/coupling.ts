import type { Task } from '../model/task.ts'
import { upTo } from './lists.ts'
import { neighbours } from './neighbours.ts'
import { overlapOf } from './overlap.ts'
import { apart, type ScopeOptions, scopeOf } from './scope.ts'

/** Pairs that are looked at, and those that are compared; with more of them some parts may be counted as two. */
const mostPairs = 5_000_000
const mostCompared = 20_000

/** How many parts the tasks fall into when those that may write the same file are one part. Tasks that write nothing, or do not say what, are none. */
export function independentParts(tasks: readonly Task[], options: ScopeOptions): number {
  const writers = tasks.flatMap((task) =>
    task.writes === undefined || task.writes.length === 0 ? [] : [scopeOf(task.writes, options)],
  )
  const parts = [...new Set(writers)]
  const upper = upTo(parts.length)
  const partOf = (index: number): number => {
    let at = index
    for (let above = upper[at] ?? at; above !== at; above = upper[at] ?? at) {
      upper[at] = upper[above] ?? above
      at = above
    }
    return at
  }
  let count = parts.length
  let looked = 0
  let compared = 0
  const entries = parts.flatMap(({ positive }, index) =>
    positive.map((entry) => ({ prefix: entry.prefix, entry, index })),
  )
  for (const [one, other] of neighbours(entries)) {
    if (count === 1 || ++looked > mostPairs) break
    const [a, b] = [partOf(one.index), partOf(other.index)]
    const [scope, against] = [parts[one.index], parts[other.index]]
    if (a === b || scope === undefined || against === undefined || apart(one.entry, other.entry)) continue
    const same =
      one.entry.pattern.text === other.entry.pattern.text && scope.negative.length + against.negative.length === 0
    if (!same && ++compared > mostCompared) break
    if (!same && overlapOf(scope, against).is === 'disjoint') continue
    upper[Math.max(a, b)] = Math.min(a, b)
    count--
  }
  return count
}
