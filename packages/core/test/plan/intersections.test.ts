import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intersectionClasses, intersections } from '../../src/plan/intersections.ts'
import { overlapOf } from '../../src/plan/overlap.ts'
import { scopeOf } from '../../src/plan/scope.ts'
import { globs } from './glob-arbitrary.ts'

function pairsOf(scopes: readonly string[][], caseSensitive = true): string[] {
  const { at, items } = intersections(scopes.map((scope) => scopeOf(scope, { caseSensitive })))
  return scopes.flatMap((_, a) => Array.from(items.subarray(at[a], at[a + 1]), (b) => `${a} ${b}`))
}

function pairwise(scopes: readonly string[][], caseSensitive = true): string[] {
  const ready = scopes.map((scope) => scopeOf(scope, { caseSensitive }))
  return ready.flatMap((one, a) =>
    ready.flatMap((other, b) => (overlapOf(one, other).is === 'overlap' ? [`${a} ${b}`] : [])),
  )
}

const strange = fc.constantFrom(
  '.',
  '**',
  '**/*',
  '*/**',
  '**/',
  'a/**/b',
  '**/a/**',
  'a/**/**/b',
  '{a/**,b}c',
  '{**/a,b}',
  '**{a,b}',
  'a/{,b}',
  'a/{,b}/c',
  '[.]',
  '?',
  '??',
  'a/\\./b',
  'a**',
  'a**/b',
  '{a,b/**/c}/d',
  '[id]',
  'app/[id]/page.tsx',
  'app/[...slug]/*',
  'a/[id]/**',
  '{a,b}/{c,d}/{e/f,g}',
  '{a,{b,c/d}}/e',
  '**/*.a/**',
  '!',
  '(a|b)',
  'x/../a',
  '**/**',
  '*',
  'a/*/b',
  '{**,a}',
  '{a/**,b}/c',
  'a{/b,/c}',
  'a/**{/b,c}',
  '[^a]/b',
  '{a/**,b}c/[.]',
  '{a/**,b}c/**',
)
const glob = fc.oneof({ weight: 4, arbitrary: globs }, { weight: 1, arbitrary: strange })
const scope = fc
  .tuple(fc.array(glob, { maxLength: 4 }), fc.array(glob, { maxLength: 1 }))
  .map(([yes, no]) => [...yes, ...no.map((one) => `!${one}`)])

test('many scopes meet exactly where each two of them do', () => {
  fc.assert(
    fc.property(fc.array(scope, { maxLength: 8 }), (scopes) => {
      expect(pairsOf(scopes)).toEqual(pairwise(scopes))
    }),
    { numRuns: 500 },
  )
})

const letters = fc.constantFrom(
  'a',
  'A',
  'ß',
  'ss',
  'S',
  'ſ',
  's',
  'K',
  '\u212a',
  'é',
  'É',
  'σ',
  'ς',
  'Σ',
  'İ',
  'i',
  '?',
  '*',
  '[a-z]',
  '[^s]',
  '{k,ß}',
  '/',
)
const anyCase = fc.array(letters, { minLength: 1, maxLength: 4 }).map((some) => some.join(''))

test('they do without case too', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyCase, { maxLength: 2 }), { maxLength: 6 }), (scopes) => {
      expect(pairsOf(scopes, false)).toEqual(pairwise(scopes, false))
    }),
    { numRuns: 5_000 },
  )
})

test('classes say the same as scopes one by one', () => {
  fc.assert(
    fc.property(fc.array(scope, { maxLength: 12 }), (scopes) => {
      const { classes, excludes } = intersectionClasses(scopes.map((one) => scopeOf(one)))
      const pairs = scopes.flatMap((_, a) =>
        scopes.flatMap((_, b) => {
          const [one, other] = [classes[a] ?? -1, classes[b] ?? -1]
          const meets = one >= 0 && excludes.items.subarray(excludes.at[one], excludes.at[one + 1]).includes(other)
          return meets ? [`${a} ${b}`] : []
        }),
      )
      expect(pairs).toEqual(pairsOf(scopes))
    }),
    { numRuns: 500 },
  )
})

test('many scopes that all meet are one class', () => {
  const { classes, excludes } = intersectionClasses(
    Array.from({ length: 5_000 }, (_, index) => scopeOf([`src/*${index}*`])),
  )
  expect(new Set(classes)).toEqual(new Set([0]))
  expect([...excludes.items]).toEqual([0])
})

test.each<[string, string[]]>([
  ['a folder, and a pattern below it that nothing matches', ['a/**', 'a/{b/**,c}d/\\.']],
  ['a name that only an escape can spell', ['a/\\./b', 'a/**', 'a/\\./b']],
  ['a catch-all route and its page', ['app/[...slug]/**', 'app/\\[...slug\\]/page.tsx', 'app/x/page.tsx']],
])('%s', (_, patterns) => {
  const scopes = patterns.map((pattern) => [pattern])
  expect(pairsOf(scopes)).toEqual(pairwise(scopes))
})
