import fc from 'fast-check'
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

test('every circle is told with its whole path, the shortest first', () => {
  const tasks = [
    task('a', { dependsOn: ['b'] }),
    task('b', { dependsOn: ['c', 'd'], stackedOn: 'a' }),
    task('c', { dependsOn: ['a'] }),
    task('d', { dependsOn: ['b'] }),
  ]
  expect(checkTasks(tasks).map(({ field, path }) => [field, path])).toEqual([
    ['dependsOn', ['a', 'b', 'a']],
    ['dependsOn', ['a', 'b', 'c', 'a']],
    ['dependsOn', ['b', 'd', 'b']],
  ])
})

test('circles are exactly those that are there', () => {
  const anyGraph = fc.array(fc.uniqueArray(fc.nat(4), { maxLength: 4 }), { minLength: 5, maxLength: 5 })
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const edges = graph.map((list, index) => list.filter((on) => on !== index))
      const found = checkTasks(edges.map((list, index) => task(`${index}`, { dependsOn: list.map(String) })))
      const told = found.filter(({ code }) => code === 'cycle').map(({ path }) => path?.slice(0, -1).join(' '))
      const all = everyCircle(edges)
      expect(new Set(told).size).toBe(told.length)
      if (all.length <= 20) expect(told.toSorted()).toEqual(all.toSorted())
      else for (const one of told) expect(all).toContain(one)
    }),
    { numRuns: 500 },
  )
})

/** By trying every path. */
function everyCircle(edges: readonly (readonly number[])[]): string[] {
  const out: string[] = []
  const walk = (path: readonly number[]): void => {
    for (const on of edges[path.at(-1) ?? 0] ?? []) {
      if (on === path[0]) out.push(path.join(' '))
      else if (on > (path[0] ?? 0) && !path.includes(on)) walk([...path, on])
    }
  }
  for (const start of edges.keys()) walk([start])
  return out
}

test('of millions of circles a few are told, and that there are more', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `t${index}`)
  const circles = checkTasks(ids.map((id) => task(id, { dependsOn: ids.filter((other) => other !== id) })))
  expect(circles).toHaveLength(21)
  expect(circles[0]?.message).toBe('these tasks wait for each other, so none can start: t0 → t1 → t0')
  expect(circles.at(-1)?.message).toMatch(/; so do more of them$/)
  const pairs = ids.map((id, index) => task(id, { dependsOn: [`t${index ^ 1}`] }))
  expect(checkTasks([...pairs, task('a', { dependsOn: ['b'] }), task('b', { dependsOn: ['a'] })])).toHaveLength(21)
})

test('groups that wait for each other are told with the path', () => {
  const tasks = [
    task('a1', { group: 'A' }),
    task('b1', { group: 'B', dependsOn: ['x'] }),
    task('x', { dependsOn: ['a1'] }),
    task('a2', { group: 'A', dependsOn: ['b1'] }),
    task('b2', { group: 'B', stackedOn: 'b1' }),
  ]
  const [problem, ...others] = checkTasks(tasks)
  expect(others).toEqual([])
  expect(problem).toEqual({
    code: 'group-cycle',
    task: 'a2',
    field: 'group',
    message:
      'the groups A and B wait for each other, so neither can be done as a whole before the other: a2 → b1 → x → a1',
    path: ['a2', 'b1', 'x', 'a1'],
  })
  const nested = [
    task('a1', { group: 'A' }),
    task('a2', { group: 'A', dependsOn: ['b2'] }),
    task('b1', { group: 'B', dependsOn: ['a1'] }),
    task('b2', { group: 'B' }),
  ]
  expect(checkTasks(nested).map(({ message }) => message)).toEqual([
    'the groups A and B wait for each other, so neither can be done as a whole before the other: a2 → b2, b1 → a1',
  ])
})

test('a group may wait in its middle for tasks of none, and its members for each other in any order', () => {
  const tasks = [
    task('a1', { group: 'A', dependsOn: ['a3'] }),
    task('x', { kind: 'sync', dependsOn: ['a1'] }),
    task('a2', { group: 'A', dependsOn: ['x'] }),
    task('a3', { group: 'A' }),
    task('c1', { group: 'C', dependsOn: ['a3'] }),
    task('a4', { group: 'A', dependsOn: ['c1'] }),
    task('b1', { group: 'B', dependsOn: ['a1'] }),
    task('b2', { group: 'B', dependsOn: ['a2'] }),
  ]
  expect(checkTasks(tasks)).toEqual([])
  const circle = [
    task('a1', { group: 'A', dependsOn: ['b1'] }),
    task('b1', { group: 'B', dependsOn: ['a1'] }),
    task('a2', { group: 'A' }),
    task('b2', { group: 'B' }),
  ]
  expect(codes(circle)).toEqual([['cycle', 'a1', 'dependsOn']])
})

