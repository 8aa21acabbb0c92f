import type { TestFramework } from './suite.ts'
import { signal, type VcsRig, vcsTest } from './vcs-rig.ts'

/** What a turn left behind becomes commits. */
export function vcsSealingSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  describe('sealing', () => {
    test('commits changes, removals and new files that are included, and names the others', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'changed\n', 'README.md': null, 'src/new.ts': 'new\n', 'notes.md': 'n\n' })
      const options = {
        workspace: 'task',
        branch: 'orch/task',
        from: rig.base,
        before: null,
        include: ['src/**'],
        message: 'Do it',
        signal,
      }
      const result = await rig.vcs.seal(options)
      if (!result.ok) throw new Error(result.detail)
      expect(result.value.left).toEqual(['notes.md'])
      expect(await rig.read(result.value.head)).toEqual({
        'src/a.ts': 'changed\n',
        'src/b.ts': 'b\n',
        'src/new.ts': 'new\n',
      })
      expect(await rig.pinned()).toContain(result.value.head)
      expect(await rig.vcs.seal(options)).toEqual(result)
    })

    test('of an untouched workspace is its head', async (rig) => {
      await rig.make()
      expect(await rig.sealed()).toBe(rig.base)
      await rig.edit('task', { 'src/a.ts': 'changed\n' })
      const head = await rig.commit('task', 'By the agent')
      expect(await rig.sealed()).toBe(head)
      expect(await rig.pinned()).toContain(head)
    })

    test('tells whether anything changed, and whether it did since what an attempt before left', async (rig) => {
      await rig.make()
      const seal = async (before: string | null) => {
        const options = { workspace: 'task', branch: 'orch/task', from: rig.base, include: ['src/**'], signal }
        const result = await rig.vcs.seal({ ...options, before, message: 'Do it' })
        if (!result.ok) throw new Error(result.detail)
        return [result.value.changed, result.value.changedSince]
      }
      expect(await seal(null)).toEqual([false, true])
      await rig.edit('task', { 'src/a.ts': 'half\n' })
      await rig.commit('task', 'wip')
      const kept = await rig.vcs.preserve({ workspace: 'task', as: 'task', signal })
      if (!kept.ok) throw new Error(kept.detail)
      expect(await seal(kept.value.oid)).toEqual([true, false])
      await rig.edit('task', { 'notes.md': 'out of scope\n' })
      expect(await seal(kept.value.oid)).toEqual([true, false])
      await rig.edit('task', { 'src/a.ts': 'whole\n' })
      expect(await seal(kept.value.oid)).toEqual([true, true])
    })

    test('refuses what is not on the branch, what a commit cannot hold, and what is gone', async (rig) => {
      const seal = (workspace: string) =>
        rig.vcs.seal({
          workspace,
          branch: `orch/${workspace}`,
          from: rig.base,
          before: null,
          include: ['**'],
          message: 'Do it',
          signal,
        })
      expect(await seal('task')).toMatchObject({ reason: 'gone' })
      await rig.make('task')
      await rig.detach('task')
      expect(await seal('task')).toMatchObject({ reason: 'not-on-branch' })
      await rig.make('other')
      await rig.spoil('other', 'vendor/nested')
      expect(await seal('other')).toMatchObject({ reason: 'not-representable' })
    })
  })
}
