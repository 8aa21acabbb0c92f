import type { Policy } from '../model/policy.ts'
import type { Task, TaskId } from '../model/task.ts'
import { Exclusions } from './exclusions.ts'
import { graphOf } from './graph.ts'
import { Meetings } from './meetings.ts'
import type { Lists } from './project.ts'
import { projectOf } from './project-of.ts'
import type { Demand, Resources } from './resources.ts'
import { byText, type Rules, rulesOf } from './rules.ts'
import { solve } from './solve/solve.ts'
import { tails } from './tails.ts'

/** What stays the same from one look at the tasks to the next, as long as the tasks do. */
export interface Prepared {
  readonly rules: Rules
  readonly resources: Resources
  /** By index of the tasks, of one that works. */
  readonly demands: readonly (readonly Demand[])[]
  /** By index of the tasks, for one that works and for one that only keeps its files; -1: it excludes nobody. */
  readonly working: Int32Array
  readonly holding: Int32Array
  readonly excludes: Lists
  readonly exclusions: Exclusions
  /** The place of each among all, by index and by id. */
  readonly rank: Uint32Array
  readonly places: ReadonlyMap<TaskId, number>
}

/** What stays the same as long as the policy does. */
interface Lasting {
  readonly policy: string
  readonly rules: Rules
  readonly meetings: Meetings
}

interface Remembered extends Lasting, Prepared {
  readonly tasks: readonly Task[]
}

let last: Remembered | undefined

/**
 * Plans when the tasks have changed. Where they stand has no part in it: a run moves on along the plan, and the order of those that are
 * left is the same. What is remembered saves work and no more.
 */
export function prepared(tasks: readonly Task[], policy: Policy): Prepared {
  const key = JSON.stringify(relevant(policy))
  if (last?.policy === key && areSame(last.tasks, tasks)) return last
  const { rules, meetings } = last?.policy === key ? last : { rules: rulesOf(policy), meetings: new Meetings() }
  // The caller may add to its list.
  last = { ...prepare(tasks, rules, meetings), tasks: [...tasks], policy: key, meetings }
  return last
}

function prepare(tasks: readonly Task[], rules: Rules, meetings: Meetings): Prepared {
  const exclusions = new Exclusions(rules, (scopes) => meetings.classes(scopes))
  const kinds = kindsOf(tasks, exclusions, true)
  // Whether one has a seat only counts where tasks are kept alone.
  const kept = rules.alone ? kindsOf(tasks, exclusions, false) : kinds
  const { of, excludes } = exclusions.classes()
  const working = kinds.map((kind) => of[kind] ?? -1)
  const holding = rules.alone ? kept.map((kind) => of[kind] ?? -1) : working
  // A limit of no agents is a moment's; an order there is all the same.
  const limited = rules.maxAgents < 1 ? { ...rules, maxAgents: 1 } : rules
  const { project, indexes, resources, ...numbered } = projectOf(graphOf(tasks, new Map()), limited, exclusions)
  // Those that are no part of the plan come last.
  const start = new Float64Array(tasks.length).fill(Number.POSITIVE_INFINITY)
  const tail = new Float64Array(tasks.length)
  // Nobody has checked the tasks of a queue: what waits in a circle must not keep the others from an order.
  const planned = project.order.length === project.size ? solve(project).start : new Float64Array(project.size)
  const chains = tails(project)
  const taken: (readonly Demand[] | undefined)[] = tasks.map(() => undefined)
  for (let place = 0; place < indexes.length; place++) {
    const index = indexes[place] ?? 0
    start[index] = planned[place] ?? 0
    tail[index] = chains[place] ?? 0
    taken[index] = numbered.demands[place]
  }
  const rank = ranksOf(tasks, start, tail)
  const places = new Map<TaskId, number>()
  for (let index = 0; index < tasks.length; index++) places.set(tasks[index]?.id ?? '', rank[index] ?? 0)
  return {
    rules,
    resources,
    demands: tasks.map((task, index) => taken[index] ?? resources.demands(task)),
    working,
    holding,
    excludes,
    exclusions,
    rank,
    places,
  }
}

/** Who goes first: by priority, then by the plan, then by the longest chain behind it, then by id. The place of each task. */
function ranksOf(tasks: readonly Task[], start: Float64Array, tail: Float64Array): Uint32Array {
  const order = [...tasks.keys()].sort((a, b) => {
    const one = tasks[a]
    const other = tasks[b]
    const byPlan = start[a] === start[b] ? (tail[b] ?? 0) - (tail[a] ?? 0) : (start[a] ?? 0) - (start[b] ?? 0)
    return (one?.priority ?? 0) - (other?.priority ?? 0) || byPlan || byText(one?.id ?? '', other?.id ?? '') || a - b
  })
  const out = new Uint32Array(tasks.length)
  for (let rank = 0; rank < order.length; rank++) out[order[rank] ?? 0] = rank
  return out
}

function kindsOf(tasks: readonly Task[], exclusions: Exclusions, works: boolean): Int32Array {
  return Int32Array.from(tasks.map((task) => exclusions.kindOf(task, works)))
}

function relevant(policy: Policy): unknown {
  const {
    maxAgents,
    unknownScope,
    caseSensitive,
    limits,
    resources,
    maxOpenReviews,
    sharedFiles,
    hotFiles,
    readsBlock,
    minutes,
  } = policy
  return [
    maxAgents,
    unknownScope,
    caseSensitive,
    limits,
    resources,
    maxOpenReviews,
    sharedFiles,
    hotFiles,
    readsBlock,
    minutes,
  ]
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
