import type { Task, TaskId } from '../model/task.ts'
import { graphOf, isClosed, waitsOf } from './graph.ts'
import { Occupied } from './occupied.ts'
import type { PlanPolicy, Ready, Standing, Wait } from './plan.ts'
import { prepared, ranks } from './prepared.ts'

export interface ReadyOptions extends PlanPolicy {
  /** Agents of `maxAgents` that are alive without a task that is known here. Default 0. */
  readonly strays?: number
  /** Tasks on hold that a person has let go. */
  readonly released?: ReadonlySet<TaskId>
  /** Tasks that this run may start; the others count for limits and scopes all the same. Default all. */
  readonly mayStart?: (task: Task) => boolean
}

/**
 * What may start now, in order, and why each other open task may not. Starting all of `start` together breaks no limit. Tasks that
 * `standing` does not name stand where their source says.
 */
export function ready(
  tasks: readonly Task[],
  standing: ReadonlyMap<TaskId, Standing>,
  options: ReadyOptions = {},
): Ready {
  const graph = graphOf(tasks, standing)
  const known = prepared(tasks, options)
  const rank = ranks(tasks, known)
  const occupied = new Occupied(known, Math.max(0, known.rules.maxAgents - (options.strays ?? 0)))
  for (const [index, task] of tasks.entries()) {
    const stands = graph.standing[index]
    if (stands === 'running' || stands === 'holding') occupied.add(index, task, stands === 'running')
  }

  const waits = new Map<TaskId, readonly Wait[]>()
  const start: Task[] = []
  const candidates: number[] = []
  for (const [index, task] of tasks.entries()) {
    const stands = graph.standing[index]
    if (isClosed(stands) || stands === 'running' || stands === 'holding') continue
    const found = waitsOf(graph, index)
    if (task.hold && !options.released?.has(task.id)) found.push({ for: 'hold' })
    if (task.kind === 'manual') found.push({ for: 'person' })
    if (found.length > 0 || stands === 'blocked') waits.set(task.id, lostFirst(found))
    else candidates.push(index)
  }
  candidates.sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0))
  for (const index of candidates) {
    const task = tasks[index]
    if (task === undefined) continue
    const wait = occupied.against(index, task)
    if (wait !== null) waits.set(task.id, [wait])
    else if (options.mayStart?.(task) ?? true) {
      start.push(task)
      occupied.add(index, task, true)
    }
  }
  return { start, waits, rank: new Map(tasks.map((task, index) => [task.id, rank[index] ?? 0])) }
}

/** What only a person can help with is said first. */
function lostFirst(waits: readonly Wait[]): readonly Wait[] {
  return [...waits].sort((a, b) => Number(b.for === 'lost') - Number(a.for === 'lost'))
}
