import * as z from 'zod'
import type { Problem } from './error.ts'
import type { ProblemCode } from './errors/list.ts'
import { nearest } from './nearest.ts'
import { shown } from './shown.ts'
import type { NewTask, TaskId } from './task.ts'

/** The tasks of a file, or everything that is wrong with it. Whether the tasks fit together is for `checkTasks`. */
export type TasksInput =
  | { readonly ok: true; readonly tasks: readonly NewTask[] }
  | {
      readonly ok: false
      readonly problems: readonly Problem[]
      /** Those that nothing is wrong with, so that it can be told at once how they do not fit together. */
      readonly tasks: readonly NewTask[]
      /** The ids of the others; null when one of them has none. */
      readonly refused: ReadonlySet<TaskId> | null
    }

/** Made when tasks are read for the first time, because most commands read none. */
function makeSchemas() {
  // In YAML `id: 123` is a number.
  const id = z.union([z.string().min(1).max(200), z.int()])
  const name = z.string().min(1)
  const globs = z.array(name)

  const taskInput = z
    .strictObject({
      id: id.describe('How the source names the task'),
      title: z.string().optional().describe('Default: the id'),
      body: z.string().optional().describe('What the agent is told beyond the title'),
      kind: z.enum(['change', 'read', 'sync', 'manual']).optional().describe('Default: change'),
      epic: id.optional().describe('The group of tasks that a run can be limited to'),
      dependsOn: z.array(id).optional().describe('Tasks that have to be done before'),
      stackedOn: id.optional().describe('Start on the branch of that task'),
      writes: globs
        .optional()
        .describe('Files that it may change, as patterns from the root; absent: unknown, empty: none'),
      reads: globs.optional().describe('Files that it reads'),
      group: name.optional().describe('Tasks of one group are done one after the other, by one agent in one workspace'),
      layer: name.optional(),
      role: name.optional(),
      feature: name.optional(),
      establishes: name.optional().describe('The pattern that it establishes'),
      follows: z.array(name).optional().describe('Patterns that have to be established before'),
      resources: z.record(name, z.number().positive()).optional().describe('Units of named resources'),
      hold: z.boolean().optional().describe('Not to be started until a person says so'),
      priority: z.number().min(0).optional().describe('Lower starts earlier; default 2'),
      minutes: z.number().min(0).optional().describe('Estimate'),
    })
    .meta({ title: 'Task' })

  const fileInput = z.strictObject({ tasks: z.array(taskInput), epic: id.optional() })
  const input = z.union([z.array(taskInput), fileInput])
  return { id, taskInput, input, taskFields: Object.keys(taskInput.shape), fileFields: Object.keys(fileInput.shape) }
}

let made: ReturnType<typeof makeSchemas> | undefined

function schemas(): ReturnType<typeof makeSchemas> {
  made ??= makeSchemas()
  return made
}

/** Problems that are told: a file of another kind has many in every line. */
const mostProblems = 1000

/** The schema of a task file, for editors; published as `schema/tasks.schema.json`. */
export function taskJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(schemas().input, { io: 'input' }), title: 'Tasks for orch' }
}

/** Reads what a JSON or YAML file held: a list of tasks, or an object with `tasks` and an `epic` for those that name none. */
export function parseTasks(value: unknown): TasksInput {
  const problems: Problem[] = []
  let items: unknown = value
  let epic: string | undefined
  if (isObject(value)) {
    problems.push(...unknownFields(value, schemas().fileFields, undefined))
    items = value.tasks
    if (value.epic !== undefined) {
      const read = schemas().id.safeParse(value.epic)
      if (read.success) epic = String(read.data)
      else problems.push({ code: 'invalid-field', field: 'epic', message: '`epic` must be a text' })
    }
  }
  if (!Array.isArray(items)) {
    problems.push({
      code: 'invalid-field',
      field: 'tasks',
      message: 'the tasks must be a list, or an object with the list `tasks`',
    })
    return { ok: false, problems, tasks: [], refused: null }
  }
  const tasks: NewTask[] = []
  const refused = new Set<TaskId | undefined>()
  for (const [index, item] of items.entries()) {
    const read = readTask(item, index)
    problems.push(...read.problems)
    if (problems.length >= mostProblems) return { ok: false, problems, tasks: [], refused: null }
    if (read.task !== null && read.problems.length === 0)
      tasks.push(epic === undefined ? read.task : { epic, ...read.task })
    else refused.add(read.name)
  }
  if (problems.length === 0) return { ok: true, tasks }
  return { ok: false, problems, tasks, refused: refused.has(undefined) ? null : (refused as ReadonlySet<TaskId>) }
}

