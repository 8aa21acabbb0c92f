import type { Task } from '../model/task.ts'
import { fold } from './charset.ts'
import type { Graph } from './graph.ts'
import { listAt } from './lists.ts'
import type { Plan } from './plan.ts'
import type { Project } from './project.ts'
import type { Numbered } from './project-of.ts'
import type { Rules } from './rules.ts'
import { covers } from './scope.ts'
import { heads } from './tails.ts'

/** Comparisons of a path with a pattern that the bound may cost; beyond, only equal patterns are counted together. */
const mostComparisons = 200_000

/**
 * Minutes that no plan can do without: the longest chain, the work on a resource by its units, and the work on the file that the most work
 * needs for itself.
 */
export function lowerBound(graph: Graph, numbered: Numbered, rules: Rules, caseSensitive: boolean): Plan['lowerBound'] {
  const { project, indexes } = numbered
  const bounds: Plan['lowerBound'][] = [
    { minutes: longestChain(project), by: 'critical-path' },
    ...byResource(numbered),
    heaviestFile(graph, project, indexes, rules, caseSensitive),
  ]
  return bounds.reduce((best, bound) => (bound.minutes > best.minutes ? bound : best))
}

function longestChain(project: Project): number {
  let longest = 0
  for (const minutes of heads(project)) if (minutes > longest) longest = minutes
  return longest
}

function byResource({ project, resources }: Numbered): Plan['lowerBound'][] {
  const { demands, units, minutes, capacities, begun } = project
  const work = new Float64Array(capacities.length)
  const taken = new Float64Array(capacities.length)
  for (const place of begun) {
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      taken[resource] = (taken[resource] ?? 0) + (units[at] ?? 0)
    }
  }
  const isBegun = new Set(begun)
  for (let place = 0; place < project.size; place++) {
    for (let at = demands.at[place] ?? 0; at < (demands.at[place + 1] ?? 0); at++) {
      const resource = demands.items[at] ?? 0
      // What runs already may have more than there is.
      if (isBegun.has(place) && (taken[resource] ?? 0) > (capacities[resource] ?? 0)) continue
      work[resource] = (work[resource] ?? 0) + (units[at] ?? 0) * (minutes[place] ?? 0)
    }
  }
  return resources.all.map((resource, index): Plan['lowerBound'] => {
    const minutes = (work[index] ?? 0) / Math.max(capacities[index] ?? 1, Number.MIN_VALUE)
    if (resource.is === 'agents') return { minutes: Number.isFinite(minutes) ? minutes : 0, by: 'agents' }
    if (resource.is === 'reviews') return { minutes, by: 'limit', name: 'open reviews' }
    return { minutes, by: resource.is === 'shared-file' ? 'exclusive-file' : 'limit', name: resource.name }
  })
}

/** All tasks that match one path exclude each other. */
function heaviestFile(
  graph: Graph,
  project: Project,
  indexes: Int32Array,
  rules: Rules,
  caseSensitive: boolean,
): Plan['lowerBound'] {
  const tasks: Task[] = []
  const minutesOf = new Map<Task, number>()
  const begun = new Set(areApart(project) ? [] : project.begun)
  for (const [place, index] of indexes.entries()) {
    const task = begun.has(place) ? undefined : graph.tasks[index]
    if (task?.writes === undefined || task.writes.length === 0) continue
    tasks.push(task)
    minutesOf.set(task, project.minutes[place] ?? 0)
  }
  const minutes = (task: Task) => minutesOf.get(task) ?? 0
  const byGlob = new Map<string, number>()
  const wild: { readonly task: Task; readonly globs: readonly string[]; readonly all: ReadonlySet<string> }[] = []
  for (const task of tasks) {
    const scope = rules.scope(task)
    // A scope with exclusions may leave out the very path that is counted.
    if (scope === null || scope.negative.length > 0) continue
    const globs = new Set(scope.positive.map(({ pattern }) => (caseSensitive ? pattern.text : fold(pattern.text))))
    for (const glob of globs) byGlob.set(glob, (byGlob.get(glob) ?? 0) + minutes(task))
    const wilds = scope.positive.filter((entry) => !entry.pattern.literal).map((entry) => entry.pattern.text)
    if (wilds.length > 0) wild.push({ task, globs: wilds, all: globs })
  }
  const files = [...byGlob].filter(([glob]) => !/[*?[{\\]/.test(glob))
  let most: Plan['lowerBound'] = { minutes: 0, by: 'exclusive-file' }
  const count = (name: string, work: number): void => {
    if (work > most.minutes) most = { minutes: work, by: 'exclusive-file', name }
  }
  for (const [glob, work] of byGlob) count(glob, work)
  if (files.length * wild.length > mostComparisons) return most
  for (const [file, work] of files) {
    const others = wild.filter(({ globs }) => covers(globs, file, { caseSensitive }))
    // A task may name the file and a pattern that matches it; then it is in `minutes` already.
    const extra = others.filter(({ all }) => !all.has(file)).reduce((sum, { task }) => sum + minutes(task), 0)
    count(file, work + extra)
  }
  return most
}

/** Whether no two of those that run already exclude each other. */
function areApart({ begun, classes, excludes }: Project): boolean {
  const excluded = new Set<number>()
  for (const place of begun) {
    const own = classes[place] ?? -1
    if (own < 0) continue
    if (excluded.has(own)) return false
    for (const other of listAt(excludes, own)) excluded.add(other)
  }
  return true
}
