import { expect, test } from 'vitest'
import { commonFiles } from '../../src/plan/common-files.ts'
import { scoreScopes } from '../../src/plan/score-scopes.ts'

test('what was declared is held against what was changed', () => {
  const scores = scoreScopes([
    { id: 'a', writes: ['src/a/**', 'docs/a.md', '!src/a/x.ts'], changed: ['src/a/1.ts', 'src/a/x.ts', 'README.md'] },
    { id: 'b', writes: ['src/**'], changed: ['src/b.ts'] },
    { id: 'c', writes: ['lib/**'], changed: ['lib/c.ts', 'README.md'] },
    { id: 'd', changed: ['src/b.ts'] },
    { id: 'e', writes: [], changed: [] },
  ])
  expect(scores.unknown).toEqual(['d'])
  expect(scores.tasks).toEqual([
    { id: 'a', precision: 1 / 2, recall: 1 / 3, outside: ['src/a/x.ts', 'README.md'], unused: ['docs/a.md'] },
    { id: 'b', precision: 1, recall: 1, outside: [], unused: [] },
    { id: 'c', precision: 1, recall: 1 / 2, outside: ['README.md'], unused: [] },
    { id: 'e', precision: null, recall: null, outside: [], unused: [] },
  ])
  expect(scores.precision).toBe(3 / 4)
  expect(scores.recall).toBe(3 / 6)
  expect(scores.needless).toEqual([['a', 'b']])
  expect(scores.missed).toEqual([['a', 'c']])
  expect(scores.needed).toBe(0)
})

test('scopes that met for a reason are counted', () => {
  const changed = ['src/a.ts']
  expect(
    scoreScopes([
      { id: 'a', writes: ['src/**'], changed },
      { id: 'b', writes: ['src/a.ts'], changed },
    ]),
  ).toMatchObject({ needed: 1, needless: [], missed: [] })
})

test('without tasks there is no score', () => {
  expect(scoreScopes([])).toEqual({
    tasks: [],
    unknown: [],
    precision: null,
    recall: null,
    needed: 0,
    needless: [],
    missed: [],
  })
})

test('an overlap is weighed against the files that there are', () => {
  const files = ['a.test.ts', 'src/a.ts', 'src/a.test.ts', 'src/x/b.test.ts', 'README.md']
  expect(commonFiles(['**/*.test.ts'], ['src/**'], files)).toEqual({
    count: 2,
    files: ['src/a.test.ts', 'src/x/b.test.ts'],
  })
  expect(commonFiles(['**/*.test.ts'], ['src/**'], files, { most: 1 })).toEqual({ count: 2, files: ['src/a.test.ts'] })
  expect(commonFiles(['**/*.test.ts'], ['src/a.ts'], files)).toEqual({ count: 0, files: [] })
  expect(commonFiles(['SRC/**'], ['src/*'], files, { caseSensitive: false }).count).toBe(2)
})
