import type { Task } from '../model/task.ts'
import { exclusiveScopes } from './hot-files.ts'
import { upTo } from './lists.ts'
import { neighbours } from './neighbours.ts'
import { overlapOf } from './overlap.ts'
import type { PlanPolicy } from './plan.ts'
import { apart, type Entry } from './scope.ts'

/** Pairs that are looked at, and those that are compared; with more of them some parts may be counted as two. */
const mostPairs = 5_000_000
const mostCompared = 20_000

/** How many parts the tasks fall into when those that may write the same file are one part. Tasks that write nothing, or do not say what, are none. */
export function independentParts(tasks: readonly Task[], policy: PlanPolicy): number {
  const exclusive = exclusiveScopes(policy)
  const writers = tasks.flatMap((task) =>
    task.writes === undefined || task.writes.length === 0 ? [] : [exclusive(task.writes)],
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
  const unite = (a: number, b: number): void => {
    upper[Math.max(a, b)] = Math.min(a, b)
    count--
  }
  const entries: { readonly prefix: string; readonly entry: Entry; readonly index: number }[] = []
  /** By the text of a pattern the first part that has it: those without exclusions that share it are one. */
  const firsts = new Map<string, number>()
  for (const [index, { positive, negative }] of parts.entries()) {
    for (const entry of positive) {
      const first = negative.length > 0 ? undefined : firsts.get(entry.pattern.text)
      if (first === undefined) {
        if (negative.length === 0) firsts.set(entry.pattern.text, index)
        entries.push({ prefix: entry.prefix, entry, index })
      } else if (partOf(first) !== partOf(index)) unite(partOf(first), partOf(index))
    }
  }
  for (const [one, other] of neighbours(entries)) {
    if (count === 1 || ++looked > mostPairs) break
    const [a, b] = [partOf(one.index), partOf(other.index)]
    const [scope, against] = [parts[one.index], parts[other.index]]
    if (a === b || scope === undefined || against === undefined || apart(one.entry, other.entry)) continue
    if (++compared > mostCompared) break
    if (overlapOf(scope, against).is !== 'disjoint') unite(a, b)
  }
  return count
}
