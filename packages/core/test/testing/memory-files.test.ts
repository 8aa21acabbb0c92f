import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differing, type Edits, edited, type Files, holds, mergeFiles, treeOf } from '../../src/testing/memory-files.ts'

const path = fc.constantFrom('a', 'b', 'c/d', 'c/e')
const content = fc.constantFrom('', 'one', 'two')
const files = fc.dictionary(path, content)
const edits = fc.dictionary(path, fc.option(content))

/** What was written, without anything that is known of how it came about. */
function anew(files: Files): Files {
  return { ...files }
}

function applied(files: Files, edits: Edits): Files {
  const all = Object.entries({ ...files, ...edits })
  return Object.fromEntries(all.flatMap(([path, content]) => (content === null ? [] : [[path, content]])))
}

test('edited files hold what was written, and are told apart by that alone', () => {
  fc.assert(
    fc.property(files, fc.array(edits, { maxLength: 4 }), (start, steps) => {
      let now: Files = start
      for (const step of steps) {
        const next = edited(now, step)
        expect(anew(next)).toEqual(applied(now, step))
        expect(treeOf(next)).toBe(treeOf(anew(next)))
        for (const one of [start, now]) {
          expect(differing(one, next)).toEqual(differing(anew(one), anew(next)))
          expect(differing(next, one)).toEqual(differing(one, next))
          expect(treeOf(one) === treeOf(next)).toBe(differing(one, next).length === 0)
        }
        now = next
      }
    }),
  )
})

test('a merge has what both wrote, and no side of what they wrote differently', () => {
  fc.assert(
    fc.property(files, edits, edits, (base, mine, other) => {
      const [ours, theirs] = [edited(base, mine), edited(base, other)]
      const merged = mergeFiles(base, ours, theirs)
      const both = differing(base, ours).filter((path) => base[path] !== theirs[path] && ours[path] !== theirs[path])
      if ('conflicts' in merged) expect(merged.conflicts.map(({ path }) => path)).toEqual(both)
      else {
        expect(both).toEqual([])
        expect(anew(merged.files)).toEqual(
          applied(
            applied(base, mine),
            Object.fromEntries(differing(base, theirs).map((path) => [path, theirs[path] ?? null])),
          ),
        )
      }
      const isSame = 'files' in merged && differing(merged.files, ours).length === 0
      expect(holds(ours, base, theirs)).toBe(isSame)
    }),
  )
})
