import { OrchError } from '../model/error.ts'
import { type NewTask, type Task, type TaskId, taskOf } from '../model/task.ts'
import { batchesOf, idOf } from './batches.ts'
import { lowerBound } from './bound.ts'
import { checkTasks } from './check.ts'
import { type Graph, graphOf, isClosed, remaining } from './graph.ts'
import { mergeOrder } from './merge-order.ts'
import type { Plan, PlannedTask, PlanPolicy, PlanWarning, Standing } from './plan.ts'
import { recommend } from './recommendation.ts'
import { rulesOf } from './rules.ts'
import { schedule } from './schedule.ts'
import { warningsOf } from './warnings.ts'

/**
 * Places tasks in time by the rules that `ready` starts them by: whenever something ends, all that may start does. Tasks that wait for a person are placed as if the
 * person answered at once, and say so in their waits. Throws `invalid-tasks` with every problem that `checkTasks` finds.
 * @param standing where tasks stand already; those in flight are placed at the start
 */
export function planTasks(
  given: readonly (Task | NewTask)[],
  policy: PlanPolicy = {},
  standing: ReadonlyMap<TaskId, Standing> = new Map(),
): Plan {
  const problems = checkTasks(given)
  if (problems.length > 0) {
    const [first] = problems
    const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
    throw new OrchError('invalid-tasks', `the tasks cannot be planned: ${first?.message ?? ''}${more}`, { problems })
  }
  const rules = rulesOf(policy)
  const graph = graphOf(given.map(taskOf), standing)
  const slots = schedule(graph, rules)
  const makespan = slots.reduce((latest, slot) => Math.max(latest, slot.end), 0)

  const tasks: Task[] = []
  const timed: Omit<PlannedTask, 'batch'>[] = []
  for (const { index, start, end, waits } of slots) {
    const task = graph.tasks[index]
    if (task === undefined) continue
    tasks.push(task)
    timed.push({ id: task.id, title: task.title, start, end, waits })
  }
  const loose = new Set(tasks.filter((task) => rules.scope(task) === null).map((task) => task.id))
  const batches = batchesOf(timed, loose)
  const batchOf = new Map(batches.flatMap((batch) => batch.tasks.map((id) => [id, batch.name] as const)))
  const planned = timed.map((task) => ({ ...task, batch: batchOf.get(task.id) ?? '' }))
  const lost = neverStarting(graph, new Set(slots.map((slot) => slot.index)))
  const chains = remaining(graph, (index) => {
    const [task, stands] = [graph.tasks[index], graph.standing[index]]
    return task === undefined || stands === 'holding' || lost.has(index) ? 0 : rules.minutes(task)
  })
  const never = [...lost].flatMap((index) => neverPlanned(graph, index, makespan))
  return {
    tasks: [...planned, ...never.map(({ task }) => task)],
    batches,
    mergeOrder: mergeOrder(
      graph,
      slots.map((slot) => slot.index),
    ),
    criticalPath: criticalPath(planned),
    makespan,
    lowerBound: lowerBound(
      tasks.filter((task) => standing.get(task.id) !== 'holding'),
      rules,
      chains.reduce((longest, chain) => Math.max(longest, chain), 0),
      policy.caseSensitive ?? true,
    ),
    warnings: [...warningsOf(tasks, planned, rules, policy), ...never.map(({ warning }) => warning)],
    recommendation: recommend(tasks, batches, rules.maxAgents),
    maxAgents: rules.maxAgents,
  }
}

/** Open tasks that found no place: something before them was cancelled. */
function neverStarting(graph: Graph, placed: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...graph.tasks.keys()].filter((index) => !isClosed(graph.standing[index]) && !placed.has(index)))
}

/** They stand behind everything else, in no batch. */
function neverPlanned(graph: Graph, index: number, at: number): { task: PlannedTask; warning: PlanWarning }[] {
  const task = graph.tasks[index]
  if (task === undefined) return []
  const waits = (graph.edges[index] ?? [])
    .map((edge) => edge.wait)
    .sort((a, b) => Number(b.for === 'lost') - Number(a.for === 'lost'))
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
  const byId = new Map(planned.map((task) => [task.id, task]))
  let at = planned.reduce<PlannedTask | undefined>(
    (last, task) => (last === undefined || task.end > last.end ? task : last),
    undefined,
  )
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
