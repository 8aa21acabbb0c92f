import { policyOf } from '../model/policy.ts'
import type { Task, TaskId } from '../model/task.ts'
import { graphOf, isClosed, waitsOf } from './graph.ts'
import { Occupied } from './occupied.ts'
import type { PlanPolicy, Ready, Standing, Wait } from './plan.ts'
import { prepared } from './prepared.ts'
import { areStacked, chainOf, noStacks, type Stacks, topOf } from './stacks.ts'

export interface ReadyOptions extends PlanPolicy {
  /** Agents of `maxAgents` that are alive without a task that is known here. Default 0. */
  readonly strays?: number
  /** Tasks on hold that a person has let go. */
  readonly released?: ReadonlySet<TaskId>
  /** Tasks that this run may start; the others count for limits and scopes all the same. Default all. */
  readonly mayStart?: (task: Task) => boolean
  /** Branches that others may start on. Default none. */
  readonly stacks?: Stacks
  /** Whether a task may start on the branch of the other one only because that has its files. Default always. */
  readonly mayStack?: (task: Task, on: TaskId) => boolean
  /** Open tasks that have work on a branch: they go first, and keep their files from those that have none. Default none. */
  readonly begun?: ReadonlySet<TaskId>
}

const nothing: readonly TaskId[] = []

/**
 * What may start now, in order, and why each other open task may not. Starting all of `start` together breaks no limit. Tasks that
 * `standing` does not name stand where their source says.
 */
export function ready(
  tasks: readonly Task[],
  standing: ReadonlyMap<TaskId, Standing>,
  options: ReadyOptions = {},
): Ready {
  const { stacks = noStacks } = options
  const policy = policyOf(options)
  const mayStack = policy.onOverlap === 'stack'
  const graph = graphOf(tasks, standing, undefined, options.begun)
  const known = prepared(tasks, policy)
  const { rank } = known
  const occupied = new Occupied(known, Math.max(0, known.rules.maxAgents - (options.strays ?? 0)))
  for (let index = 0; index < tasks.length; index++) {
    const stands = graph.standing[index]
    const task = tasks[index]
    if (task !== undefined && (stands === 'running' || stands === 'holding'))
      occupied.add(index, task, stands === 'running')
  }

  const waits = new Map<TaskId, readonly Wait[]>()
  const start: Task[] = []
  const on = new Map<TaskId, TaskId>()
  const candidates: number[] = []
  for (let index = 0; index < tasks.length; index++) {
    const stands = graph.standing[index]
    const task = tasks[index]
    if (task === undefined || isClosed(stands) || stands === 'running' || stands === 'holding') continue
    const { base, left: found } = baseFor(task, waitsOf(graph, index), stacks)
    if (base !== undefined) on.set(task.id, base)
    if (task.hold && !options.released?.has(task.id)) found.push({ for: 'hold' })
    if (task.kind === 'manual') found.push({ for: 'person' })
    if (found.length > 0 || stands === 'blocked') waits.set(task.id, lostFirst(found))
    else candidates.push(index)
  }
  const hasBegun = (index: number): boolean => options.begun?.has(tasks[index]?.id ?? '') ?? false
  const [begun, fresh] = [candidates.filter(hasBegun), candidates.filter((index) => !hasBegun(index))]
  const byRank = (a: number, b: number): number => (rank[a] ?? 0) - (rank[b] ?? 0)
  const tryToStart = (index: number): void => {
    const task = tasks[index]
    if (task === undefined) return
    const base = on.get(task.id)
    let below = base === undefined ? nothing : chainOf(stacks, base)
    const shares = (other: TaskId) => below.includes(other) || areStacked(stacks, task.id, other)
    let wait = occupied.against(index, task, shares)
    // What it builds on already is part of what it is stacked on now, so this ends.
    while (mayStack && mayBuildOn(task, wait, stacks) && !stacks.chains.has(task.id)) {
      if (options.mayStack?.(task, wait.task) === false) break
      const chain = chainOf(stacks, wait.task)
      if (!below.every((id) => chain.includes(id))) break
      below = chain
      on.set(task.id, wait.task)
      wait = occupied.against(index, task, shares)
    }
    if (wait !== null) waits.set(task.id, [wait])
    else if (options.mayStart?.(task) ?? true) {
      start.push(task)
      occupied.add(index, task, true)
    }
  }
  for (const index of begun.sort(byRank)) tryToStart(index)
  // Only now: those of them whose files meet would wait for each other for ever.
  for (const [index, task] of tasks.entries())
    if (hasBegun(index) && waits.has(task.id)) occupied.add(index, task, false)
  for (const index of fresh.sort(byRank)) tryToStart(index)
  const started = new Set(start.map(({ id }) => id))
  return {
    start,
    on: new Map([...on].filter(([id]) => started.has(id))),
    waits,
    rank: known.places,
  }
}

/** What a task still waits for when it may start on another's branch, and on whose. */
function baseFor(
  task: Task,
  waits: readonly Wait[],
  stacks: Stacks,
): { readonly base?: TaskId; readonly left: Wait[] } {
  if (waits.length === 0 || task.kind === 'sync' || task.kind === 'manual') return { left: [...waits] }
  const own = chainOf(stacks, task.id)
  const needed = waits.flatMap((wait) => (wait.for === 'stack' || wait.for === 'group' ? [wait.task] : []))
  // It has begun on their branch, or they have on what it was before it was begun anew.
  const missing = needed.filter((id) => !own.includes(id) && !chainOf(stacks, id).includes(task.id))
  // One that has begun goes on where it is.
  const base = stacks.chains.has(task.id) ? undefined : topOf(stacks, missing)
  const left = waits.filter((wait) => {
    if (wait.for === 'stack' || wait.for === 'group') return base === undefined && missing.includes(wait.task)
    // What it started on is on its branch; whether it lands without that is asked when it is done.
    const isOnBranch = wait.for === 'lost' && wait.task === task.stackedOn && stacks.chains.has(task.id)
    return !isOnBranch || task.dependsOn.includes(wait.task)
  })
  return base === undefined ? { left } : { base, left }
}

function mayBuildOn(
  task: Task,
  wait: Wait | null,
  { finished }: Stacks,
): wait is Extract<Wait, { readonly for: 'overlap' }> {
  return task.kind === 'change' && wait?.for === 'overlap' && finished.has(wait.task)
}

/** What only a person can help with is said first. */
function lostFirst(waits: readonly Wait[]): readonly Wait[] {
  if (!waits.some((wait) => wait.for === 'lost')) return waits
  return [...waits].sort((a, b) => Number(b.for === 'lost') - Number(a.for === 'lost'))
}
