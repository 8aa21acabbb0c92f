import { OrchError, type Problem } from '../model/error.ts'
import type { Policy } from '../model/policy.ts'
import type { RunRecord } from '../model/run-state.ts'
import { digest } from '../model/slug.ts'
import { type NewEpic, type NewTask, type Task, type TaskId, taskOf } from '../model/task.ts'
import { parseTasks } from '../model/task-input.ts'
import type { TaskSource } from '../ports/task-source.ts'
import { inputProblems } from './input-problems.ts'

/** Adds what is not there yet. Every problem is told at once, and then nothing is added. */
export async function addTasks(
  source: TaskSource,
  input: readonly NewTask[],
  options: {
    readonly policy: Pick<Policy, 'resources' | 'epics'>
    readonly records: readonly RunRecord[]
    readonly epics: readonly NewEpic[]
  },
  signal: AbortSignal,
): Promise<{ added: readonly TaskId[]; unchanged: readonly TaskId[] }> {
  if (source.add === undefined) {
    throw new OrchError('read-only-source', `tasks cannot be added to ${source.name} from here: add them there`)
  }
  // A script is no safer than a file: a misspelt field would silently mean its default.
  const parsed = parseTasks(input)
  const given = parsed.tasks
  const { tasks } = await source.list({ all: true, signal })
  const there = new Map(tasks.map((task) => [task.id, task]))
  const problems = inputProblems(parsed, tasks, { ...options.policy, records: options.records })
  if (problems.length > 0) throw invalidTasks(problems)

  const differing: Problem[] = []
  const unchanged: TaskId[] = []
  const fresh: NewTask[] = []
  for (const task of given) {
    const before = there.get(task.id)
    if (before === undefined) {
      fresh.push(task)
      continue
    }
    const fields = differences(before, taskOf({ ...task, state: before.state }))
    if (fields.length === 0) unchanged.push(task.id)
    else {
      const message = `task ${task.id} exists already with another ${fields.join(', ')}; cancel it and add it under another id`
      differing.push({ code: 'task-exists', task: task.id, field: fields[0] ?? 'id', message })
    }
  }
  if (differing.length > 0) {
    const count = differing.length === 1 ? 'a task is' : `${differing.length} tasks are`
    throw new OrchError('task-exists', `${count} there already and different; nothing was added`, {
      problems: differing,
    })
  }
  if (fresh.length === 0) return { added: [], unchanged }
  const key = digest(canonical(fresh))
  const added = await source.add({ key, tasks: fresh, epics: options.epics, signal })
  if (!added.ok) throw new OrchError('task-exists', added.detail ?? 'another task has that id; nothing was added')
  return { added: added.value, unchanged }
}

function invalidTasks(problems: readonly Problem[]): OrchError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new OrchError('invalid-tasks', `the tasks have ${count}; nothing was added`, { problems })
}

function differences(before: Task, after: Task): readonly string[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Task>
  return [...fields].filter((field) => canonical(before[field]) !== canonical(after[field]))
}

/** JSON with sorted keys, so that equal values have equal texts. */
function canonical(value: unknown): string {
  if (value === undefined) return ''
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
