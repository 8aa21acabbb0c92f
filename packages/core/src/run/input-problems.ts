import type { Problem } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { TasksInput } from '../model/task-input.ts'
import { checkTasks } from '../plan/check.ts'

/**
 * Everything that is wrong with tasks from outside, at once: with each of them, and with how they fit together and to those that are there.
 * @param there tasks of the queue
 * @param resources units of each resource, as in the policy; absent: nobody knows
 */
export function inputProblems(
  input: TasksInput,
  there: readonly Task[],
  resources?: Policy['resources'],
): readonly Problem[] {
  const own = new Set(input.tasks.map((task) => task.id))
  const open = there.filter((task) => task.state === 'open' && !own.has(task.id))
  const refused = input.ok ? [] : (input.refused ?? [])
  const known = new Set<TaskId>([...there.map((task) => task.id), ...refused])
  // What a task names may be one that could not be read.
  const knowsAll = input.ok || input.refused !== null
  const together = checkTasks([...open, ...input.tasks], { known, resources }).filter(
    ({ task, code, path }) =>
      (task === undefined || own.has(task) || path?.some((id) => own.has(id))) &&
      (code !== 'unknown-dependency' || knowsAll) &&
      (code !== 'unknown-pattern' || input.ok),
  )
  return input.ok ? together : [...input.problems, ...together]
}
