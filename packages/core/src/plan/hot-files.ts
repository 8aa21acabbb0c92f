import type { Glob } from '../model/task.ts'
import { overlapOf } from './overlap.ts'
import type { PlanPolicy } from './plan.ts'
import { matcherOf, type Scope, scopeOf } from './scope.ts'

/** The patterns of a policy's hot files, and of all that is below what they match: a task that names one of them names nothing else. */
export function hotGlobs(policy: Pick<PlanPolicy, 'hotFiles'>): readonly Glob[] {
  return [...unionGlobs(policy), ...regeneratedGlobs(policy)]
}

export function unionGlobs({ hotFiles }: Pick<PlanPolicy, 'hotFiles'>): readonly Glob[] {
  return withBelow(hotFiles?.union ?? [])
}

export function regeneratedGlobs({ hotFiles }: Pick<PlanPolicy, 'hotFiles'>): readonly Glob[] {
  return withBelow((hotFiles?.regenerate ?? []).flatMap(({ files }) => files))
}

export function withBelow(globs: readonly Glob[]): readonly Glob[] {
  return globs.flatMap((glob) => [glob, belowOf(glob)])
}

export function belowOf(glob: Glob): Glob {
  return `${glob.replace(/\/+$/, '')}/**`
}

/** What of a scope keeps its task apart from others: all but hot files. */
export function exclusiveScopes(
  policy: Pick<PlanPolicy, 'hotFiles' | 'caseSensitive'>,
): (writes: readonly Glob[]) => Scope {
  const hot = hotGlobs(policy)
  if (hot.length === 0) return (writes) => scopeOf(writes, policy)
  const isHot = matcherOf(hot, policy)
  const scopes = hot.map((glob) => ({ except: `!${glob}`, scope: scopeOf([glob], policy) }))
  const isCold = (glob: Glob): boolean => {
    const [entry] = scopeOf([glob], policy).positive
    return entry === undefined || !(entry.pattern.literal ? isHot(entry.pattern.prefix) : hot.includes(glob))
  }
  return (writes) => {
    // Exclusions are dear, and most tasks name hot files as they are.
    const cold = scopeOf(writes.filter(isCold), policy)
    // What writes hot files alone is no task that writes nothing.
    const globs = cold.positive.length > 0 ? writes.filter(isCold) : writes
    const scope = scopeOf(globs, policy)
    const met = scopes.filter((one) => overlapOf(scope, one.scope).is === 'overlap')
    return met.length === 0 ? scope : scopeOf([...globs, ...met.map(({ except }) => except)], policy)
  }
}
