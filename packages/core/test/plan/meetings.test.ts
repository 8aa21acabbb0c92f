import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intersectionClasses } from '../../src/plan/intersections.ts'
import { Meetings } from '../../src/plan/meetings.ts'
import { scopeOf } from '../../src/plan/scope.ts'
import { globs } from './glob-arbitrary.ts'

const scope = fc
  .array(
    fc.oneof(
      globs,
      globs.map((glob) => `!${glob}`),
    ),
    { maxLength: 3 },
  )
  .map((globs) => scopeOf(globs))

const asked = fc
  .array(scope, { maxLength: 10 })
  .chain((all) => fc.tuple(fc.constant(all), fc.array(fc.shuffledSubarray(all), { maxLength: 4 })))

test('what is remembered of scopes gives the classes that they have without', () => {
  fc.assert(
    fc.property(asked, asked, ([some, parts], [others, more]) => {
      const meetings = new Meetings()
      for (const scopes of [some, ...parts, others, ...more, some])
        expect(meetings.classes(scopes)).toEqual(intersectionClasses(scopes))
    }),
    { numRuns: 1000 },
  )
})
