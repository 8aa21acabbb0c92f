import type { Oid } from '../model/run-state.ts'
import type { TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsFiles, vcsTest } from './vcs-rig.ts'

const branch = 'feature/x'

export function vcsTargetsSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)
  const made = async ({ vcs, base }: VcsAtWork): Promise<void> => {
    expect(await vcs.createTarget({ branch, from: base, signal })).toEqual({ ok: true })
  }
  const headOf = async ({ again }: VcsAtWork): Promise<Oid | undefined> =>
    (await again().observe({ landed: [], targets: [branch, 'nowhere'], signal })).targets?.get(branch)

  describe('another branch to land on', () => {
    test('starts where it is told to, and once it is there it stays as it is', async (rig) => {
      expect(await headOf(rig)).toBe(undefined)
      await made(rig)
      expect(await headOf(rig)).toBe(rig.base)
      const from = await rig.userCommit({ 'src/a.ts': 'ours\n' })
      expect(await rig.vcs.createTarget({ branch, from, signal })).toEqual({ ok: true })
      expect(await headOf(rig)).toBe(rig.base)
    })

    test('cannot be beside a branch of which its name is a folder', async (rig) => {
      await made(rig)
      expect(await rig.vcs.createTarget({ branch: `${branch}/y`, from: rig.base, signal })).toMatchObject({
        reason: 'clash',
      })
    })

    test('is moved alone, from where it was, and that is verified there', async (rig) => {
      await made(rig)
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      await rig.userEdit({ 'src/a.ts': 'being edited\n' })
      const candidate = await rig.candidate(rig.base, head)
      if (!candidate.ok) throw new Error(candidate.detail)
      const { commit, tree } = candidate.value
      expect(await rig.vcs.land({ target: branch, expect: rig.base, commit, signal })).toEqual({ ok: true })
      expect([await headOf(rig), await rig.target()]).toEqual([commit, rig.base])
      expect(await rig.userFiles()).toEqual({ ...vcsFiles, 'src/a.ts': 'being edited\n' })
      const landing = { base: rig.base, commit, tree, signal }
      expect(await rig.vcs.verifyLanding({ ...landing, target: branch })).toEqual({ ok: true })
      expect(await rig.vcs.verifyLanding(landing)).toMatchObject({ reason: 'violated' })
      const other = await rig.built(rig.base, head, 'squash')
      expect(await rig.vcs.land({ target: branch, expect: rig.base, commit: other, signal })).toMatchObject({
        reason: 'moved',
      })
    })

    test('is asked by itself whether a change has landed', async (rig) => {
      await made(rig)
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const commit = await rig.built(rig.base, head)
      await rig.vcs.land({ target: branch, expect: rig.base, commit, signal })
      const question = { head, base: rig.base, commit }
      const there = { ...question, task: 'there', target: branch }
      const gone = { ...question, task: 'gone', target: 'nowhere' }
      const landed = [{ ...question, task: 'here' }, there, gone]
      const seen = await rig.again().observe({ landed, targets: [branch, 'nowhere'], signal })
      expect(seen.landed).toEqual(new Map([['there', { commit, by: 'us' }]]))
    })

    test('is what a change is compared with that is to land on it', async (rig) => {
      await made(rig)
      const first = await rig.done({ 'src/b.ts': 'first\n' }, 'first')
      await rig.vcs.land({ target: branch, expect: rig.base, commit: first, signal })
      await rig.vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: first, signal })
      await rig.edit('task', { 'src/a.ts': 'changed\n' })
      const task = { workspace: 'task', base: first, include: ['src/a.ts'], signal }
      expect(await rig.vcs.changes({ ...task, target: branch })).toMatchObject({ files: 1, outside: [] })
      const seal = { ...task, branch: 'orch/task', from: first, before: null, message: 'sealed\n' }
      const sealed = await rig.vcs.seal({ ...seal, target: branch })
      expect(sealed).toMatchObject({ ok: true, value: { outside: [] } })
      const kept = { oid: sealed.ok ? sealed.value.head : '', from: null, patch: false, signal }
      const changed = await rig.vcs.keptChanges?.({ ...kept, target: branch })
      expect(changed).toMatchObject({ value: { from: first, files: [{ path: 'src/a.ts' }] } })
    })

    test('is no change of a branch that lands elsewhere as a whole, however far that has moved on', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const target = await rig.userCommit({ 'src/b.ts': 'ours\n', 'README.md': 'ours\n' })
      const change = { insertions: 1, deletions: 1 }
      expect(await rig.vcs.changes({ workspace: 'task', base: target, signal })).toMatchObject({ files: 1, ...change })
      const kept = await rig.vcs.keptChanges?.({ oid: head, from: target, patch: false, signal })
      expect(kept).toMatchObject({ value: { files: [{ path: 'src/a.ts', ...change }] } })
    })

    test('is no change of a branch into which it was merged', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'theirs\n' })
      const merge = await rig.built(await rig.userCommit({ 'src/b.ts': 'ours\n' }), head)
      await rig.reset('task', merge)
      await rig.edit('task', { 'src/b.ts': 'ours\n' })
      const change = { insertions: 1, deletions: 1 }
      expect(await rig.vcs.changes({ workspace: 'task', base: rig.base, signal })).toMatchObject({
        files: 1,
        ...change,
      })
      const kept = await rig.vcs.keptChanges?.({ oid: merge, from: rig.base, patch: false, signal })
      expect(kept).toMatchObject({ value: { files: [{ path: 'src/a.ts', ...change }] } })
    })
  })
}
