import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CoChange, coChange } from '../../src/plan/co-change.ts'
import { FileIndex } from '../../src/plan/covered.ts'
import { historyHints } from '../../src/plan/history-hints.ts'
import { NamedFiles } from '../../src/plan/named-files.ts'
import { covers } from '../../src/plan/scope.ts'
import { task } from '../../src/testing/task.ts'
import { globs, paths } from './glob-arbitrary.ts'

const files = [
  'src/auth/login.ts',
  'src/auth/session.ts',
  'src/ExportButton.tsx',
  'src/ExportButton.test.tsx',
  'src/a/index.ts',
  'src/b/index.ts',
  'Makefile',
]

test.each([
  ['Fix src/auth/login.ts:12, please', ['src/auth/login.ts']],
  ['see `./src/auth/` and (login.ts).', ['src/auth', 'src/auth/login.ts']],
  ['Add an exportbutton', ['src/ExportButton.tsx', 'src/ExportButton.test.tsx']],
  ['auth/login, then **auth**', ['src/auth/login.ts', 'src/auth']],
  ['index and index.ts could be either', []],
  ['a/index is one', ['src/a/index.ts']],
  ['ogin.ts, src/auth/login.tsx, ../auth/login.ts, constructor', []],
  ['makefile', ['Makefile']],
  ['', []],
])('%j names what it says', (text, named) => {
  expect([...new NamedFiles(files).in(text)].sort()).toEqual([...named].sort())
})

const hash = 'a'.repeat(40)

function learned(...commits: (readonly string[])[]): Promise<CoChange> {
  const five = [...commits, ...commits, ...commits, ...commits, ...commits]
  return coChange(
    five.map((changed) => `\0${hash}\0${changed.map((file, at) => `${at === 0 ? '\n' : ''}${file}\0`).join('')}`),
  )
}

test('a task without a scope gets one from what it names, and only of files that are still there', async () => {
  const changes = await learned(
    ['src/auth/login.ts', 'src/auth/session.ts', 'src/gone.ts'],
    ['README.md'],
    ['Makefile'],
  )
  const tasks = [
    task('named', { title: 'Fix the login' }),
    task('nameless', { title: 'Do better' }),
    task('declared', { title: 'Fix the login', writes: ['src/auth/login.ts'] }),
    task('reader', { title: 'Read the login', kind: 'read' }),
    { ...task('closed', { title: 'Fix the login' }), state: 'done' as const },
  ]
  const { suggestions } = historyHints(tasks, changes, files)
  expect(suggestions).toMatchObject([
    { task: 'named', named: ['src/auth/login.ts'], writes: ['src/auth/login.ts', 'src/auth/session.ts'] },
    { task: 'nameless', named: [], writes: [], reasons: [] },
  ])
  expect(suggestions[0]?.reasons).toMatchObject([{ from: 'src/auth/login.ts', to: 'src/auth/session.ts', of: 5 }])
})

test('tasks are likely to overlap when nothing keeps them apart and their files change together', async () => {
  const changes = await learned(['api.ts', 'client.ts'], ['docs.md'], ['other.ts'])
  const pairs = (...tasks: Parameters<typeof historyHints>[0]) =>
    historyHints(tasks, changes, files).overlaps.map((overlap) => overlap.tasks)
  const api = task('api', { writes: ['api.ts'] })
  const client = task('client', { writes: ['client.ts'] })
  expect(pairs(api, client)).toEqual([['api', 'client']])
  expect(pairs(api, task('docs', { writes: ['docs.md'] }))).toEqual([])
  expect(pairs(api, { ...client, writes: ['*.ts'] })).toEqual([])
  expect(pairs(api, { ...client, dependsOn: ['api'] })).toEqual([])
  expect(pairs({ ...api, group: 'both' }, { ...client, group: 'both' })).toEqual([])
  const links = Array.from({ length: 70 }, (_, index) =>
    task(`link-${index}`, { writes: [], dependsOn: [index === 0 ? 'client' : `link-${index - 1}`] }),
  )
  expect(pairs(...links, client, { ...api, dependsOn: ['link-69'] })).toEqual([])
  expect(pairs(...links, client, api)).toEqual([['client', 'api']])
})

test('all pairs at once are those that are told one by one', async () => {
  const names = fc.constantFrom('a', 'b/c', 'b/d', 'E', 'é')
  const commits = fc.array(fc.uniqueArray(names, { minLength: 1 }), { minLength: 1, maxLength: 6 })
  const scope = fc.array(fc.oneof(names, globs), { maxLength: 3 })
  const scopes = fc.array(scope, { minLength: 2, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(commits, scopes, fc.boolean(), async (history, some, caseSensitive) => {
      const changes = await learned(...history)
      const pairs = changes.likelyPairs(some, { caseSensitive })
      for (let a = 0; a < some.length; a++)
        for (let b = a + 1; b < some.length; b++) {
          const alone = changes.likely(some[a] ?? [], some[b] ?? [], { caseSensitive })
          const together = pairs.find((pair) => pair.a === a && pair.b === b)?.rules ?? []
          expect(together).toEqual(alone.slice(0, 3))
        }
    }),
  )
})

test('an index of files finds what a scope covers', () => {
  const names = fc.array(fc.oneof(fc.constantFrom('a', 'b/c', 'b/d', 'B/c', 'bc', 'e\u0301'), paths), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(names, fc.array(globs, { maxLength: 3 }), fc.boolean(), (some, given, caseSensitive) => {
      const found = new FileIndex(some, { caseSensitive }).covered(given)
      expect([...found].sort()).toEqual(
        [...new Set(some.filter((file) => covers(given, file, { caseSensitive })))].sort(),
      )
    }),
  )
})
