import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortBy } from '../../../src/plan/solve/sort.ts'

const keys = fc.oneof(
  fc.integer({ min: -40, max: 40 }),
  fc.integer({ min: -1e12, max: 1e12 }),
  fc.double({ min: -50, max: 50, noNaN: true }),
)

test('items are sorted by their keys, and those with equal keys stay as they lie', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(keys, { maxLength: 60 }),
        fc.array(keys, { minLength: 90, maxLength: 600 }),
        fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 90, maxLength: 600 }),
      ),
      (drawn) => {
        const given = Array.from(drawn.keys()).reverse()
        const items = Int32Array.from(given)
        sortBy(items, Float64Array.from(drawn))
        expect([...items]).toEqual(given.toSorted((a, b) => (drawn[a] ?? 0) - (drawn[b] ?? 0)))
      },
    ),
  )
})
