import { OrchError } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import { type NewTask, type Task, type TaskId, taskOf } from '../model/task.ts'
import { batchesOf, idOf } from './batches.ts'
import { lowerBound } from './bound.ts'
import { examined } from './check.ts'
import { criticalPath } from './critical-path.ts'
import { type Graph, graphOf, isClosed, waitsOf } from './graph.ts'
import { inBatches } from './in-batches.ts'
import { lintsOf } from './lints.ts'
import { mergeOrder } from './merge-order.ts'
import { placingOf } from './placing.ts'
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
  const { project, indexes } = numbered
  const search = { ...effort, ...(signal !== undefined && { signal }) }
  const timetable = barriers ? inBatches(project) : solve(project, search)
  const { start, makespan } = timetable
  const { order, waits } = placingOf(graph, numbered, timetable)

  const tasks: Task[] = []
  const planned: (PlannedTask & { batch: string })[] = []
  const loose = new Set<TaskId>()
  /** By index in the graph where it stands in the plan. */
  const ranks = new Int32Array(graph.tasks.length).fill(-1)
  for (const place of order) {
    const index = indexes[place] ?? 0
    const task = graph.tasks[index]
    if (task === undefined) continue
    const { id, title } = task
    const begin = start[place] ?? 0
    const end = begin + (project.minutes[place] ?? 0)
    ranks[index] = tasks.push(task) - 1
    planned.push({ id, title, start: begin, end, batch: '', waits: waits[place] ?? [] })
    if (rules.scope(task) === null) loose.add(id)
  }
  const batches = batchesOf(planned, loose)
  // Batches are cut out of the tasks in their order.
  let at = 0
  for (const batch of batches) {
    for (let left = batch.tasks.length; left > 0; left--) {
      const task = planned[at++]
      if (task !== undefined) task.batch = batch.name
    }
  }
  const critical = criticalPath(planned, (id) => planned[ranks[graph.indexes.get(id) ?? -1] ?? -1])
  const never = neverStarting(graph, ranks).flatMap((index) => neverPlanned(graph, index, makespan))
  return {
    tasks: [...planned, ...never.map(({ task }) => task)],
    batches,
    mergeOrder: mergeOrder(
      graph,
      order.map((place) => indexes[place] ?? 0),
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
        inOrder(project.before, order),
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
  const isWhole =
    'state' in given &&
    title !== undefined &&
    body !== undefined &&
    kind !== undefined &&
    dependsOn !== undefined &&
    follows !== undefined &&
    resources !== undefined &&
    hold !== undefined &&
    priority !== undefined
  return isWhole ? (given as Task) : taskOf(given)
}

function refuseProblems(given: readonly (Task | NewTask)[], { resources }: Policy): References {
  const { problems, references } = examined(given, { resources })
  if (problems.length === 0) return references
  const [first] = problems
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  throw new OrchError('invalid-tasks', `the tasks cannot be planned: ${first?.message ?? ''}${more}`, { problems })
}

/** The lists of `before` for tasks in another order. */
function inOrder(before: Lists, order: Int32Array): Lists {
  const ranks = new Int32Array(order.length)
  for (let rank = 0; rank < order.length; rank++) ranks[order[rank] ?? 0] = rank
  const at = new Int32Array(order.length + 1)
  const items = new Int32Array(before.items.length)
  let count = 0
  for (let rank = 0; rank < order.length; rank++) {
    const place = order[rank] ?? 0
    const to = before.at[place + 1] ?? 0
    for (let edge = before.at[place] ?? 0; edge < to; edge++) items[count++] = ranks[before.items[edge] ?? 0] ?? 0
    at[rank + 1] = count
  }
  return { at, items }
}

/** The part of the agents' time in which they work, from 0 to 1. */
function utilisation({ project }: Numbered, rules: Rules, makespan: number): number {
  if (makespan === 0 || rules.maxAgents < 1) return 0
  const { size, demands, minutes } = project
  let busy = 0
  for (let place = 0; place < size; place++) {
    const from = demands.at[place] ?? 0
    // Agents are the first resource.
    if (from < (demands.at[place + 1] ?? 0) && demands.items[from] === 0) busy += minutes[place] ?? 0
  }
  // More may run already than may be started.
  return Math.min(1, busy / makespan / rules.maxAgents)
}

/** Open tasks that found no place: something before them was cancelled. */
function neverStarting({ tasks, standing }: Graph, ranks: Int32Array): readonly number[] {
  const out: number[] = []
  for (let index = 0; index < tasks.length; index++) {
    if (ranks[index] === -1 && !isClosed(standing[index])) out.push(index)
  }
  return out
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
