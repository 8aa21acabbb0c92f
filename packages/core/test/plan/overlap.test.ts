import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overlap } from '../../src/plan/overlap.ts'
import { covers } from '../../src/plan/scope.ts'
import { globs, paths, reference } from './glob-arbitrary.ts'

test('a scope covers the paths that picomatch matches', () => {
  fc.assert(
    fc.property(globs, paths, (glob, path) => {
      expect(covers([glob], path)).toBe(reference(glob)(path))
    }),
    { numRuns: 20_000 },
  )
})

/** `pnpm check` runs 100,000. */
const pairs = Number(process.env.ORCH_PAIRS ?? 5_000)

test(`of ${pairs} pairs a witness is matched by both, and nothing is when there is none`, { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(globs, globs, fc.array(paths, { maxLength: 20 }), (one, other, some) => {
      const found = overlap([one], [other])
      expect(overlap([other], [one]).is).toBe(found.is)
      const [first, second] = [reference(one), reference(other)]
      if (found.is === 'overlap') {
        expect(found.path).not.toBeNull()
        expect(first(found.path ?? '')).toBe(true)
        expect(second(found.path ?? '')).toBe(true)
      } else {
        expect(some.filter((path) => first(path) && second(path))).toEqual([])
      }
    }),
    { numRuns: pairs },
  )
})

test('what is matched by both is never called disjoint, for every short path', () => {
  const letters = ['a', 'b', '.a', 'ab']
  const short = [...letters, ...letters.flatMap((x) => letters.map((y) => `${x}/${y}`))]
  fc.assert(
    fc.property(globs, globs, (one, other) => {
      const [first, second] = [reference(one), reference(other)]
      const shared = short.find((path) => first(path) && second(path))
      if (shared !== undefined) expect(overlap([one], [other]).is).toBe('overlap')
    }),
    { numRuns: 5_000 },
  )
})

test('it does not matter which scope comes first', () => {
  fc.assert(
    fc.property(fc.array(globs, { maxLength: 3 }), fc.array(globs, { maxLength: 3 }), (one, other) => {
      expect(overlap(one, other).is).toBe(overlap(other, one).is)
    }),
    { numRuns: 3_000 },
  )
})

test('exclusions are exact: a witness is not excluded, and disjoint scopes share no path', () => {
  const scope = fc.tuple(fc.array(globs, { minLength: 1, maxLength: 2 }), fc.array(globs, { maxLength: 2 }))
  fc.assert(
    fc.property(scope, scope, fc.array(paths, { maxLength: 20 }), ([yes, no], [yesToo, noToo], some) => {
      const one = [...yes, ...no.map((glob) => `!${glob}`)]
      const other = [...yesToo, ...noToo.map((glob) => `!${glob}`)]
      const isIn = (positive: string[], negative: string[]) => (path: string) =>
        positive.some((glob) => reference(glob)(path)) && !negative.some((glob) => reference(glob)(path))
      const both = (path: string) => isIn(yes, no)(path) && isIn(yesToo, noToo)(path)
      const found = overlap(one, other)
      if (found.is === 'overlap') expect(both(found.path ?? '')).toBe(true)
      else expect(some.filter(both)).toEqual([])
    }),
    { numRuns: 5_000 },
  )
})

test.each([
  [['src/Button.tsx'], ['src/*.tsx'], 'src/Button.tsx'],
  [['src'], ['src/a/b.ts'], 'src/a/b.ts'],
  [['src/'], ['src/a/b.ts'], 'src/a/b.ts'],
  [['./src//a.ts'], ['src/x/../a.ts'], 'src/a.ts'],
  [['.'], ['package.json'], 'package.json'],
  [['caf\u0065\u0301.md'], ['caf\u00e9.md'], 'caf\u00e9.md'],
  [['app/[id]/page.tsx'], ['app/\\[id\\]/**'], 'app/[id]/page.tsx'],
  [['app/[...slug]/**'], ['app/\\[...slug\\]/page.tsx'], 'app/[...slug]/page.tsx'],
  [['app/(shop)/**'], ['app/(shop)/page.tsx'], 'app/(shop)/page.tsx'],
  [['log/{8..11}.txt'], ['log/1?.txt'], 'log/10.txt'],
  [['**/*.ts', '!src/**'], ['lib/*'], 'lib/a.ts'],
])('%j and %j meet in %s', (one, other, path) => {
  expect(overlap(one, other)).toEqual({ is: 'overlap', path })
})

test.each([
  [['src/**'], ['docs/**']],
  [['src/a'], ['src/ab']],
  [['*.ts'], ['src/*.ts']],
  [['src/*.ts'], ['src/*.tsx']],
  [['**/*.ts'], ['src/**/*.css']],
  [['src/**', '!src/auth/**'], ['src/auth/*.ts']],
  [['src', '!src/auth'], ['src/auth']],
  [['[^a].ts'], ['a.ts']],
  [[], ['**']],
  [['Src/a.ts'], ['src/a.ts']],
])('%j and %j never meet', (one, other) => {
  expect(overlap(one, other)).toEqual({ is: 'disjoint' })
})

test('without case, spellings of one path meet', () => {
  expect(overlap(['Src/A.ts'], ['src/a.ts'], { caseSensitive: false }).is).toBe('overlap')
  expect(overlap(['SRC/[A-C].ts'], ['src/?.TS'], { caseSensitive: false }).is).toBe('overlap')
  expect(overlap(['src/[^a].ts'], ['src/A.ts'], { caseSensitive: false })).toEqual({ is: 'disjoint' })
  expect(covers(['Src/**'], 'sRC/a', { caseSensitive: false })).toBe(true)
  expect(covers(['Src/**'], 'sRC/a')).toBe(false)
})

test.each([
  ['a thousand stars', ['*'.repeat(1000)], ['a']],
  ['a thousand stars and letters', ['*a'.repeat(1000)], [`${'*b'.repeat(1000)}c`]],
  ['deep braces', [`${'{'.repeat(19)}a,b${'}'.repeat(19)}`], ['b']],
  ['wide braces', ['{a,b}'.repeat(400)], [`${'{b,a}'.repeat(400)}c`]],
  ['many double stars', [`${'**/a/'.repeat(300)}x`], [`${'**/b/'.repeat(300)}y`]],
  ['an exclusion with many states', ['**', `!*a${'?'.repeat(30)}b`], [`*a${'?'.repeat(30)}b`]],
])('%s are answered', (_, one, other) => {
  expect(['disjoint', 'overlap']).toContain(overlap(one, other).is)
})

test('a scope covers nothing outside the repository', () => {
  for (const path of ['/a', '../a', 'a/../../b', '', '.', 'a\0b']) expect(covers(['**'], path)).toBe(false)
  expect(covers(['src/**'], './src/x/../a.ts')).toBe(true)
})

test('a sigma is one letter wherever it stands in a word', () => {
  expect(overlap(['aΣ*'], ['aσb'], { caseSensitive: false }).is).toBe('overlap')
})
