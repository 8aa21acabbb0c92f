import type { Task, TaskId } from '../model/task.ts'
import { graphOf, isClosed } from './graph.ts'
import type { PlanPolicy, Ready, Standing, Wait } from './plan.ts'
import { Occupied, ranks, rulesOf } from './rules.ts'

export interface ReadyOptions extends PlanPolicy {
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
  const rules = rulesOf(options)
  const rank = ranks(graph, rules)
  const occupied = new Occupied(rules)
  let seats = rules.maxAgents
  let seated: TaskId | null = null
  for (const [index, task] of tasks.entries()) {
    const stands = graph.standing[index]
    if (stands === 'running') {
      occupied.add(index, task, true)
      if (rules.seat(task)) {
        seats--
        seated ??= task.id
      }
    } else if (stands === 'holding') occupied.add(index, task, false)
  }

  const waits = new Map<TaskId, readonly Wait[]>()
  const start: Task[] = []
  const candidates: number[] = []
  for (const [index, task] of tasks.entries()) {
    const stands = graph.standing[index]
    if (isClosed(stands) || stands === 'running' || stands === 'holding') continue
    const found = (graph.edges[index] ?? []).map((edge) => edge.wait)
    if (task.hold && !options.released?.has(task.id)) found.push({ for: 'hold' })
    if (task.kind === 'manual') found.push({ for: 'person' })
    if (found.length > 0 || stands === 'blocked') waits.set(task.id, lostFirst(found))
    else candidates.push(index)
  }
  candidates.sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0))
  for (const index of candidates) {
    const task = tasks[index]
    if (task === undefined) continue
    const against = occupied.against(task)
    const other = against === null ? undefined : tasks[against.index]
    if (against !== null && other !== undefined) {
      waits.set(task.id, [{ for: 'overlap', task: other.id, path: against.path }])
    } else if (rules.seat(task) && seats <= 0) {
      waits.set(task.id, [{ for: 'agents', limit: rules.maxAgents, task: seated }])
    } else if (options.mayStart?.(task) ?? true) {
      start.push(task)
      occupied.add(index, task, true)
      if (rules.seat(task)) {
        seats--
        seated ??= task.id
      }
    }
  }
  return { start, waits, rank: new Map(tasks.map((task, index) => [task.id, rank[index] ?? 0])) }
}

/** What only a person can help with is said first. */
function lostFirst(waits: readonly Wait[]): readonly Wait[] {
  return [...waits].sort((a, b) => Number(b.for === 'lost') - Number(a.for === 'lost'))
}
