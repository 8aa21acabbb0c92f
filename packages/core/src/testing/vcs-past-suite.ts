import { coChange } from '../plan/co-change.ts'
import type { Lacks, TestFramework } from './suite.ts'
import { signal, type VcsRig, vcsTest } from './vcs-rig.ts'

export type VcsLacks = Lacks<'occupants' | 'watch' | 'changedFiles' | 'conflicts' | 'history' | 'kept'>

/** What a repository tells of what was done in it. */
export function vcsPastSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig, lacks: VcsLacks): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  describe('the past', () => {
    test(
      'tells which files differ between commits, for each pair in its place',
      async (rig) => {
        const one = await rig.done({ 'src/a.ts': 'one\n', 'new folder/ü\n.ts': 'new\n' }, 'one')
        const two = await rig.done({ 'src/b.ts': null }, 'two')
        const none = '0123'.repeat(rig.base.length / 4)
        const asked: readonly (readonly [string, string])[] = [
          [rig.base, one],
          [rig.base, none],
          [one, two],
          [one, one],
          [rig.base, one],
        ]
        const pairs = asked.map(([from, to]) => ({ from, to }))
        const changed = await rig.vcs.changedFiles?.({ pairs, signal })
        const sorted = changed?.map((files) => files && [...files].sort())
        const ofOne = ['new folder/ü\n.ts', 'src/a.ts']
        expect(sorted).toEqual([ofOne, null, [...ofOne, 'src/b.ts'], [], ofOne])
        expect(await rig.vcs.changedFiles?.({ pairs: [], signal })).toEqual([])
      },
      lacks.changedFiles,
    )

    test(
      'tells the files of the target, and its past in a form that is learned from',
      async (rig) => {
        for (const text of ['one\n', 'two\n', 'three\n']) {
          await rig.userCommit({ 'src/a.ts': text, 'ü\n.ts': text })
          await rig.userCommit({ 'README.md': text })
        }
        await rig.userCommit({ 'src/b.ts': null })
        const history = await rig.vcs.history?.({ signal })
        expect([...(history?.files ?? [])].sort()).toEqual(['README.md', 'src/a.ts', 'ü\n.ts'])
        const changes = await coChange(history?.log ?? [])
        expect(changes.commits).toBe(8)
        const [rule] = changes.suggest(['ü?.ts']).reasons
        expect(rule).toMatchObject({ from: 'ü\n.ts', to: 'src/a.ts', together: 3, of: 3 })
      },
      lacks.history,
    )
  })
}
