import type { Glob, TaskId } from '../model/task.ts'
import { exclusiveScopes, hotGlobs } from './hot-files.ts'
import { intersections } from './intersections.ts'
import type { PlanPolicy } from './plan.ts'
import { matcherOf, type ScopeOptions, scopeOf } from './scope.ts'

/** A task that is done: what it declared and what it changed. */
export interface DoneTask {
  readonly id: TaskId
  /** Absent: its scope is unknown. */
  readonly writes?: readonly Glob[]
  /** The files that it really changed, paths from the root of the repository. */
  readonly changed: readonly string[]
}

export interface ScopeScore {
  /** Of the patterns that were declared, the share in which some file was changed, from 0 to 1; null when none was declared. */
  readonly precision: number | null
  /** Of the files that were changed, the share that was declared, from 0 to 1; null when none was changed. */
  readonly recall: number | null
}

export interface TaskScore extends ScopeScore {
  readonly id: TaskId
  /** Changed files that it did not declare. */
  readonly outside: readonly string[]
  /** Patterns in which it changed nothing. */
  readonly unused: readonly Glob[]
}

export interface ScopeScores extends ScopeScore {
  /** Tasks with a scope, in the given order. `precision` and `recall` over all add up their patterns and their files. */
  readonly tasks: readonly TaskScore[]
  /** Tasks without one. They count for nothing. */
  readonly unknown: readonly TaskId[]
  /** Pairs that were kept apart, because their scopes meet, and did change a file in common. */
  readonly needed: number
  /** Pairs that were kept apart although what they changed has no file in common: what serialising cost. */
  readonly needless: readonly (readonly [TaskId, TaskId])[]
  /** Pairs that were let run together and changed a file in common. */
  readonly missed: readonly (readonly [TaskId, TaskId])[]
}

/** Hot files keep nobody apart: they count for each task, and not for pairs. */
export type ScoreOptions = Pick<PlanPolicy, 'caseSensitive' | 'hotFiles'>

/**
 * Holds what tasks declared against what they changed. A `!` pattern is no pattern to be used; what it takes out is outside.
 * Pairs come in the given order of tasks.
 */
export function scoreScopes(tasks: readonly DoneTask[], options: ScoreOptions = {}): ScopeScores {
  const known: Known[] = []
  const unknown: TaskId[] = []
  for (const task of tasks) {
    if (task.writes === undefined) unknown.push(task.id)
    else known.push({ ...task, writes: task.writes })
  }
  const scores = known.map((task) => scoreOf(task, options))
  const sum = (of: (score: Counted) => number) => scores.reduce((total, score) => total + of(score), 0)
  return {
    tasks: scores.map(({ score }) => score),
    unknown,
    precision: share(
      sum((score) => score.used),
      sum((score) => score.declared),
    ),
    recall: share(
      sum((score) => score.inside),
      sum((score) => score.changed),
    ),
    ...pairsOf(known, options),
  }
}

interface Known extends DoneTask {
  readonly writes: readonly Glob[]
}

interface Counted {
  readonly score: TaskScore
  readonly used: number
  readonly declared: number
  readonly inside: number
  readonly changed: number
}

function scoreOf({ id, writes, changed }: Known, options: ScopeOptions): Counted {
  const files = [...new Set(changed)]
  const isDeclared = matcherOf(writes, options)
  const outside = files.filter((file) => !isDeclared(file))
  const declared = writes.filter((glob) => scopeOf([glob], options).positive.length > 0)
  const unused = declared.filter((glob) => !files.some(matcherOf([glob], options)))
  const counts = {
    used: declared.length - unused.length,
    declared: declared.length,
    inside: files.length - outside.length,
    changed: files.length,
  }
  return {
    score: {
      id,
      precision: share(counts.used, counts.declared),
      recall: share(counts.inside, counts.changed),
      outside,
      unused,
    },
    ...counts,
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function pairsOf(tasks: readonly Known[], options: ScoreOptions): Pick<ScopeScores, 'needed' | 'needless' | 'missed'> {
  const isHot = matcherOf(hotGlobs(options), options)
  const changed = tasks.map((task) => new Set(task.changed.filter((file) => !isHot(file))))
  const collide = (a: number, b: number): boolean => {
    const [one, other] = [changed[a] ?? new Set(), changed[b] ?? new Set()]
    const [few, many] = one.size <= other.size ? [one, other] : [other, one]
    for (const file of few) if (many.has(file)) return true
    return false
  }
  const pair = (a: number, b: number): readonly [TaskId, TaskId] => [tasks[a]?.id ?? '', tasks[b]?.id ?? '']
  const exclusive = exclusiveScopes(options)
  const { at, items } = intersections(tasks.map(({ writes }) => exclusive(writes)))
  const needless: (readonly [TaskId, TaskId])[] = []
  const missed: (readonly [TaskId, TaskId])[] = []
  let needed = 0
  for (let a = 0; a < tasks.length; a++) {
    const meeting = new Set(items.subarray(at[a], at[a + 1]))
    for (let b = a + 1; b < tasks.length; b++) {
      const together = collide(a, b)
      if (together && meeting.has(b)) needed++
      else if (together) missed.push(pair(a, b))
      else if (meeting.has(b)) needless.push(pair(a, b))
    }
  }
  return { needed, needless, missed }
}
