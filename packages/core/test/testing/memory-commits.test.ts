import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Oid } from '../../src/model/run-state.ts'
import { type MemoryCommits, memoryCommits } from '../../src/testing/memory-commits.ts'
import { noFiles } from '../../src/testing/memory-files.ts'

/** Each commit by how far back its parents are; of none before the first one. */
const history = fc.array(fc.array(fc.nat(9), { maxLength: 2 }), { minLength: 1, maxLength: 14 })

function grown(steps: readonly (readonly number[])[]): { commits: MemoryCommits; oids: readonly Oid[] } {
  const commits = memoryCommits()
  const oids: Oid[] = []
  for (const [index, back] of steps.entries()) {
    const parents = [...new Set(back)].flatMap((far) => oids.at(-1 - far) ?? [])
    oids.push(commits.add({ files: noFiles, parents, message: `${index}` }))
  }
  return { commits, oids }
}

test('a commit came from its ancestors and from no other', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { commits, oids } = grown(steps)
      for (const of of oids) {
        const all = commits.ancestors(of)
        for (const oid of [...oids, 'elsewhere']) expect(commits.isAncestor(oid, of)).toBe(all.has(oid))
      }
    }),
  )
})

test('the merge base came before both, and nothing that came from it did', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { commits, oids } = grown(steps)
      for (const ours of oids) {
        for (const theirs of oids) {
          const common = oids.filter((oid) => commits.isAncestor(oid, ours) && commits.isAncestor(oid, theirs))
          const base = commits.mergeBase(ours, theirs)
          expect(base === undefined).toBe(common.length === 0)
          if (base === undefined) continue
          expect(common.filter((oid) => commits.isAncestor(base, oid))).toEqual([base])
        }
      }
    }),
  )
})
