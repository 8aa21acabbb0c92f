import type { Oid } from '../model/run-state.ts'
import type { TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsFiles, vcsTest } from './vcs-rig.ts'

const methods = ['merge', 'squash', 'rebase'] as const
const regenerate = ['**/*.lock']

/** Files that a command makes of others. */
export function vcsRegenerationSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  const amended = async (rig: VcsAtWork, on: Oid, commit: Oid, edits: Readonly<Record<string, string | null>>) => {
    const { directory } = await rig.vcs.checkout({ commit, signal })
    await rig.edit(directory, edits)
    return rig.vcs.amendCandidate({ base: on, commit, directory, include: regenerate, signal })
  }

  describe('files that a command makes of others', () => {
    for (const method of methods) {
      test(`${method}: stay as they are on the target where both changed them, and are named`, async (rig) => {
        const head = await rig.done({ 'src/a.lock': 'theirs\n', 'b.lock': 'theirs\n', 'src/a.ts': 'theirs\n' })
        const base = await rig.userCommit({ 'src/a.lock': 'ours\n', 'src/b.ts': 'ours\n' })
        expect(await rig.candidate(base, head, method)).toMatchObject({ reason: 'conflict' })
        const candidate = await rig.candidate(base, head, method, { regenerate })
        if (!candidate.ok) throw new Error(candidate.detail)
        expect(candidate.value.touched).toEqual(['b.lock', 'src/a.lock'])
        expect(await rig.read(candidate.value.commit)).toEqual({
          ...vcsFiles,
          'src/a.lock': 'ours\n',
          'b.lock': 'theirs\n',
          'src/a.ts': 'theirs\n',
          'src/b.ts': 'ours\n',
        })
        expect(await rig.candidate(base, head, method, { regenerate })).toEqual(candidate)
      })

      test(`${method}: beside a conflict the others alone are named`, async (rig) => {
        const head = await rig.done({ 'a.lock': 'theirs\n', 'src/a.ts': 'theirs\n' })
        const base = await rig.userCommit({ 'a.lock': 'ours\n', 'src/a.ts': 'ours\n' })
        const files = [{ path: 'src/a.ts' }]
        expect(await rig.candidate(base, head, method, { regenerate })).toMatchObject({ reason: 'conflict', files })
      })

      test(`${method}: a change of nothing else is not lost in them`, async (rig) => {
        const head = await rig.done({ 'a.lock': 'theirs\n' })
        const base = await rig.userCommit({ 'a.lock': 'ours\n' })
        const files = [{ path: 'a.lock', kind: 'both-added' }]
        expect(await rig.candidate(base, head, method, { regenerate })).toMatchObject({ reason: 'conflict', files })
      })

      test(`${method}: one that is gone on one side is a conflict`, async (rig) => {
        const head = await rig.done({ 'src/a.ts': null })
        const base = await rig.userCommit({ 'src/a.ts': 'ours\n' })
        const made = await rig.candidate(base, head, method, { regenerate: ['**/*.ts'] })
        expect(made).toMatchObject({ reason: 'conflict', files: [{ path: 'src/a.ts', kind: 'modify-delete' }] })
      })

      test(`${method}: lands as it was made, with nothing else that was left there`, async (rig) => {
        const head = await rig.done({ 'src/a.lock': 'theirs\n', 'old.lock': 'old\n', 'src/a.ts': 'theirs\n' })
        const base = await rig.userCommit({ 'src/b.ts': 'ours\n' })
        const commit = await rig.built(base, head, method, { regenerate })
        const edits = {
          'src/a.lock': 'made\n',
          'new.lock': 'new\n',
          'old.lock': null,
          'src/a.ts': 'x\n',
          rubbish: 'x\n',
        }
        const made = await amended(rig, base, commit, edits)
        if (!made.ok) throw new Error(made.detail)
        expect(await rig.read(made.value.commit)).toEqual({
          ...vcsFiles,
          'src/a.lock': 'made\n',
          'new.lock': 'new\n',
          'src/a.ts': 'theirs\n',
          'src/b.ts': 'ours\n',
        })
        expect(await amended(rig, base, commit, edits)).toEqual(made)
        expect(await rig.vcs.land({ expect: base, commit: made.value.commit, signal })).toMatchObject({ ok: true })
        const { tree } = made.value
        expect(await rig.vcs.verifyLanding({ base, commit: made.value.commit, tree, signal })).toMatchObject({
          ok: true,
        })
        expect(await rig.landedBy(head, made.value.commit)).toBe('us')
        expect((await rig.userFiles())['src/a.lock']).toBe('made\n')
      })
    }

    test('are named when the change touches them, or the target since it began', async (rig) => {
      const touched = async (on: Oid, head: Oid) => {
        const made = await rig.candidate(on, head, 'merge', { regenerate })
        return made.ok ? made.value.touched : made.reason
      }
      const [own, plain] = [
        await rig.done({ 'a.lock': 'own\n' }, 'own'),
        await rig.done({ 'src/a.ts': 'own\n' }, 'plain'),
      ]
      expect([await touched(rig.base, own), await touched(rig.base, plain)]).toEqual([['a.lock'], []])
      const moved = await rig.userCommit({ 'b.lock': 'target\n' })
      expect([await touched(moved, own), await touched(moved, plain)]).toEqual([['a.lock', 'b.lock'], ['b.lock']])
      const alone = await rig.candidate(moved, plain)
      expect(alone).toMatchObject({ ok: true, value: { touched: [] } })
    })

    test('that are as they were before make no other candidate', async (rig) => {
      const commit = await rig.built(rig.base, await rig.done({ 'a.lock': 'theirs\n', 'src/a.ts': 'x\n' }))
      expect(await amended(rig, rig.base, commit, { rubbish: 'x\n' })).toMatchObject({ ok: true, value: { commit } })
    })

    test('that are as the target has them leave nothing to land', async (rig) => {
      const commit = await rig.built(rig.base, await rig.done({ 'a.lock': 'theirs\n' }))
      expect(await amended(rig, rig.base, commit, { 'a.lock': null })).toMatchObject({ reason: 'empty' })
    })

    test('cannot be taken from where nothing is', async (rig) => {
      const commit = await rig.built(rig.base, await rig.done({ 'a.lock': 'theirs\n' }))
      const asked = { base: rig.base, commit, directory: '/nowhere/at/all', include: regenerate, signal }
      expect(await rig.vcs.amendCandidate(asked)).toMatchObject({ ok: false, reason: 'gone' })
    })
  })
}
