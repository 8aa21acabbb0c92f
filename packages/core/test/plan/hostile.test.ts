import { expect, test } from 'vitest'
import { intersections } from '../../src/plan/intersections.ts'
import { scopeOf } from '../../src/plan/scope.ts'

test.each<[string, number, (index: number) => string[]]>([
  ['a thousand stars', 200, (index) => [`${'*a'.repeat(1000)}${index}`]],
  ['stars that all meet', 2_000, (index) => [`**/*${index}*`]],
  ['many double stars', 500, (index) => [`${'**/a/'.repeat(100)}x${index}`]],
  ['double stars between names', 2_000, (index) => [`**/a${index}/**/b${index}/**/c/**/d`]],
  ['deep braces', 2_000, (index) => [`${'{'.repeat(19)}a,b${index}${'}'.repeat(19)}`]],
  ['wide braces', 100, (index) => [`${'{a,b}'.repeat(400)}${index}`]],
  ['long paths', 200, (index) => [`${'a/'.repeat(1000)}${index}`]],
  ['exclusions with many states', 200, (index) => ['**', `!*a${'?'.repeat(30)}${index}`]],
  ['20,000 folders with an exclusion', 20_000, (index) => [`src/${index}/**`, `!src/${index}/a/**`]],
  ['20,000 files', 20_000, (index) => [`src/${index % 100}/${index}.ts`]],
])('%s are answered in time', (_, count, make) => {
  const scopes = Array.from({ length: count }, (_, index) => scopeOf(make(index)))
  const { at, items } = intersections(scopes)
  expect(at).toHaveLength(count + 1)
  // Each can be written, so each meets itself at least.
  for (let index = 0; index < count; index++) expect(items.subarray(at[index], at[index + 1])).toContain(index)
})
