import type { Task, TaskId } from '../model/task.ts'
import type { ChangeRule, CoChange, SuggestedScope } from './co-change.ts'
import { literalGlob } from './literal-glob.ts'
import { NamedFiles } from './named-files.ts'
import { overlapOf } from './overlap.ts'
import { mostMarks, Reach } from './reach.ts'
import { referencesOf } from './references.ts'
import { type ScopeOptions, scopeOf } from './scope.ts'

/** What the past of a repository says about tasks. It changes no plan and keeps nothing from starting. */
export interface HistoryHints {
  /** Commits that were counted, and those that were left out because they change too many files. */
  readonly commits: number
  readonly left: number
  /** For each open task that changes files and declares no scope. */
  readonly suggestions: readonly ScopeSuggestion[]
  /** Tasks that nothing keeps apart, although the files of one mostly change with those of the other; the surest first, 100 at most. */
  readonly overlaps: readonly LikelyOverlap[]
}

export interface ScopeSuggestion extends SuggestedScope {
  readonly task: TaskId
  /** Files and folders that its title or body names: what the suggestion begins with. Without any there is none. */
  readonly named: readonly string[]
}

export interface LikelyOverlap {
  readonly tasks: readonly [TaskId, TaskId]
  /** The surest of the reasons. */
  readonly rules: readonly ChangeRule[]
}

const mostOverlaps = 100

/** @param files of the repository as it is now, from its root */
export function historyHints(
  tasks: readonly Task[],
  changes: CoChange,
  files: readonly string[],
  options: ScopeOptions = {},
): HistoryHints {
  const open = tasks.filter((task) => task.state === 'open')
  const silent = open.filter((task) => task.writes === undefined && task.kind === 'change')
  return {
    commits: changes.commits,
    left: changes.left,
    suggestions: silent.length === 0 ? [] : suggestionsFor(silent, changes, files, options),
    overlaps: likelyOverlaps(open, changes, options),
  }
}

function suggestionsFor(
  tasks: readonly Task[],
  changes: CoChange,
  files: readonly string[],
  options: ScopeOptions,
): readonly ScopeSuggestion[] {
  const names = new NamedFiles(files)
  const there = new Set(files)
  const exists = (file: string) => there.has(file)
  return tasks.map((task) => {
    const named = names.in(`${task.title}\n${task.body}`)
    return { task: task.id, named, ...changes.suggest(named.map(literalGlob), { ...options, exists }) }
  })
}

function likelyOverlaps(open: readonly Task[], changes: CoChange, options: ScopeOptions): readonly LikelyOverlap[] {
  const known = open.flatMap(({ writes }, index) => (writes === undefined ? [] : [{ index, writes }]))
  const pairs = changes.likelyPairs(
    known.map(({ writes }) => writes),
    options,
  )
  if (pairs.length === 0) return []
  const isOrdered = orderOf(open)
  const out: LikelyOverlap[] = []
  for (const { a, b, rules } of pairs) {
    const [one, other] = [known[a], known[b]]
    if (one === undefined || other === undefined || isOrdered(one.index, other.index)) continue
    if (overlapOf(scopeOf(one.writes, options), scopeOf(other.writes, options)).is === 'overlap') continue
    out.push({ tasks: [open[one.index]?.id ?? '', open[other.index]?.id ?? ''], rules })
    if (out.length === mostOverlaps) break
  }
  return out
}

/** Whether one of two tasks waits for the other, or both are of one group. */
function orderOf(tasks: readonly Task[]): (a: number, b: number) => boolean {
  const reach = new Reach(referencesOf(tasks))
  const parts = new Map<number, Int32Array>()
  const waits = (task: number, on: number): boolean => {
    const part = Math.floor(on / mostMarks)
    let marked = parts.get(part)
    if (marked === undefined) {
      marked = reach.before(
        Array.from({ length: mostMarks }, (_, bit) => part * mostMarks + bit).filter((index) => index < tasks.length),
      )
      parts.set(part, marked)
    }
    return ((marked[task] ?? 0) & (1 << (on % mostMarks))) !== 0
  }
  return (a, b) => {
    const [one, other] = [tasks[a]?.group, tasks[b]?.group]
    return (one !== undefined && one === other) || waits(a, b) || waits(b, a)
  }
}
