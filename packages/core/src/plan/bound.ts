import type { Task } from '../model/task.ts'
import { fold } from './charset.ts'
import type { Plan } from './plan.ts'
import type { Rules } from './rules.ts'
import { covers } from './scope.ts'

/** Comparisons of a path with a pattern that the bound may cost; beyond, only equal patterns are counted together. */
const mostComparisons = 200_000

/**
 * Minutes that no plan can do without: the longest chain, the work by the number of agents, and the work on the file that the most work
 * needs for itself.
 * @param longestChain minutes
 */
export function lowerBound(
  tasks: readonly Task[],
  rules: Rules,
  longestChain: number,
  caseSensitive: boolean,
): Plan['lowerBound'] {
  const work = tasks.reduce((sum, task) => sum + (rules.seat(task) ? rules.minutes(task) : 0), 0)
  const byAgents = rules.maxAgents > 0 ? work / rules.maxAgents : 0
  const byFile = heaviestFile(tasks, rules, caseSensitive)
  if (longestChain >= byAgents && longestChain >= byFile) return { minutes: longestChain, by: 'critical-path' }
  return byAgents >= byFile ? { minutes: byAgents, by: 'agents' } : { minutes: byFile, by: 'exclusive-file' }
}

/** All tasks that match one path exclude each other. */
function heaviestFile(tasks: readonly Task[], rules: Rules, caseSensitive: boolean): number {
  const byGlob = new Map<string, number>()
  const wild: { readonly task: Task; readonly globs: readonly string[] }[] = []
  for (const task of tasks) {
    const scope = rules.scope(task)
    // A scope with exclusions may leave out the very path that is counted.
    if (scope === null || scope.negative.length > 0) continue
    const globs = new Set(scope.positive.map(({ pattern }) => (caseSensitive ? pattern.text : fold(pattern.text))))
    for (const glob of globs) byGlob.set(glob, (byGlob.get(glob) ?? 0) + rules.minutes(task))
    const wilds = scope.positive.filter((entry) => !entry.pattern.literal).map((entry) => entry.pattern.text)
    if (wilds.length > 0) wild.push({ task, globs: wilds })
  }
  const files = [...byGlob].filter(([glob]) => !/[*?[{\\]/.test(glob))
  let most = Math.max(0, ...[...byGlob.values()].slice(0, 10_000))
  if (files.length * wild.length > mostComparisons) return most
  for (const [file, minutes] of files) {
    const others = wild.filter(({ globs }) => covers(globs, file, { caseSensitive }))
    // A task may name the file and a pattern that matches it; then it is in `minutes` already.
    const named = (task: Task) => task.writes?.some((glob) => (caseSensitive ? glob : fold(glob)) === file) ?? false
    const extra = others.filter(({ task }) => !named(task)).reduce((sum, { task }) => sum + rules.minutes(task), 0)
    most = Math.max(most, minutes + extra)
  }
  return most
}
