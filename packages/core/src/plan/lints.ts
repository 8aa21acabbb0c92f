import type { Task } from '../model/task.ts'
import { contractLints } from './contract-lint.ts'
import { type Linted, some } from './linted.ts'
import { upTo } from './lists.ts'
import type { Plan, PlannedTask, PlanPolicy, PlanWarning } from './plan.ts'
import type { Lists } from './project.ts'
import { mostMarks, Reach } from './reach.ts'
import { referencesOf } from './references.ts'
import { sortBy } from './solve/sort.ts'
import { wideScopeLints } from './wide-scope-lint.ts'

/** What the lints look at, beside the tasks themselves. */
export type FinishedPlan = Pick<Plan, 'tasks' | 'criticalPath' | 'maxAgents'>

/**
 * What would make a finished plan better. Nothing of it is wrong. In time about linear in the number of tasks: where comparing all with all would take longer, some are
 * compared.
 * @param before what each task waits for, by its place in the plan, where that is known already: nothing that stands after it. Then `tasks` are in the order of the plan
 */
export function lintsOf(
  tasks: readonly Task[],
  plan: FinishedPlan,
  policy: PlanPolicy = {},
  before?: Lists,
): PlanWarning[] {
  const { planned, own } = before === undefined ? paired(tasks, plan.tasks) : { planned: plan.tasks, own: tasks }
  const linted = { tasks: own, reach: before === undefined ? new Reach(referencesOf(own)) : new Reach(before, true) }
  const widest = widestMoment(own, planned)
  return [
    ...idleAgents(own, widest, plan.maxAgents),
    ...(widest.length > 1 ? bottleneck(linted, planned, plan.criticalPath) : []),
    ...wideScopeLints(linted, policy),
    ...contractLints(linted, policy),
  ]
}

/** The tasks of a plan beside their places in it. */
function paired(
  tasks: readonly Task[],
  all: readonly PlannedTask[],
): { readonly own: readonly Task[]; readonly planned: readonly PlannedTask[] } {
  const byId = new Map(tasks.map((task) => [task.id, task]))
  const planned = all.filter((one) => byId.has(one.id))
  return { own: planned.flatMap(({ id }) => byId.get(id) ?? []), planned }
}

function hasAgent(task: Task | undefined): boolean {
  return task?.kind === 'change' || task?.kind === 'read'
}

/** The tasks with an agent that run when most of them do. */
function widestMoment(tasks: readonly Task[], planned: readonly PlannedTask[]): readonly Task[] {
  const begins = new Float64Array(tasks.length)
  const finishes = new Float64Array(tasks.length)
  let count = 0
  for (let index = 0; index < tasks.length; index++) {
    const { start = 0, end = 0 } = planned[index] ?? {}
    // What takes no time has ended by the time that it is counted.
    if (end <= start || !hasAgent(tasks[index])) continue
    begins[count] = start
    finishes[count++] = end
  }
  // The plan is in their order.
  const starts = begins.subarray(0, count)
  const byEnd = upTo(count)
  sortBy(byEnd, finishes)
  let most = 0
  let moment = 0
  let ended = 0
  for (let at = 0; at < count; at++) {
    const start = starts[at] ?? 0
    while ((finishes[byEnd[ended] ?? -1] ?? Number.POSITIVE_INFINITY) <= start) ended++
    if (at + 1 - ended > most) {
      most = at + 1 - ended
      moment = start
    }
  }
  return tasks.filter((task, index) => {
    const { start = 0, end = 0 } = planned[index] ?? {}
    return start <= moment && moment < end && hasAgent(task)
  })
}

function idleAgents(tasks: readonly Task[], widest: readonly Task[], maxAgents: number): PlanWarning[] {
  const [first] = widest
  if (first === undefined || widest.length >= maxAgents || tasks.filter(hasAgent).length <= maxAgents) return []
  const most = widest.length === 1 ? '1 agent has' : `${widest.length} agents have`
  const message = `no more than ${most} work at once (${some(widest)}): set maxAgents to ${widest.length} instead of ${maxAgents}, or let tasks wait for less`
  return [{ code: 'idle-agents', task: first.id, message }]
}

/** Tasks of the critical path that are looked at, the longest first. */
const mostLong = 4 * mostMarks

/** The longest task of the critical path for which most others wait. Sync points are there for that. */
function bottleneck({ tasks, reach }: Linted, planned: readonly PlannedTask[], path: readonly string[]): PlanWarning[] {
  const onPath = new Set(path)
  const minutes = (index: number): number => (planned[index]?.end ?? 0) - (planned[index]?.start ?? 0)
  const long: number[] = []
  for (let index = 0; index < tasks.length; index++) {
    if (minutes(index) > 0 && onPath.has(planned[index]?.id ?? '') && tasks[index]?.kind !== 'sync') long.push(index)
  }
  long.sort((a, b) => minutes(b) - minutes(a) || a - b).splice(mostLong)
  // Whoever waits for a task stands after it: behind the others are too few.
  const early = long.filter((index) => tasks.length - 1 - index > (tasks.length - 1) / 2)
  for (let first = 0; first < early.length; first += mostMarks) {
    const marks = early.slice(first, first + mostMarks)
    const waiting = new Uint32Array(marks.length)
    for (const bits of reach.before(marks)) {
      for (let left = bits; left !== 0; left &= left - 1) {
        const bit = 31 - Math.clz32(left & -left)
        waiting[bit] = (waiting[bit] ?? 0) + 1
      }
    }
    const bit = marks.findIndex((_, at) => (waiting[at] ?? 0) >= 3 && (waiting[at] ?? 0) > (tasks.length - 1) / 2)
    const index = marks[bit]
    const task = index === undefined ? undefined : tasks[index]
    if (index === undefined || task === undefined) continue
    const message = `${waiting[bit]} of ${tasks.length - 1} other tasks wait for ${task.id}, which takes ${minutes(index)} minutes of the critical path: split it, or let them wait for less of it`
    return [{ code: 'bottleneck', task: task.id, message }]
  }
  return []
}
