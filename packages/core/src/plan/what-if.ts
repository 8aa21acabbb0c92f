import type { NewTask, Task, TaskId } from '../model/task.ts'
import type { Plan, PlanPolicy } from './plan.ts'
import { type PlanOptions, planTasks } from './plan-tasks.ts'

/** What a plan is made of. */
export interface PlanInput {
  readonly tasks: readonly (Task | NewTask)[]
  readonly policy?: PlanPolicy
  readonly options?: PlanOptions
}

/** Other choices of the policy, and tasks that take the place of those with their id or come in addition. */
export type PlanChange = PlanPolicy & { readonly tasks?: readonly (Task | NewTask)[] }

export interface Comparison {
  readonly before: Plan
  readonly after: Plan
  /** Minutes by which the change makes the plan shorter; negative when it makes it longer. */
  readonly saved: number
  /** Tasks that would start at another time or are in one of the plans alone, in the order of the plan after. Times in minutes; null: not in it. */
  readonly moved: readonly { readonly id: TaskId; readonly from: number | null; readonly to: number | null }[]
}

/** Compares two plans: `whatIf({ tasks, policy }, { maxAgents: 5 })`. Throws what `planTasks` throws, of the one or the other. */
export function whatIf({ tasks, policy = {}, options = {} }: PlanInput, change: PlanChange): Comparison {
  const { tasks: changed = [], ...choices } = change
  const replaced = new Map(changed.map((task) => [task.id, task]))
  const known = new Set(tasks.map((task) => task.id))
  const then = [...tasks.map((task) => replaced.get(task.id) ?? task), ...changed.filter((task) => !known.has(task.id))]
  const before = planTasks(tasks, policy, options)
  const after = planTasks(then, { ...policy, ...choices }, options)
  const starts = (plan: Plan) => new Map(plan.tasks.map((task) => [task.id, task.start]))
  const [from, to] = [starts(before), starts(after)]
  const ids = [...to.keys(), ...[...from.keys()].filter((id) => !to.has(id))]
  return {
    before,
    after,
    saved: before.makespan - after.makespan,
    moved: ids
      .map((id) => ({ id, from: from.get(id) ?? null, to: to.get(id) ?? null }))
      .filter((move) => move.from !== move.to),
  }
}
