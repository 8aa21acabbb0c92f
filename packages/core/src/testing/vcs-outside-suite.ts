import type { TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsTest } from './vcs-rig.ts'

/** What a sealed branch holds beside the files that its task may change. */
export function vcsOutsideSuite(framework: TestFramework, factory: () => Promise<VcsRig> | VcsRig): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  const outside = async ({ vcs, base }: VcsAtWork, include: readonly string[]): Promise<readonly string[]> => {
    const message = 'Do it'
    const options = { workspace: 'task', branch: 'orch/task', from: base, before: null, include, message, signal }
    const sealed = await vcs.seal(options)
    if (!sealed.ok) throw new Error(`not sealed: ${sealed.reason}, ${sealed.detail}`)
    return sealed.value.outside
  }

  describe('files outside', () => {
    test('are named when they were committed, or changed and then sealed', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'mine\n', 'docs/ü "x".md': 'committed\n' })
      await rig.commit('task', 'Too much')
      await rig.edit('task', { 'src/b.ts': 'tracked\n', 'scratch.txt': 'left out\n' })
      expect(await outside(rig, ['src/a.ts'])).toEqual(['docs/ü "x".md', 'src/b.ts'])
      expect(await outside(rig, ['src/**', 'docs/ü "x".md'])).toEqual([])
    })

    test('are none any more when they are again as they were, whatever the commits between', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'mine\n', 'src/b.ts': null })
      await rig.commit('task', 'Too much')
      await rig.edit('task', { 'src/b.ts': 'b\n' })
      await rig.commit('task', 'Put it back')
      expect(await outside(rig, ['src/a.ts'])).toEqual([])
    })

    test('are seen while work goes on, committed or not', async (rig) => {
      await rig.make()
      const seen = async (include?: readonly string[]) => {
        const options = { workspace: 'task', base: rig.base, signal }
        return (await rig.vcs.changes(include === undefined ? options : { ...options, include })).outside
      }
      expect(await seen(['src/a.ts'])).toEqual([])
      await rig.edit('task', { 'src/a.ts': 'mine\n', 'docs/ü.md': 'committed\n' })
      await rig.commit('task', 'Too much')
      await rig.edit('task', { 'src/b.ts': 'half\n', 'scratch.txt': 'new\n' })
      expect(await seen(['src/a.ts'])).toEqual(['docs/ü.md', 'scratch.txt', 'src/b.ts'])
      expect(await seen()).toEqual([])
    })

    test('are told beside those that are guarded, inside the scope or not', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'mine\n', '.ci/run': 'committed\n' })
      await rig.commit('task', 'Too much')
      const sealed = await rig.vcs.seal({
        workspace: 'task',
        branch: 'orch/task',
        from: rig.base,
        before: null,
        include: ['src/**', '.ci/other'],
        guard: ['.ci/**', 'src/a.*', 'src/b.ts'],
        message: 'Do it',
        signal,
      })
      expect(sealed).toMatchObject({ value: { outside: ['.ci/run'], guarded: ['.ci/run', 'src/a.ts'] } })
    })

    test('are those of others, too, that a branch on the new target takes back', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'mine\n' })
      const to = await rig.userCommit({ '.ci/run': 'landed\n', 'src/a.ts': 'theirs\n', 'src/b.ts': 'theirs\n' })
      await rig.reset('task', to)
      const guard = ['.ci/**']
      const options = { workspace: 'task', branch: 'orch/task', from: rig.base, before: null, message: 'Do it', signal }
      const sealed = await rig.vcs.seal({ ...options, include: ['src/a.ts'], guard })
      expect(sealed).toMatchObject({ value: { outside: ['.ci/run', 'src/b.ts'], guarded: ['.ci/run'] } })
    })

    test('are not those that others have landed meanwhile', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'mine\n' })
      await rig.userCommit({ 'src/b.ts': 'theirs\n' })
      expect(await outside(rig, ['src/a.ts'])).toEqual([])
    })
  })
}
