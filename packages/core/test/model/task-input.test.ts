import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseTasks, taskJsonSchema } from '../../src/model/task-input.ts'

const messages = (value: unknown): readonly string[] => {
  const read = parseTasks(value)
  return read.ok ? [] : read.problems.map((problem) => problem.message)
}

test('a list of tasks is read as it is', () => {
  const tasks = [
    { id: 'a', title: 'A', writes: ['src/**'], hold: true, resources: { database: 1 } },
    { id: 'b', dependsOn: ['a'], minutes: 5 },
  ]
  expect(parseTasks(tasks)).toEqual({ ok: true, tasks })
})

test('an object gives its epic to the tasks that name none', () => {
  expect(parseTasks({ epic: 'E', tasks: [{ id: 'a' }, { id: 'b', epic: 'F' }] })).toEqual({
    ok: true,
    tasks: [
      { id: 'a', epic: 'E' },
      { id: 'b', epic: 'F' },
    ],
  })
})

test('ids that YAML reads as numbers become texts', () => {
  expect(parseTasks({ epic: 7, tasks: [{ id: 123 }, { id: 124, dependsOn: [123], stackedOn: 123 }] })).toEqual({
    ok: true,
    tasks: [
      { id: '123', epic: '7' },
      { id: '124', epic: '7', dependsOn: ['123'], stackedOn: '123' },
    ],
  })
})

test.each([
  ['depends_on', 'dependsOn'],
  ['DependsOn', 'dependsOn'],
  ['write', 'writes'],
  ['stacked-on', 'stackedOn'],
  ['prioriy', 'priority'],
  ['tilte', 'title'],
])('`%s` is refused and `%s` is suggested', (field, guess) => {
  expect(messages([{ id: 'a', [field]: [] }])).toEqual([`a: unknown field \`${field}\`; did you mean \`${guess}\`?`])
})

test('a field that is like none is refused with the list of all', () => {
  expect(messages([{ id: 'a', colour: 'red' }])[0]).toMatch(/^a: unknown field `colour`; the fields are id, title, /)
})

test('a field that reaches for the prototype is refused and changes nothing', () => {
  const hostile = JSON.parse('[{"id":"a","__proto__":{"hold":true},"constructor":{"prototype":{"polluted":1}}}]')
  const read = parseTasks(hostile)
  expect(read.ok).toBe(false)
  if (!read.ok) expect(read.problems.map((problem) => problem.field)).toEqual(['__proto__', 'constructor'])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  expect(messages(JSON.parse('[{"id":"a","resources":{"__proto__":1}}]'))).toEqual([
    'a: `__proto__` cannot name a resource',
  ])
  expect(messages(JSON.parse('{"tasks":[],"__proto__":{}}'))[0]).toMatch(/^unknown field `__proto__`/)
})

test('an inherited field is not read', () => {
  expect(parseTasks([Object.assign(Object.create({ hold: true }), { id: 'a' })])).toEqual({
    ok: true,
    tasks: [{ id: 'a' }],
  })
})

test('every problem is told at once, with its task and field', () => {
  const read = parseTasks([
    { id: 'a', writes: 'src/**', minutes: -1, kind: 'epic' },
    { title: 'no id' },
    'text',
    { id: 'b', hold: 'yes', resources: { database: 0 } },
    { id: 'c' },
  ])
  expect(read).toEqual({
    ok: false,
    tasks: [{ id: 'c' }],
    refused: null,
    problems: [
      {
        code: 'invalid-field',
        task: 'a',
        field: 'kind',
        message: 'a: `kind` must be one of change, read, sync, manual',
      },
      {
        code: 'invalid-field',
        task: 'a',
        field: 'writes',
        message: 'a: `writes` must be a list of texts that are not empty',
      },
      {
        code: 'invalid-field',
        task: 'a',
        field: 'minutes',
        message: 'a: `minutes` must be a number that is not negative',
      },
      { code: 'missing-field', field: 'id', message: 'task number 2: it has no `id`' },
      { code: 'invalid-field', message: 'task number 3 must be an object with an `id`' },
      {
        code: 'invalid-field',
        task: 'b',
        field: 'resources',
        message: 'b: `resources` must give each resource a positive number',
      },
      { code: 'invalid-field', task: 'b', field: 'hold', message: 'b: `hold` must be true or false' },
    ],
  })
})

test.each([[null], ['text'], [1], [{}], [{ tasks: {} }]])('%j is no list of tasks', (value) => {
  expect(messages(value)).toEqual(['the tasks must be a list, or an object with the list `tasks`'])
})

test('the published schema is the one that is checked', () => {
  const file = new URL('../../schema/tasks.schema.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(taskJsonSchema())
})

test('the schema allows both shapes and no other field', () => {
  const text = JSON.stringify(taskJsonSchema())
  expect(text).toContain('"additionalProperties":false')
  expect(text).toContain('dependsOn')
})
