import type { Lacks, TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsFiles, vcsTest } from './vcs-rig.ts'

/** What is kept can be seen and had back. */
export function vcsKeptSuite(
  framework: TestFramework,
  factory: () => Promise<VcsRig> | VcsRig,
  lacks: Lacks<'kept'>,
): void {
  const { describe, expect } = framework
  const run = vcsTest(framework, factory)
  const test = (name: string, body: (rig: VcsAtWork) => Promise<void>) => run(name, body, lacks.kept)

  const odd = 'new "file"\n$(id).txt'
  /** A workspace with a commit and more on top of it, retired. */
  const retired = async (rig: VcsAtWork) => {
    const { directory } = await rig.make()
    await rig.edit('task', { 'src/a.ts': 'whole\n' })
    const commit = await rig.commit('task', 'Do a')
    await rig.edit('task', { 'src/b.ts': null, [odd]: 'new\n' })
    expect((await rig.vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).ok).toBe(true)
    const kept = (await rig.vcs.kept?.({ signal })) ?? []
    const files = kept.find(({ kind }) => kind === 'files')?.oid
    if (files == null) throw new Error('nothing is kept')
    return { kept, commit, files, directory }
  }

  describe('what is kept', () => {
    test('is nothing at first', async (rig) => {
      await rig.make()
      expect(await rig.vcs.kept?.({ signal })).toEqual([])
    })

    test('is listed with what it holds, commits before what was not committed', async (rig) => {
      const { kept, commit } = await retired(rig)
      expect(kept.map(({ workspace, kind, subject, files }) => ({ workspace, kind, subject, files }))).toEqual([
        { workspace: 'task', kind: 'commits', subject: 'Do a', files: null },
        {
          workspace: 'task',
          kind: 'files',
          subject: 'What was in the working tree',
          files: { count: 2, first: [odd, 'src/b.ts'] },
        },
      ])
      expect(kept[0]?.oid).toBe(commit)
      const names = new Set(kept.map(({ name }) => name))
      expect(names.size).toBe(2)
    })

    test('is held against where its branch started', async (rig) => {
      const { files, commit } = await retired(rig)
      const since = async (oid: string, from: string | null, patch = false) => {
        const changes = await rig.vcs.keptChanges?.({ oid, from, patch, signal })
        if (changes?.ok !== true) throw new Error('gone')
        return changes.value
      }
      const all = await since(files, rig.base)
      expect(all).toMatchObject({ from: rig.base, count: 3, patch: null, isCut: false })
      expect(all.files.map(({ path }) => path)).toEqual([odd, 'src/a.ts', 'src/b.ts'])
      expect(all.files[1]).toEqual({ path: 'src/a.ts', insertions: 1, deletions: 1 })
      // Where the branch started is not known, or not believed.
      const elsewhere = await rig.userCommit({ 'README.md': 'another\n' })
      for (const from of [null, elsewhere, '12'.repeat(files.length / 2)])
        expect((await since(files, from)).files).toEqual(all.files)
      expect((await since(commit, rig.base)).files.map(({ path }) => path)).toEqual(['src/a.ts'])
      const { patch } = await since(files, rig.base, true)
      expect(patch).toContain('\n-a\n+whole\n')
      const gone = { oid: '12'.repeat(files.length / 2), from: null, patch: false, signal }
      expect(await rig.vcs.keptChanges?.(gone)).toMatchObject({ ok: false, reason: 'gone' })
    })

    test('comes back on a new branch, never on one that is there', async (rig) => {
      const { files } = await retired(rig)
      const target = await rig.target()
      const onto = (branch: string) => rig.vcs.restore?.({ oid: files, to: { branch }, signal })
      expect(await onto('kept/task')).toEqual({ ok: true })
      expect(await onto('kept/task')).toMatchObject({ ok: false, reason: 'in-the-way' })
      expect(await onto('main')).toMatchObject({ ok: false, reason: 'in-the-way' })
      expect(await onto('kept')).toMatchObject({ ok: false, reason: 'clash' })
      expect(await onto('kept/task/more')).toMatchObject({ ok: false, reason: 'clash' })
      const back = await rig.vcs.createWorkspace({ name: 'back', branch: 'kept/task', from: rig.base, signal })
      if (!back.ok) throw new Error(back.detail)
      expect(await rig.read(back.value.directory)).toEqual({
        'README.md': 'read me\n',
        'src/a.ts': 'whole\n',
        [odd]: 'new\n',
      })
      expect(await rig.target()).toBe(target)
      expect(await rig.userFiles()).toEqual(vcsFiles)
    })

    test('comes back as files in a new directory, never in one that is there', async (rig) => {
      const { files, directory } = await retired(rig)
      const into = (to: string) => rig.vcs.restore?.({ oid: files, to: { directory: to }, signal })
      const fresh = `${directory}.back/again`
      expect(await into(fresh)).toEqual({ ok: true })
      const restored = { 'README.md': 'read me\n', 'src/a.ts': 'whole\n', [odd]: 'new\n' }
      expect(await rig.read(fresh)).toEqual(restored)
      expect(await into(fresh)).toMatchObject({ ok: false, reason: 'in-the-way' })
      expect(await rig.read(fresh)).toEqual(restored)
      const gone = { oid: '12'.repeat(files.length / 2), to: { directory: `${directory}.no` }, signal }
      expect(await rig.vcs.restore?.(gone)).toMatchObject({ ok: false, reason: 'gone' })
    })

    test('names what was moved aside', async (rig) => {
      await rig.make()
      await rig.spoil('task', 'nested')
      expect((await rig.vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).ok).toBe(true)
      const aside = (await rig.vcs.kept?.({ signal }))?.filter(({ kind }) => kind === 'folder') ?? []
      expect(aside.map(({ workspace, oid }) => ({ workspace, oid }))).toEqual([{ workspace: 'task', oid: null }])
    })
  })
}
