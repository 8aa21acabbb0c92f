import { OrchError } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import { type NewTask, type Task, type TaskId, taskOf } from '../model/task.ts'
import { batchesOf, idOf } from './batches.ts'
import { lowerBound } from './bound.ts'
import { examined } from './check.ts'
import { type Graph, graphOf, isClosed, waitsOf } from './graph.ts'
import { inBatches } from './in-batches.ts'
import { lintsOf } from './lints.ts'
import { listAt } from './lists.ts'
import { mergeOrder } from './merge-order.ts'
import { type Slot, slotsOf } from './placing.ts'
import type { Plan, PlannedTask, PlanPolicy, PlanWarning, Standing } from './plan.ts'
import { checkedPlanPolicy } from './policy-check.ts'
import type { Lists } from './project.ts'
import { type Numbered, projectOf } from './project-of.ts'
import { recommend } from './recommendation.ts'
import type { References } from './references.ts'
import { type Rules, rulesOf } from './rules.ts'
import { solve } from './solve/solve.ts'
import { warningsOf } from './warnings.ts'

export interface PlanOptions {
  /** Where tasks stand already; those in flight are placed at the start. Default: as their source says. */
  readonly standing?: ReadonlyMap<TaskId, Standing>
  /** Looks for a shorter plan. Default: the best of a few deterministic passes. */
  readonly effort?: {
    /** How many more timetables may be tried. */
    readonly iterations: number
    /** The same seed gives the same plan. Default 1. */
    readonly seed?: number
  }
  /** Ends the search with the best plan so far. */
  readonly signal?: AbortSignal
  /** Strict batches: none starts before all of the one before have ended. Default false. */
  readonly barriers?: boolean
}

/** How a plan of what is stored is made; where its tasks stand is known. */
export type PlanChoices = Omit<PlanOptions, 'standing'> & {
  /** Agents to plan with. Default: those of the policy. */
  readonly maxAgents?: number
}

/**
 * Places tasks in time under the rules that `ready` starts them by. Tasks that wait for a person are placed as if the person answered at
 * once, and say so in their waits. Pure and deterministic; ties go by priority, then id. Throws `invalid-tasks` with every problem that
 * `checkTasks` finds, and `invalid-configuration` with every problem of the policy.
 */
export function planTasks(
  given: readonly (Task | NewTask)[],
  policy: PlanPolicy = {},
  { standing = new Map(), effort, signal, barriers = false }: PlanOptions = {},
): Plan {
  const choices = checkedPlanPolicy(policy)
  const references = refuseProblems(given, choices)
  const rules = rulesOf(choices)
  const graph = graphOf(given.map(wholeTask), standing, references)
  const numbered = projectOf(graph, rules)
  const search = { ...effort, ...(signal !== undefined && { signal }) }
  const timetable = barriers ? inBatches(numbered.project) : solve(numbered.project, search)
  const slots = slotsOf(graph, numbered, timetable)
  const { makespan } = timetable

  const tasks: Task[] = []
  const planned: (PlannedTask & { batch: string })[] = []
  for (const { index, start, end, waits } of slots) {
    const task = graph.tasks[index]
    if (task === undefined) continue
    tasks.push(task)
    planned.push({ id: task.id, title: task.title, start, end, batch: '', waits })
  }
  const loose = new Set(tasks.filter((task) => rules.scope(task) === null).map((task) => task.id))
  const batches = batchesOf(planned, loose)
  // Batches are cut out of the tasks in their order.
  let at = 0
  for (const batch of batches) {
    for (let left = batch.tasks.length; left > 0; left--) {
      const task = planned[at++]
      if (task !== undefined) task.batch = batch.name
    }
  }
  const critical = criticalPath(planned)
  const never = neverStarting(graph, new Set(numbered.indexes)).flatMap((index) => neverPlanned(graph, index, makespan))
  return {
    tasks: [...planned, ...never.map(({ task }) => task)],
    batches,
    mergeOrder: mergeOrder(
      graph,
      slots.map((slot) => slot.index),
    ),
    criticalPath: critical,
    makespan,
    lowerBound: lowerBound(graph, numbered, rules, choices.caseSensitive),
    utilisation: utilisation(numbered, rules, makespan),
    warnings: [
      ...warningsOf(tasks, planned, rules, choices),
      ...lintsOf(
        tasks,
        { tasks: planned, criticalPath: critical, maxAgents: rules.maxAgents },
        choices,
        inOrder(numbered, slots),
      ),
      ...never.map(({ warning }) => warning),
    ],
    recommendation: recommend(tasks, batches, rules.maxAgents, choices),
    maxAgents: rules.maxAgents,
  }
}

