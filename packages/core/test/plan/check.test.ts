import { expect, test } from 'vitest'
import type { NewTask } from '../../src/model/task.ts'
import { checkTasks } from '../../src/plan/check.ts'
import { task } from '../../src/testing/task.ts'

const codes = (tasks: readonly NewTask[], options = {}) =>
  checkTasks(tasks, options).map(({ code, task: id, field }) => [code, id, field])

test('tasks in order have no problems', () => {
  expect(checkTasks([task('../x'), task('-rf', { dependsOn: ['../x'] }), task('a.b', { stackedOn: '-rf' })])).toEqual(
    [],
  )
})

test('every problem is told at once', () => {
  const tasks: NewTask[] = [
    { id: '' },
    { id: 'a\u0000' },
    { id: 'x'.repeat(201) },
    { id: 'twice' },
    { id: 'twice' },
    { id: 'self', dependsOn: ['self', 'nowhere'], stackedOn: 'gone' },
    { id: 'numbers', minutes: -1, priority: Number.NaN, resources: { database: 0, seats: 1 } },
    { id: 'globs', writes: ['/etc', 'src/**'], reads: ['!a'] },
    { id: 'one', establishes: 'p' },
    { id: 'two', establishes: 'p', follows: ['q'] },
  ]
  expect(codes(tasks)).toEqual([
    ['invalid-id', '', 'id'],
    ['invalid-id', 'a\u0000', 'id'],
    ['invalid-id', 'x'.repeat(201), 'id'],
    ['duplicate-id', 'twice', 'id'],
    ['self-dependency', 'self', 'dependsOn'],
    ['unknown-dependency', 'self', 'dependsOn'],
    ['unknown-dependency', 'self', 'stackedOn'],
    ['invalid-number', 'numbers', 'priority'],
    ['invalid-number', 'numbers', 'minutes'],
    ['invalid-resource', 'numbers', 'resources'],
    ['outside-repository', 'globs', 'writes'],
    ['invalid-glob', 'globs', 'reads'],
    ['duplicate-pattern', 'two', 'establishes'],
    ['unknown-pattern', 'two', 'follows'],
  ])
})

test('messages are one clear sentence without control characters', () => {
  const [problem] = checkTasks([{ id: 'a', dependsOn: ['b\u001b[31m'] }])
  expect(problem?.message).toBe('a depends on b\\u{1b}[31m, which does not exist')
})

test('what the queue holds already may be named', () => {
  const tasks = [{ id: 'a', dependsOn: ['old'], follows: ['style'] }]
  expect(codes(tasks, { known: new Set(['old']), patterns: new Set(['style']) })).toEqual([])
})

test('what a closed task names may be gone', () => {
  expect(checkTasks([task('a', { state: 'done', dependsOn: ['gone'] }), task('b', { dependsOn: ['a'] })])).toEqual([])
})

test('a circle is told once, with its path', () => {
  const tasks = [
    task('c', { dependsOn: ['a'] }),
    task('a', { stackedOn: 'b' }),
    task('b', { follows: ['p'] }),
    task('d', { establishes: 'p', dependsOn: ['c'] }),
    task('e', { dependsOn: ['a', 'f'] }),
    task('f', { dependsOn: ['e'] }),
  ]
  const circles = checkTasks(tasks)
  expect(circles.map((problem) => problem.message)).toEqual([
    'these tasks wait for each other, so none can start: c → a → b → d → c',
    'these tasks wait for each other, so none can start: e → f → e',
  ])
  expect(circles.map((problem) => problem.field)).toEqual(['dependsOn', 'dependsOn'])
})

test('a chain of 20,000 tasks is checked, and so is one that closes', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => task(`t${i}`, i === 0 ? {} : { dependsOn: [`t${i - 1}`] }))
  expect(checkTasks(chain)).toEqual([])
  const closed = [task('t0', { dependsOn: ['t19999'] }), ...chain.slice(1)]
  expect(codes(closed)).toEqual([['cycle', 't0', 'dependsOn']])
})

test.each([
  ['', /empty/],
  ['   ', /empty/],
  ['*/../x', /after a wildcard/],
  ['a\0b', /NUL/],
  ['!!a', /negated twice/],
  ['!(a)', /extended patterns/],
  ['a@(b|c)', /extended patterns/],
  ['src/+(a)', /extended patterns/],
  ['(a|b)', /\{a,b\}/],
  ['[!a]', /\[\^…\]/],
  ['[[:alpha:]]', /cannot hold a `\[`/],
  ['[a$]', /cannot hold a `\$`/],
  ['[a/b]', /cannot hold a `\/`/],
  ['[z-a]', /backwards/],
  ['{a,b', /never closed/],
  ['{1..101}', /more than 100/],
  ['{1..999999999}', /more than 100/],
  ['{a..b,c}', /range and a list/],
  ['{../a,b}', /no place inside braces/],
  [`${'{a,'.repeat(30)}b${'}'.repeat(30)}`, /nested/],
  ['src\\auth', /separate folders with `\/`/],
  ['x'.repeat(5000), /longer/],
])('the pattern %j is refused', (glob, message) => {
  const [problem] = checkTasks([{ id: 'a', writes: ['ok', glob] }])
  expect(problem).toMatchObject({ code: 'invalid-glob', task: 'a', field: 'writes' })
  expect(problem?.message).toMatch(message)
})

test.each([
  ['/etc/passwd', /absolute/],
  ['../x', /leaves the root/],
  ['a/../../x', /leaves the root/],
])('the pattern %j is outside of the repository', (glob, message) => {
  const [problem] = checkTasks([{ id: 'a', writes: ['ok', glob] }])
  expect(problem).toMatchObject({ code: 'outside-repository', task: 'a', field: 'writes' })
  expect(problem?.message).toMatch(message)
})

test.each([
  ['a'],
  ['.'],
  ['./a/'],
  ['a b'],
  ['{1..100}'],
  ['app/[id]/(shop)/page.tsx'],
  ['$id.tsx'],
  ['@scope/x'],
  ['a+b'],
  ['\\*'],
])('the pattern %j is fine', (glob) => {
  expect(checkTasks([{ id: 'a', writes: [glob] }])).toEqual([])
})