function readTask(
  item: unknown,
  index: number,
): { readonly task: NewTask | null; readonly name: TaskId | undefined; readonly problems: readonly Problem[] } {
  if (!isObject(item)) {
    return {
      task: null,
      name: undefined,
      problems: [{ code: 'invalid-field', message: `${nth(index)} must be an object with an \`id\`` }],
    }
  }
  const { id, taskInput, taskFields } = schemas()
  const own = id.safeParse(Object.hasOwn(item, 'id') ? item.id : undefined)
  const name = own.success ? String(own.data) : undefined
  if (name?.trim() === '') {
    const message = `${nth(index)} has an empty \`id\``
    return { task: null, name: undefined, problems: [problem('invalid-id', undefined, 'id', message)] }
  }
  const problems = [...unknownFields(item, taskFields, name ?? nth(index), name)]
  if (isObject(item.resources)) {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      if (!Object.hasOwn(item.resources, key)) continue
      problems.push(
        problem('invalid-field', name, 'resources', `${name ?? nth(index)}: \`${key}\` cannot name a resource`),
      )
    }
  }
  // Only fields that are known and its own are copied, so nothing can reach a prototype.
  const fields = Object.fromEntries(taskFields.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]))
  const read = taskInput.safeParse(fields)
  if (!read.success) {
    for (const issue of read.error.issues) {
      const field = String(issue.path[0] ?? '')
      const missing = field === 'id' && !Object.hasOwn(fields, 'id')
      const message = `${name ?? nth(index)}: ${missing ? 'it has no `id`' : `\`${field}\` ${expected(field)}`}`
      const found = problem(missing ? 'missing-field' : 'invalid-field', name, field, message)
      if (!problems.some((other) => other.message === found.message)) problems.push(found)
    }
    return { task: null, name, problems }
  }
  const { data } = read
  const text = (value: string | number | undefined, key: string) =>
    value === undefined ? {} : { [key]: String(value) }
  const task = {
    ...data,
    id: String(data.id),
    ...text(data.epic, 'epic'),
    ...text(data.stackedOn, 'stackedOn'),
    ...(data.dependsOn === undefined ? {} : { dependsOn: data.dependsOn.map(String) }),
  } as NewTask
  return { task, name, problems }
}

/** What a field must be, continuing "`writes` …". */
function expected(field: string): string {
  switch (field) {
    case 'id':
    case 'epic':
    case 'stackedOn':
      return 'must be a text or a whole number, up to 200 characters long'
    case 'dependsOn':
      return 'must be a list of ids'
    case 'writes':
    case 'reads':
    case 'follows':
      return 'must be a list of texts that are not empty'
    case 'kind':
      return 'must be one of change, read, sync, manual'
    case 'resources':
      return 'must give each resource a positive number'
    case 'hold':
      return 'must be true or false'
    case 'priority':
    case 'minutes':
      return 'must be a number that is not negative'
    default:
      return 'must be a text that is not empty'
  }
}

function* unknownFields(
  value: Readonly<Record<string, unknown>>,
  fields: readonly string[],
  where: string | undefined,
  task?: string,
): Generator<Problem> {
  const unknown = Object.keys(value).filter((field) => !fields.includes(field))
  for (const field of unknown.slice(0, mostProblems)) {
    const guess = nearest(field, fields)
    const listed =
      field === '<<' ? '; merge keys are not read, write the fields out' : `; the fields are ${fields.join(', ')}`
    const hint = guess === null ? listed : `; did you mean \`${guess}\`?`
    const message = `${where === undefined ? '' : `${where}: `}unknown field \`${shown(field)}\`${hint}`
    yield problem('unknown-field', task, field, message)
  }
}

function problem(code: ProblemCode, task: string | undefined, field: string, message: string): Problem {
  return task === undefined ? { code, field, message } : { code, task, field, message }
}

function nth(index: number): string {
  return `task number ${index + 1}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
