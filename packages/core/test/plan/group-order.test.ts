import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupOrder } from '../../src/plan/group-order.ts'

/** Who waits only for tasks of lower numbers, shuffled, in up to three groups. */
const cases = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.record({
    waits: fc.tuple(
      ...Array.from({ length: size }, (_, index) => fc.subarray(Array.from({ length: index }, (_, on) => on))),
    ),
    names: fc.shuffledSubarray(
      Array.from({ length: size }, (_, index) => index),
      { minLength: size },
    ),
    groups: fc.array(fc.constantFrom('g', 'h', undefined), { minLength: size, maxLength: size }),
    begun: fc.subarray(Array.from({ length: size }, (_, index) => index)),
  }),
)

it('goes after what is waited for, and begins a group with the first of it that has begun and all that this needs', () => {
  fc.assert(
    fc.property(cases, ({ waits, names, groups, begun }) => {
      const lists: number[][] = names.map(() => [])
      for (const [index, own] of waits.entries()) lists[names[index] ?? 0] = own.map((on) => names[on] ?? 0)
      const at = lists.map((_, index) => lists.slice(0, index).flat().length)
      const flat = { at: Int32Array.from([...at, lists.flat().length]), items: Int32Array.from(lists.flat()) }
      const order = groupOrder(groups, flat, begun)
      expect([...order].sort((a, b) => a - b)).toEqual([...names].sort((a, b) => a - b))
      const place = (index: number): number => order.indexOf(index)
      for (const [index, own] of lists.entries()) for (const on of own) expect(place(on)).toBeLessThan(place(index))

      const first = begun.find((index) => groups[index] !== undefined)
      if (first === undefined) return
      const needed = new Set([first])
      for (const each of needed) for (const on of lists[each] ?? []) needed.add(on)
      for (const [other, group] of groups.entries())
        if (group === groups[first] && !needed.has(other)) expect(place(first)).toBeLessThan(place(other))
    }),
  )
})
