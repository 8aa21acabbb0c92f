import type { Problem } from '../model/error.ts'
import { holdsUnseen, shown } from '../model/shown.ts'
import type { NewTask, Task, TaskId } from '../model/task.ts'
import { cycleProblems } from './cycle.ts'
import { parseGlob } from './pattern.ts'

export interface CheckOptions {
  /** Ids that exist in the queue already. */
  readonly known?: ReadonlySet<TaskId>
  /** Patterns that tasks in the queue establish. */
  readonly patterns?: ReadonlySet<string>
}

const longestId = 200

/** Everything that is wrong with `tasks`, at once; empty when they can be planned. What closed tasks refer to is not looked at. */
export function checkTasks(
  tasks: readonly NewTask[] | readonly Task[],
  options: CheckOptions = {},
): readonly Problem[] {
  const problems: Problem[] = []
  const seen = new Set<TaskId>()
  for (const task of tasks) {
    problems.push(...idProblems(task))
    if (seen.has(task.id)) {
      problems.push({
        code: 'duplicate-id',
        task: task.id,
        field: 'id',
        message: `more than one task has the id ${shown(task.id)}`,
      })
    }
    seen.add(task.id)
  }
  const open = [...tasks].filter((task) => !('state' in task) || task.state === 'open')
  for (const task of open) {
    problems.push(...referenceProblems(task, seen, options.known))
    problems.push(...numberProblems(task))
    problems.push(...globProblems(task))
  }
  problems.push(...patternProblems(tasks, open, options.patterns))
  problems.push(...cycleProblems(open))
  return problems
}

function idProblems({ id }: NewTask): Problem[] {
  const problem = (message: string): Problem[] => [{ code: 'invalid-id', task: id, field: 'id', message }]
  if (typeof id !== 'string' || id.trim() === '') return problem('a task has an empty id')
  if (id.length > longestId) return problem(`the id ${shown(id)} is longer than ${longestId} characters`)
  if (holdsUnseen(id)) return problem(`the id ${shown(id)} holds characters that nobody sees`)
  return []
}

function referenceProblems(
  task: NewTask,
  seen: ReadonlySet<TaskId>,
  known: ReadonlySet<TaskId> | undefined,
): Problem[] {
  const out: Problem[] = []
  const look = (field: 'dependsOn' | 'stackedOn', id: TaskId): void => {
    const verb = field === 'dependsOn' ? 'depends on' : 'is stacked on'
    if (id === task.id) {
      out.push({ code: 'self-dependency', task: task.id, field, message: `${shown(task.id)} ${verb} itself` })
    } else if (!seen.has(id) && !known?.has(id)) {
      const message = `${shown(task.id)} ${verb} ${shown(id)}, which does not exist`
      out.push({ code: 'unknown-dependency', task: task.id, field, message })
    }
  }
  for (const id of new Set(task.dependsOn)) look('dependsOn', id)
  if (task.stackedOn !== undefined) look('stackedOn', task.stackedOn)
  return out
}

function numberProblems(task: NewTask): Problem[] {
  const out: Problem[] = []
  for (const field of ['priority', 'minutes'] as const) {
    const value = task[field]
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue
    const message = `the ${field} of ${shown(task.id)} must be a number that is not negative, not ${value}`
    out.push({ code: 'invalid-number', task: task.id, field, message })
  }
  for (const [name, units] of Object.entries(task.resources ?? {})) {
    if (Number.isFinite(units) && units > 0) continue
    const message = `${shown(task.id)} must ask for a positive number of the resource ${shown(name)}, not ${units}`
    out.push({ code: 'invalid-resource', task: task.id, field: 'resources', message })
  }
  return out
}

function globProblems(task: NewTask): Problem[] {
  const out: Problem[] = []
  for (const field of ['writes', 'reads'] as const) {
    const globs = task[field] ?? []
    const invalid = (code: 'invalid-glob' | 'outside-repository', message: string) =>
      out.push({ code, task: task.id, field, message })
    for (const glob of globs) {
      const parsed = parseGlob(glob)
      if (!parsed.ok)
        invalid(parsed.code, `the pattern ${shown(glob)} of ${shown(task.id)} cannot be used: ${parsed.message}`)
    }
    if (globs.length > 0 && globs.every((glob) => glob.startsWith('!') && !glob.startsWith('!('))) {
      invalid(
        'invalid-glob',
        `the \`${field}\` of ${shown(task.id)} only take paths out; a \`!\` pattern needs another one beside it`,
      )
    }
  }
  return out
}

function patternProblems(
  tasks: readonly NewTask[],
  open: readonly NewTask[],
  known: ReadonlySet<string> | undefined,
): Problem[] {
  const out: Problem[] = []
  const establishers = new Map<string, TaskId>()
  for (const { id, establishes } of tasks) {
    if (establishes === undefined) continue
    const first = establishers.get(establishes)
    if (first === undefined) establishers.set(establishes, id)
    else if (first !== id) {
      const message = `both ${shown(first)} and ${shown(id)} establish the pattern ${shown(establishes)}`
      out.push({ code: 'duplicate-pattern', task: id, field: 'establishes', message })
    }
  }
  for (const task of open) {
    for (const pattern of new Set(task.follows)) {
      const field = 'follows'
      if (establishers.get(pattern) === task.id) {
        const message = `${shown(task.id)} follows the pattern ${shown(pattern)} that it establishes itself`
        out.push({ code: 'self-dependency', task: task.id, field, message })
      } else if (!establishers.has(pattern) && !known?.has(pattern)) {
        const message = `${shown(task.id)} follows the pattern ${shown(pattern)}, which no task establishes`
        out.push({ code: 'unknown-pattern', task: task.id, field, message })
      }
    }
  }
  return out
}
