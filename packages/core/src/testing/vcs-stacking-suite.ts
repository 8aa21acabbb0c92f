import type { Oid } from '../model/run-state.ts'
import type { TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsFiles, vcsTest } from './vcs-rig.ts'

const methods = ['merge', 'squash', 'rebase'] as const

/** Branches that start on other branches, and workspaces that go on with another branch. */
export function vcsStackingSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  const goOn = (rig: VcsAtWork, from: Oid, continues = true) =>
    rig.vcs.createWorkspace({ name: 'task', branch: 'orch/next', from, continues, signal })

  const landed = async (rig: VcsAtWork, head: Oid, from: Oid) => {
    const { landed: found } = await rig.vcs.observe({
      landed: [{ task: 'task', head, base: from, commit: null }],
      signal,
    })
    return found.get('task')?.by ?? null
  }

  describe('a branch that starts on another one', () => {
    for (const method of methods) {
      const candidate = (rig: VcsAtWork, base: Oid, head: Oid, from: Oid) =>
        rig.vcs.buildCandidate({ base, head, from, method, message: 'Land it', signal })
      const built = async (rig: VcsAtWork, base: Oid, head: Oid, from: Oid) => {
        const made = await candidate(rig, base, head, from)
        if (!made.ok) throw new Error(made.detail)
        return made.value.commit
      }
      const stacked = async (rig: VcsAtWork) => {
        const below = await rig.done({ 'src/a.ts': 'below\n' }, 'below')
        const made = await rig.vcs.createWorkspace({ name: 'above', branch: 'orch/above', from: below, signal })
        expect(made).toMatchObject({ ok: true })
        await rig.edit('above', { 'src/a.ts': 'below\nabove\n', 'src/b.ts': null })
        return { below, above: await rig.sealed('above') }
      }

      test(`${method}: lands on what it started on when that has landed`, async (rig) => {
        const { below, above } = await stacked(rig)
        const first = await rig.built(rig.base, below, method)
        expect(await rig.vcs.land({ expect: rig.base, commit: first, signal })).toMatchObject({ ok: true })
        const second = await built(rig, first, above, below)
        expect(await rig.read(second)).toEqual({ 'README.md': 'read me\n', 'src/a.ts': 'below\nabove\n' })
      })

      test(`${method}: has not landed where it takes back what it started on, until it has`, async (rig) => {
        const below = await rig.done({ 'src/a.ts': 'below\n', 'src/c.ts': 'below\n' }, 'below')
        for (const [name, edits] of [
          ['some', { 'src/c.ts': null }],
          ['all', { 'src/a.ts': 'a\n', 'src/c.ts': null }],
        ] as const) {
          await rig.vcs.createWorkspace({ name, branch: `orch/${name}`, from: below, signal })
          await rig.edit(name, edits)
        }
        const [some, all] = [await rig.sealed('some'), await rig.sealed('all')]
        const first = await rig.built(rig.base, below, method)
        expect(await rig.vcs.land({ expect: rig.base, commit: first, signal })).toMatchObject({ ok: true })
        expect(await landed(rig, some, below)).toBe(null)
        expect(await landed(rig, all, below)).toBe(null)
        expect(await rig.read(await built(rig, first, all, below))).toEqual(vcsFiles)
        await rig.userCommit({ 'src/c.ts': null })
        expect(await landed(rig, some, below)).toBe('other')
        expect(await landed(rig, all, below)).toBe(null)
        await rig.userCommit({ 'src/a.ts': 'a\n' })
        expect(await landed(rig, all, below)).toBe('other')
      })

      test(`${method}: lands without what it started on where that has not`, async (rig) => {
        const below = await rig.done({ 'README.md': 'below\n' }, 'below')
        const made = await rig.vcs.createWorkspace({ name: 'above', branch: 'orch/above', from: below, signal })
        expect(made).toMatchObject({ ok: true })
        await rig.edit('above', { 'src/a.ts': 'above\n' })
        const above = await rig.sealed('above')
        const base = await rig.userCommit({ 'src/b.ts': 'ours\n' })
        const commit = await built(rig, base, above, below)
        expect(await rig.read(commit)).toEqual({ ...vcsFiles, 'src/a.ts': 'above\n', 'src/b.ts': 'ours\n' })
        expect(await built(rig, base, above, below)).toBe(commit)
        expect(await rig.vcs.land({ expect: base, commit, signal })).toMatchObject({ ok: true })
        expect(await rig.landedBy(below, null)).toBe(null)
      })

      test(`${method}: names the files that it cannot change without what it started on`, async (rig) => {
        const { below, above } = await stacked(rig)
        const refused = await candidate(rig, rig.base, above, below)
        expect(refused).toMatchObject({ ok: false, reason: 'conflict', files: [{ path: 'src/a.ts' }] })
      })
    }
  })

  describe('what a branch that starts on another one changes outside its scope', () => {
    test('is not what it started on', async (rig) => {
      const below = await rig.done({ 'src/a.ts': 'below\n' }, 'below')
      const made = await rig.vcs.createWorkspace({ name: 'above', branch: 'orch/above', from: below, signal })
      expect(made).toMatchObject({ ok: true })
      await rig.edit('above', { 'src/b.ts': 'above\n' })
      await rig.commit('above', 'By the agent')
      const include = ['README.md']
      const seen = await rig.vcs.changes({ workspace: 'above', base: below, include, signal })
      expect(seen.outside).toEqual(['src/b.ts'])
      const sealed = await rig.vcs.seal({
        ...{ workspace: 'above', branch: 'orch/above', from: below, before: null },
        ...{ include, message: 'Do it', signal },
      })
      expect(sealed).toMatchObject({ ok: true, value: { outside: ['src/b.ts'] } })
    })
  })

  describe('a workspace that goes on with another branch', () => {
    test('keeps everything that is in it', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'first\n' })
      await rig.edit('task', { 'notes.md': 'not committed\n' })
      const made = await goOn(rig, head)
      if (!made.ok) throw new Error(made.detail)
      expect(made.value).toMatchObject({ name: 'task', branch: 'orch/next', state: 'ready', found: false })
      const { workspaces } = await rig.vcs.observe({ landed: [], signal })
      expect([...workspaces.values()].map(({ name, branch }) => [name, branch])).toEqual([['task', 'orch/next']])
      expect(await rig.read(made.value.directory)).toEqual({
        ...vcsFiles,
        'src/a.ts': 'first\n',
        'notes.md': 'not committed\n',
      })
      expect(await goOn(rig, head)).toMatchObject({ ok: true, value: { branch: 'orch/next' } })
      await rig.edit('task', { 'src/b.ts': 'second\n' })
      const sealed = await rig.vcs.seal({
        ...{ workspace: 'task', branch: 'orch/next', from: head, before: null, include: ['src/**'] },
        ...{ message: 'Do the next', signal },
      })
      if (!sealed.ok) throw new Error(sealed.detail)
      expect(sealed.value).toMatchObject({ changed: true, left: ['notes.md'] })
      expect(await rig.read(sealed.value.head)).toEqual({ ...vcsFiles, 'src/a.ts': 'first\n', 'src/b.ts': 'second\n' })
    })

    test('only when it may, and only where the one before has ended', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'first\n' })
      expect(await goOn(rig, head, false)).toMatchObject({ ok: false, reason: 'other-branch' })
      await rig.edit('task', { 'src/a.ts': 'more\n' })
      const moved = await rig.commit('task', 'By the agent')
      expect(await goOn(rig, head)).toMatchObject({ ok: false, reason: 'other-branch' })
      await rig.detach('task')
      expect(await goOn(rig, moved)).toMatchObject({ ok: false, reason: 'other-branch' })
      const { workspaces } = await rig.vcs.observe({ landed: [], signal })
      expect(workspaces.get('task')).toMatchObject({ branch: 'orch/task' })
    })

    test('is there for the other one when the branch before is put away', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'first\n' })
      await goOn(rig, head)
      await rig.edit('task', { 'src/b.ts': 'second\n' })
      expect(await rig.vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
      const { workspaces } = await rig.vcs.observe({ landed: [], signal })
      expect([...workspaces.values()].map(({ branch }) => branch)).toEqual(['orch/next'])
      expect(await rig.read(workspaces.get('task')?.directory ?? '')).toMatchObject({ 'src/b.ts': 'second\n' })
      expect(await rig.pinned()).toContain(head)
      const again = await rig.vcs.createWorkspace({ name: 'own', branch: 'orch/task', from: head, signal })
      expect(again).toMatchObject({ ok: true })
      // Its own name is not the one of the workspace that it is in.
      expect(await rig.vcs.retire({ workspace: 'elsewhere', branch: 'orch/task', signal })).toMatchObject({ ok: true })
      const left = await rig.vcs.observe({ landed: [], signal })
      expect([...left.workspaces.keys()]).toEqual(['task'])
    })
  })
}
