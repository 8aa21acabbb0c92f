import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intersections } from '../../src/plan/intersections.ts'
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
