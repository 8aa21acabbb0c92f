import type { Problem } from '../model/error.ts'
import { holdsUnseen, shown } from '../model/shown.ts'
import type { NewTask, Task, TaskId } from '../model/task.ts'
import { cycleProblems } from './cycle.ts'
import { globProblems } from './glob-check.ts'
import { groupCycleProblems } from './group-cycle.ts'
import { turned } from './lists.ts'
import { isAcyclic, type References, referencesOf, unpacked } from './references.ts'
import { stackProblems } from './stack-check.ts'

export interface CheckOptions {
  /** Ids that exist in the queue already. */
  readonly known?: ReadonlySet<TaskId>
  /** Patterns that tasks in the queue establish. */
  readonly patterns?: ReadonlySet<string>
  /** Units of each resource, as in the policy: one that is not named has 1. Absent: nobody knows, so no demand is too high. */
  readonly resources?: Readonly<Record<string, number>> | undefined
}

const longestId = 200

/** Everything that is wrong with `tasks`, at once; empty when they can be planned. What closed tasks refer to is not looked at. */
export function checkTasks(
  tasks: readonly NewTask[] | readonly Task[],
  options: CheckOptions = {},
): readonly Problem[] {
  return examined(tasks, options).problems
}

/** The same, with what the open tasks refer to. */
export function examined(
  tasks: readonly (NewTask | Task)[],
  options: CheckOptions,
): { readonly problems: readonly Problem[]; readonly references: References } {
  const open = tasks.filter((task) => !('state' in task) || task.state === 'open')
  const references = referencesOf(open)
  return { problems: [...problemsOf(tasks, open, references, options)], references }
}

function* problemsOf(
  tasks: readonly (NewTask | Task)[],
  open: readonly (NewTask | Task)[],
  packed: References,
  options: CheckOptions,
): Generator<Problem> {
  const seen = new Set<TaskId>()
  for (const task of tasks) {
    yield* idProblems(task)
    if (seen.has(task.id)) {
      const message = `more than one task has the id ${shown(task.id)}`
      yield { code: 'duplicate-id', task: task.id, field: 'id', message }
    }
    seen.add(task.id)
  }
  for (const task of open) {
    if (!packed.complete) yield* referenceProblems(task, seen, options.known)
    yield* numberProblems(task)
    if (task.resources !== undefined) yield* demandProblems(task, options.resources)
    if (task.writes?.length || task.reads?.length) yield* globProblems(task)
  }
  yield* patternProblems(tasks, open, options.patterns)
  const grouped = open.some((task) => task.group !== undefined)
  const stacked = open.some((task) => task.stackedOn !== undefined)
  const circular = !isAcyclic(packed, turned(packed))
  if (!circular && !grouped && !stacked) return
  const references = unpacked(packed)
  if (circular) yield* cycleProblems(open, references)
  if (grouped) yield* groupCycleProblems(open, references)
  if (stacked) yield* stackProblems(open, packed)
}

function idProblems({ id }: NewTask): Problem[] {
  const problem = (message: string): Problem[] => [{ code: 'invalid-id', task: id, field: 'id', message }]
  if (typeof id !== 'string' || id.trim() === '') return problem('a task has an empty id')
  if (id.length > longestId) return problem(`the id ${shown(id)} is longer than ${longestId} characters`)
  if (holdsUnseen(id)) return problem(`the id ${shown(id)} holds characters that nobody sees`)
  return []
}

function* referenceProblems(
  task: NewTask,
  seen: ReadonlySet<TaskId>,
  known: ReadonlySet<TaskId> | undefined,
): Generator<Problem> {
  const told = new Set<TaskId>()
  for (const id of task.dependsOn ?? []) {
    if ((id !== task.id && (seen.has(id) || known?.has(id))) || told.has(id)) continue
    told.add(id)
    yield reference(task.id, 'dependsOn', id)
  }
  const { stackedOn } = task
  if (stackedOn === undefined || (stackedOn !== task.id && (seen.has(stackedOn) || known?.has(stackedOn)))) return
  yield reference(task.id, 'stackedOn', stackedOn)
}

/** What is wrong with naming `id`. */
function reference(task: TaskId, field: 'dependsOn' | 'stackedOn', id: TaskId): Problem {
  const verb = field === 'dependsOn' ? 'depends on' : 'is stacked on'
  if (id === task) return { code: 'self-dependency', task, field, message: `${shown(task)} ${verb} itself` }
  const message = `${shown(task)} ${verb} ${shown(id)}, which does not exist`
  return { code: 'unknown-dependency', task, field, message }
}

function* numberProblems(task: NewTask): Generator<Problem> {
  for (const field of ['priority', 'minutes'] as const) {
    const value = task[field]
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue
    const message = `the ${field} of ${shown(task.id)} must be a number that is not negative, not ${value}`
    yield { code: 'invalid-number', task: task.id, field, message }
  }
}

function* demandProblems(task: NewTask, resources: CheckOptions['resources']): Generator<Problem> {
  const [id, field] = [task.id, 'resources']
  for (const [name, units] of Object.entries(task.resources ?? {})) {
    if (!Number.isFinite(units) || units <= 0) {
      const message = `${shown(id)} must ask for a positive number of the resource ${shown(name)}, not ${units}`
      yield { code: 'invalid-resource', task: id, field, message }
      continue
    }
    if (resources === undefined) continue
    const named = Object.hasOwn(resources, name)
    const there = named ? (resources[name] ?? 1) : 1
    if (units <= there) continue
    const all = named ? `only ${there}` : 'only 1, as it is not in the `resources` of the policy'
    const message = `${shown(id)} asks for ${units} of the resource ${shown(name)}, of which there ${there === 1 ? 'is' : 'are'} ${all}`
    yield { code: 'demand-above-capacity', task: id, field, message }
  }
}

function* patternProblems(
  tasks: readonly NewTask[],
  open: readonly NewTask[],
  known: ReadonlySet<string> | undefined,
): Generator<Problem> {
  const establishers = new Map<string, TaskId>()
  for (const { id, establishes } of tasks) {
    if (establishes === undefined) continue
    const first = establishers.get(establishes)
    if (first === undefined) establishers.set(establishes, id)
    else if (first !== id) {
      const message = `both ${shown(first)} and ${shown(id)} establish the pattern ${shown(establishes)}`
      yield { code: 'duplicate-pattern', task: id, field: 'establishes', message }
    }
  }
  for (const task of open) {
    for (const pattern of new Set(task.follows)) {
      const field = 'follows'
      if (establishers.get(pattern) === task.id) {
        const message = `${shown(task.id)} follows the pattern ${shown(pattern)} that it establishes itself`
        yield { code: 'self-dependency', task: task.id, field, message }
      } else if (!establishers.has(pattern) && !known?.has(pattern)) {
        const message = `${shown(task.id)} follows the pattern ${shown(pattern)}, which no task establishes`
        yield { code: 'unknown-pattern', task: task.id, field, message }
      }
    }
  }
}
