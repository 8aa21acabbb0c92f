import type { Kept } from '../model/run-state.ts'
import type { TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsTest } from './vcs-rig.ts'

/** What was done in a workspace between two times that it was preserved. */
export function vcsSinceSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  const kept = async ({ vcs }: VcsAtWork): Promise<Kept> => {
    const result = await vcs.preserve({ workspace: 'task', as: 'task', signal })
    if (!result.ok) throw new Error(`not kept: ${result.reason}, ${result.detail}`)
    return result.value
  }

  describe('what was done since', () => {
    test('names commits, newest first, and files, committed or not', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'half\n', 'scratch.txt': 'notes\n' })
      const before = await kept(rig)
      await rig.edit('task', { 'src/a.ts': 'whole\n' })
      const first = await rig.commit('task', 'Finish it\n\nAt length.')
      await rig.edit('task', { 'src/b.ts': null })
      const second = await rig.commit('task', 'Take b away')
      await rig.edit('task', { 'new "file".txt': 'new\n' })
      const since = await rig.vcs.since({ before, after: await kept(rig), signal })
      expect(since).toEqual({
        ok: true,
        value: {
          commits: [
            { oid: second, subject: 'Take b away' },
            { oid: first, subject: 'Finish it' },
          ],
          files: ['new "file".txt', 'src/a.ts', 'src/b.ts'],
        },
      })
    })

    test('is nothing where nothing was done, though much is not committed', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'half\n', 'scratch.txt': 'notes\n' })
      const before = await kept(rig)
      const since = await rig.vcs.since({ before, after: await kept(rig), signal })
      expect(since).toEqual({ ok: true, value: { commits: [], files: [] } })
    })

    test('of the target is what a branch has not, where it is about some files', async (rig) => {
      const had = await rig.userCommit({ 'src/b.ts': 'before\n' })
      const first = await rig.userCommit({ 'src/b.ts': 'first\n', 'docs/*.md/one.txt': 'one\n' })
      const second = await rig.userCommit({ 'src/a.ts': 'second\n', 'docs/x.md/one.txt': 'x\n' })
      const named = async (...paths: readonly string[]) => {
        const [before, after] = [had, second].map((oid) => ({ head: oid, oid }))
        const since = before && after && (await rig.vcs.since({ before, after, paths, signal }))
        return since?.ok === true ? since.value.commits.map(({ oid }) => oid) : since
      }
      expect(await named('src/b.ts')).toEqual([first])
      expect(await named('src/a.ts', 'README.md')).toEqual([second])
      expect(await named('src')).toEqual([second, first])
      expect(await named('docs/*.md')).toEqual([first])
      expect(await named('nothing')).toEqual([])
    })

    test('cannot be told of commits that are not there', async (rig) => {
      await rig.make()
      const after = await kept(rig)
      const before = { head: after.head, oid: '12'.repeat(after.oid.length / 2) }
      expect(await rig.vcs.since({ before, after, signal })).toMatchObject({ ok: false, reason: 'gone' })
    })
  })
}
