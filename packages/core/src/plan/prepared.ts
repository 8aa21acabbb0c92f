import { policyOf } from '../model/policy.ts'
import type { Task } from '../model/task.ts'
import { Exclusions } from './exclusions.ts'
import { graphOf } from './graph.ts'
import type { PlanPolicy } from './plan.ts'
import type { Lists } from './project.ts'
import { projectOf } from './project-of.ts'
import { Resources } from './resources.ts'
import { byText, type Rules, rulesOf } from './rules.ts'
import { solve } from './solve/solve.ts'
import { tails } from './tails.ts'

/** What stays the same from one look at the tasks to the next, as long as the tasks do. */
export interface Prepared {
  readonly rules: Rules
  readonly resources: Resources
  /** By index of the tasks, for one that works and for one that only keeps its files; -1: it excludes nobody. */
  readonly working: Int32Array
  readonly holding: Int32Array
  readonly excludes: Lists
  readonly exclusions: Exclusions
  /** When each would start by the plan that was made first; infinite for those that were not part of it. */
  readonly start: Float64Array
  /** Minutes of the longest chain that begins with each. */
  readonly tail: Float64Array
}

interface Remembered extends Prepared {
  readonly tasks: readonly Task[]
  readonly policy: string
}

let last: Remembered | undefined

/**
 * Plans when the tasks have changed. Where they stand has no part in it: a run moves on along the plan, and the order of those that are
 * left is the same. What is remembered saves work and no more.
 */
export function prepared(tasks: readonly Task[], policy: PlanPolicy): Prepared {
  const key = JSON.stringify(relevant(policy))
  if (last?.policy === key && areSame(last.tasks, tasks)) return last
  // The caller may add to its list.
  last = { ...prepare(tasks, policy), tasks: [...tasks], policy: key }
  return last
}

/** Who goes first: by priority, then by the plan, then by the longest chain behind it, then by id. The place of each task. */
export function ranks(tasks: readonly Task[], { start, tail }: Prepared): Uint32Array {
  const order = [...tasks.keys()].sort((a, b) => {
    const [one, other] = [tasks[a], tasks[b]]
    const byPlan = start[a] === start[b] ? (tail[b] ?? 0) - (tail[a] ?? 0) : (start[a] ?? 0) - (start[b] ?? 0)
    return (one?.priority ?? 0) - (other?.priority ?? 0) || byPlan || byText(one?.id ?? '', other?.id ?? '') || a - b
  })
  const out = new Uint32Array(tasks.length)
  for (const [rank, index] of order.entries()) out[index] = rank
  return out
}

function prepare(tasks: readonly Task[], policy: PlanPolicy): Prepared {
  const rules = rulesOf(policy)
  const exclusions = new Exclusions(rules)
  const kinds = [true, false].map((works) => Int32Array.from(tasks, (task) => exclusions.kindOf(task, works)))
  const { of, excludes } = exclusions.classes()
  const [working, holding] = kinds.map((list) => list.map((kind) => of[kind] ?? -1))
  // A limit of no agents is a moment's; an order there is all the same.
  const limited = rules.maxAgents < 1 ? { ...rules, maxAgents: 1 } : rules
  const { project, indexes } = projectOf(graphOf(tasks, new Map()), limited)
  const start = new Float64Array(tasks.length).fill(Number.POSITIVE_INFINITY)
  const tail = new Float64Array(tasks.length)
  // Nobody has checked the tasks of a queue: what waits in a circle must not keep the others from an order.
  const planned = project.order.length === project.size ? solve(project).start : new Float64Array(project.size)
  const chains = tails(project)
  for (const [place, index] of indexes.entries()) {
    start[index] = planned[place] ?? 0
    tail[index] = chains[place] ?? 0
  }
  const resources = new Resources(rules)
  return {
    rules,
    resources,
    working: working ?? new Int32Array(),
    holding: holding ?? new Int32Array(),
    excludes,
    exclusions,
    start,
    tail,
  }
}

function relevant(policy: PlanPolicy): unknown {
  const {
    maxAgents,
    unknownScope,
    caseSensitive,
    limits,
    resources,
    maxOpenReviews,
    sharedFiles,
    readsBlock,
    minutes,
  } = policyOf(policy)
  return [maxAgents, unknownScope, caseSensitive, limits, resources, maxOpenReviews, sharedFiles, readsBlock, minutes]
}

function areSame(before: readonly Task[], now: readonly Task[]): boolean {
  return before.length === now.length && before.every((task, at) => isSame(task, now[at]))
}

function isSame(task: Task, other: Task | undefined): boolean {
  if (other === undefined || task === other) return task === other
  return (
    task.id === other.id &&
    task.kind === other.kind &&
    task.state === other.state &&
    task.priority === other.priority &&
    task.minutes === other.minutes &&
    task.stackedOn === other.stackedOn &&
    task.group === other.group &&
    task.layer === other.layer &&
    task.role === other.role &&
    task.feature === other.feature &&
    task.establishes === other.establishes &&
    areEqual(task.dependsOn, other.dependsOn) &&
    areEqual(task.follows, other.follows) &&
    areEqual(task.writes, other.writes) &&
    areEqual(task.reads, other.reads) &&
    (task.resources === other.resources || JSON.stringify(task.resources) === JSON.stringify(other.resources))
  )
}

function areEqual(list: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  if (list === undefined || other === undefined || list === other) return list === other
  return list.length === other.length && list.every((one, at) => one === other[at])
}