/** Most callers have whole tasks already. */
function wholeTask(given: Task | NewTask): Task {
  const { title, body, kind, dependsOn, follows, resources, hold, priority } = given
  const isWhole = [title, body, kind, dependsOn, follows, resources, hold, priority].every(
    (field) => field !== undefined,
  )
  return isWhole && 'state' in given ? (given as Task) : taskOf(given)
}

function refuseProblems(given: readonly (Task | NewTask)[], { resources }: Policy): References {
  const { problems, references } = examined(given, { resources })
  if (problems.length === 0) return references
  const [first] = problems
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  throw new OrchError('invalid-tasks', `the tasks cannot be planned: ${first?.message ?? ''}${more}`, { problems })
}

/** What each task waits for, by its place among the slots. */
function inOrder({ project, indexes }: Numbered, slots: readonly Slot[]): Lists {
  const places = new Int32Array((indexes.at(-1) ?? -1) + 1)
  for (const [place, index] of indexes.entries()) places[index] = place
  const order = slots.map((slot) => places[slot.index] ?? 0)
  const at = new Int32Array(order.length + 1)
  const now = new Int32Array(order.length)
  for (const [rank, place] of order.entries()) now[place] = rank
  const items: number[] = []
  for (const [rank, place] of order.entries()) {
    for (const on of listAt(project.before, place)) items.push(now[on] ?? 0)
    at[rank + 1] = items.length
  }
  return { at, items: Int32Array.from(items) }
}

/** The part of the agents' time in which they work, from 0 to 1. */
function utilisation({ project }: Numbered, rules: Rules, makespan: number): number {
  if (makespan === 0 || rules.maxAgents < 1) return 0
  const { demands, minutes } = project
  // Agents are the first resource.
  const works = (place: number) => listAt(demands, place)[0] === 0
  const busy = minutes.reduce((sum, one, place) => sum + (works(place) ? one : 0), 0)
  // More may run already than may be started.
  return Math.min(1, busy / makespan / rules.maxAgents)
}

/** Open tasks that found no place: something before them was cancelled. */
function neverStarting(graph: Graph, placed: ReadonlySet<number>): readonly number[] {
  return [...graph.tasks.keys()].filter((index) => !isClosed(graph.standing[index]) && !placed.has(index))
}

/** They stand behind everything else, in no batch. */
function neverPlanned(graph: Graph, index: number, at: number): { task: PlannedTask; warning: PlanWarning }[] {
  const task = graph.tasks[index]
  if (task === undefined) return []
  const waits = waitsOf(graph, index).sort((a, b) => Number(b.for === 'lost') - Number(a.for === 'lost'))
  const [first] = waits
  const why =
    first === undefined ? 'no agent may run' : `it waits for ${idOf(first) ?? 'a person'}, which will not be done`
  return [
    {
      task: { id: task.id, title: task.title, start: at, end: at, batch: '', waits },
      warning: { code: 'never-starts', task: task.id, message: `${task.id} never starts: ${why}` },
    },
  ]
}

/** Back from the task that ends last, along what each waited for until it could start. */
function criticalPath(planned: readonly PlannedTask[]): TaskId[] {
  const byId = new Map<TaskId, PlannedTask>()
  let at: PlannedTask | undefined
  for (const task of planned) {
    byId.set(task.id, task)
    if (at === undefined || task.end > at.end) at = task
  }
  const path: TaskId[] = []
  const seen = new Set<TaskId>()
  while (at !== undefined && !seen.has(at.id)) {
    seen.add(at.id)
    path.push(at.id)
    const [binding] = at.waits
    const before: PlannedTask | undefined = binding === undefined ? undefined : byId.get(idOf(binding) ?? '')
    at = before !== undefined && before.end === at.start ? before : undefined
  }
  return path.reverse()
}
