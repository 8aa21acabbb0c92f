import type { Problem } from '../model/error.ts'
import { holdsUnseen, shown } from '../model/shown.ts'
import type { NewTask, Task, TaskId } from '../model/task.ts'
import { cycleProblems } from './cycle.ts'
import { globProblems } from './glob-check.ts'
import { groupCycleProblems } from './group-cycle.ts'
import { isAcyclic } from './lists.ts'
import { type References, referencesOf, unpacked } from './references.ts'
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
  let patterned = false
  // The references have counted the ids of open tasks.
  const distinct = open.length === tasks.length && packed.indexes.size === tasks.length
  for (const task of tasks) {
    const wrong = wrongId(task.id)
    if (wrong !== null) yield { code: 'invalid-id', task: task.id, field: 'id', message: wrong }
    if (task.establishes !== undefined || task.follows?.length) patterned = true
    if (distinct) continue
    if (seen.has(task.id)) {
      const message = `more than one task has the id ${shown(task.id)}`
      yield { code: 'duplicate-id', task: task.id, field: 'id', message }
    }
    seen.add(task.id)
  }
  const ids = distinct ? packed.indexes : seen
  let grouped = false
  let stacked = false
  // Nearly all tasks are right: what is asked of each of them makes nothing before it has found something.
  for (const task of open) {
    if (!packed.complete) yield* referenceProblems(task, ids, options.known)
    if (!isAmount(task.priority)) yield wrongNumber(task.id, 'priority', task.priority)
    if (!isAmount(task.minutes)) yield wrongNumber(task.id, 'minutes', task.minutes)
    if (!isEmpty(task.resources)) yield* demandProblems(task, options.resources)
    if (task.writes?.length || task.reads?.length) yield* globProblems(task)
    grouped ||= task.group !== undefined
    stacked ||= task.stackedOn !== undefined
  }
  if (patterned) yield* patternProblems(tasks, open, options.patterns)
  const circular = !isAcyclic(packed, packed.followers)
  if (!circular && !grouped && !stacked) return
  const references = unpacked(packed)
  if (circular) yield* cycleProblems(open, references)
  if (grouped) yield* groupCycleProblems(open, references)
  if (stacked) yield* stackProblems(open, packed)
}

/** What is wrong with an id; null when nothing is. */
function wrongId(id: TaskId): string | null {
  if (typeof id !== 'string' || id.trim() === '') return 'a task has an empty id'
  if (id.length > longestId) return `the id ${shown(id)} is longer than ${longestId} characters`
  return holdsUnseen(id) ? `the id ${shown(id)} holds characters that nobody sees` : null
}

function* referenceProblems(
  task: NewTask,
  seen: Pick<ReadonlySet<TaskId>, 'has'>,
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

function isAmount(value: number | undefined): boolean {
  return value === undefined || (Number.isFinite(value) && value >= 0)
}

function wrongNumber(id: TaskId, field: 'priority' | 'minutes', value: number | undefined): Problem {
  const message = `the ${field} of ${shown(id)} must be a number that is not negative, not ${value}`
  return { code: 'invalid-number', task: id, field, message }
}

function isEmpty(record: object | undefined): boolean {
  for (const _ in record) return false
  return true
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
