import { isEpic, withEpics } from '../decide/epic-tasks.ts'
import type { Problem } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import type { RunRecord } from '../model/run-state.ts'
import { shown } from '../model/shown.ts'
import { type NewTask, type Task, type TaskId, taskOf } from '../model/task.ts'
import type { TasksInput } from '../model/task-input.ts'
import { checkTasks } from '../plan/check.ts'

/** What tasks are held against beside each other. */
export interface InputLimits {
  readonly resources?: Policy['resources'] | undefined
  readonly epics?: Policy['epics'] | undefined
  readonly records?: readonly RunRecord[] | undefined
}

/**
 * Everything that is wrong with tasks from outside, at once: with each of them, and with how they fit together and to those that are there.
 * @param there tasks of the queue
 * @param limits `resources`: units of each, as in the policy; absent: nobody knows. `epics`: as there. `records`: of the tasks that are there
 */
export function inputProblems(input: TasksInput, there: readonly Task[], limits: InputLimits = {}): readonly Problem[] {
  const own = new Set(input.tasks.map((task) => task.id))
  const open = there.filter((task) => task.state === 'open' && !own.has(task.id))
  const refused = input.ok ? [] : (input.refused ?? [])
  const known = new Set<TaskId>([...there.map((task) => task.id), ...refused])
  // What a task names may be one that could not be read.
  const knowsAll = input.ok || input.refused !== null
  const together = checkTasks([...open, ...input.tasks], { known, resources: limits.resources }).filter(
    ({ task, code, path }) =>
      (task === undefined || own.has(task) || path?.some((id) => own.has(id))) &&
      (code !== 'unknown-dependency' || knowsAll) &&
      (code !== 'unknown-pattern' || input.ok),
  )
  const all = [...together, ...epicProblems(input.tasks, there, limits, together)]
  return input.ok ? all : [...input.problems, ...all]
}

/** What epics with a branch of their own ask of tasks: none is one itself, and nobody inside waits for somebody who waits for the whole. */
function epicProblems(
  given: readonly NewTask[],
  there: readonly Task[],
  { epics = {}, records = [] }: InputLimits,
  others: readonly Problem[],
): readonly Problem[] {
  const named = given.filter(({ id, kind }) => isEpic({ epics }, id) && kind !== 'manual')
  if (named.length > 0)
    return named.map(({ id }) => ({
      code: 'invalid-value',
      task: id,
      field: 'id',
      message: `${shown(id)} is the name of an epic in policy.epics, which has a task of its own; give this one another id`,
    }))
  // One circle is told once; and in what cannot be read nobody knows who waits for whom.
  if (others.some(({ code }) => circular.has(code) || code === 'duplicate-id')) return []
  const own = new Set(given.map(({ id }) => id))
  const tasks = [...there.filter(({ id }) => !own.has(id)), ...given.map((task) => taskOf(task))]
  const whole = withEpics(tasks, new Map(records.map((record) => [record.id, record])), { epics })
  if (whole === tasks) return []
  return checkTasks(whole.filter(({ state }) => state === 'open')).flatMap((problem) => {
    if (!circular.has(problem.code) || problem.path?.some((id) => own.has(id)) !== true) return []
    const path = whole.filter(({ id }) => problem.path?.includes(id))
    const among = [...new Set(path.flatMap(({ epic = '' }) => (isEpic({ epics }, epic) ? [shown(epic)] : [])))]
    const why = among.length === 1 ? `${among[0]} lands as one` : `each of ${among.join(', ')} lands as one`
    return [
      { ...problem, message: `${problem.message} (${why}: who waits for one of its tasks waits for all of them)` },
    ]
  })
}

const circular: ReadonlySet<string> = new Set(['cycle', 'group-cycle'])