test('groups are told exactly when each needs the other, directly or through others', () => {
  const drawn = fc.array(
    fc.record({ group: fc.constantFrom('A', 'B', undefined), on: fc.array(fc.nat(6), { maxLength: 2 }) }),
    { maxLength: 7 },
  )
  fc.assert(
    fc.property(drawn, (list) => {
      const tasks = list.map(({ group, on }, index) => {
        const dependsOn = on.filter((other) => other < index).map((other) => `t${other}`)
        return task(`t${index}`, { dependsOn, ...(group === undefined ? {} : { group }) })
      })
      const size = (group: string) => tasks.filter((one) => one.group === group).length
      const unit = (id: string) => tasks.find((one) => one.id === id)?.group ?? id
      // Everything that a group leads to when it is one thing.
      const reached = (from: string) => {
        const out = new Set<string>()
        const add = (one: string): void => {
          for (const { dependsOn } of tasks.filter(({ id }) => unit(id) === one)) {
            for (const on of dependsOn.map(unit).filter((other) => other !== one && !out.has(other))) {
              out.add(on)
              add(on)
            }
          }
        }
        add(from)
        return out
      }
      const both = size('A') > 1 && size('B') > 1 && reached('A').has('B') && reached('B').has('A')
      const found = checkTasks(tasks)
      expect(found.map(({ code }) => code)).toEqual(both ? ['group-cycle'] : [])
      const path = found[0]?.path ?? []
      const groups = new Set(path.map((id) => tasks.find((one) => one.id === id)?.group))
      if (both) expect(groups.has('A') && groups.has('B')).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('a stack does not go across a sync point', () => {
  const tasks = [
    task('schema'),
    task('migration', { dependsOn: ['schema'] }),
    task('merge', { kind: 'sync', dependsOn: ['migration'] }),
    task('api', { dependsOn: ['merge'] }),
    task('ui', { stackedOn: 'api' }),
    task('late', { stackedOn: 'schema', dependsOn: ['api'] }),
  ]
  expect(checkTasks(tasks)).toEqual([
    {
      code: 'stack-crosses-sync',
      task: 'late',
      field: 'stackedOn',
      message: 'late is stacked on schema, which has landed before the sync point merge that it waits for',
    },
  ])
})

test('of many sync points the one that is crossed is named', () => {
  const syncs = Array.from({ length: 100 }, (_, index) => task(`s${index}`, { kind: 'sync', dependsOn: ['base'] }))
  const [problem] = checkTasks([
    task('base'),
    ...syncs,
    task('t', { stackedOn: 'base', dependsOn: ['s63'] }),
    task('u', { stackedOn: 't', dependsOn: ['s31'] }),
  ])
  expect(problem?.message).toMatch(/before the sync point s63 that it waits for$/)
})

test('more of a resource than there is can never be had', () => {
  const tasks = [
    task('migrate', { resources: { database: 3, gpu: 1 } }),
    task('bench', { resources: { database: 2, toString: 2 } }),
  ]
  expect(checkTasks(tasks)).toEqual([])
  const found = checkTasks(tasks, { resources: { database: 2 } })
  expect(found.map(({ code, task: id, field }) => [code, id, field])).toEqual([
    ['demand-above-capacity', 'migrate', 'resources'],
    ['demand-above-capacity', 'bench', 'resources'],
  ])
  expect(found.map(({ message }) => message)).toEqual([
    'migrate asks for 3 of the resource database, of which there are only 2',
    'bench asks for 2 of the resource toString, of which there is only 1, as it is not in the `resources` of the policy',
  ])
})

test('a chain of 20,000 tasks is checked, and so is one that closes', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => task(`t${i}`, i === 0 ? {} : { dependsOn: [`t${i - 1}`] }))
  expect(checkTasks(chain)).toEqual([])
  const closed = [task('t0', { dependsOn: ['t19999'] }), ...chain.slice(1)]
  expect(codes(closed)).toEqual([['cycle', 't0', 'dependsOn']])
  const [circle] = checkTasks(closed)
  expect(circle?.path).toHaveLength(20_001)
  expect(circle?.message).toMatch(/ → t19981 → … \(20000 tasks\) → t0$/)
})

test('fans of 2,000 and 200,000 problems are checked', () => {
  const ids = (name: string) => Array.from({ length: 2_000 }, (_, index) => `${name}${index}`)
  const [first, second] = [ids('a'), ids('b')]
  expect(checkTasks([...first.map((id) => task(id)), ...second.map((id) => task(id, { dependsOn: first }))])).toEqual(
    [],
  )
  const follows = Array.from({ length: 100 }, (_, index) => `p${index}`)
  expect(checkTasks(first.map((id) => task(id, { follows })))).toHaveLength(200_000)
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
