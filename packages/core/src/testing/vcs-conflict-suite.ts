import type { ConflictFile } from '../model/conflict.ts'
import type { Oid } from '../model/run-state.ts'
import type { Vcs } from '../ports/vcs.ts'
import type { TestFramework } from './suite.ts'
import { signal, type VcsAtWork, type VcsRig, vcsTest } from './vcs-rig.ts'

/** Conflicts before they are met. */
export function vcsConflictSuite(
  framework: TestFramework,
  factory: () => Promise<VcsRig> | VcsRig,
  lack: string | undefined,
): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)
  const known = (name: string, body: (rig: VcsAtWork) => Promise<void>) => test(name, body, lack)

  const snapshot = async (
    { vcs }: VcsAtWork,
    name = 'task',
    include: readonly string[] = ['**'],
  ): Promise<Oid | null> => {
    const [oid = null] = (await vcs.snapshots?.({ workspaces: [{ workspace: name, include }], signal })) ?? []
    return oid
  }
  const predict = async ({ vcs }: VcsAtWork, ours: Oid, theirs: Oid): Promise<readonly ConflictFile[] | null> => {
    const [files = null] = (await vcs.predict?.({ pairs: [[ours, theirs]], signal })) ?? []
    return files
  }
  const named = (files: readonly ConflictFile[] | null) => files?.map(({ path, kind }) => `${path}: ${kind}`)

  const paths = async (asked: ReturnType<Required<Vcs>['predict']> | undefined) =>
    (await asked)?.map((files) => files?.map(({ path }) => path))

  describe('conflicts before they are met', () => {
    known(
      'two changes of one file conflict, in the order of the question; two of different files do not',
      async (rig) => {
        const one = await rig.done({ 'src/a.ts': 'one\n' }, 'one')
        const two = await rig.done({ 'src/a.ts': 'two\n' }, 'two')
        const three = await rig.done({ 'src/b.ts': 'three\n' }, 'three')
        const pairs = [
          [one, three],
          [one, two],
          [two, two],
          [rig.base, one],
        ] as const
        const answers = (await rig.vcs.predict?.({ pairs, signal })) ?? []
        expect(answers.map((files) => named(files))).toEqual([[], ['src/a.ts: content'], [], []])
      },
    )

    known('what was added twice, and what was changed and taken away, conflicts', async (rig) => {
      const one = await rig.done({ 'new.txt': 'one\n', 'src/a.ts': null }, 'one')
      const two = await rig.done({ 'new.txt': 'two\n', 'src/a.ts': 'two\n' }, 'two')
      expect(named(await predict(rig, one, two))).toEqual(['new.txt: both-added', 'src/a.ts: modify-delete'])
    })

    known('the same change on both sides is no conflict', async (rig) => {
      const one = await rig.done({ 'src/a.ts': 'same\n' }, 'one')
      const two = await rig.done({ 'src/a.ts': 'same\n', 'src/b.ts': 'two\n' }, 'two')
      expect(await predict(rig, one, two)).toEqual([])
    })

    known('a file that is to have the lines of both is no conflict, and says nothing of the others', async (rig) => {
      const one = await rig.done({ 'src/a.ts': 'one\n', 'log.txt': 'one\n' }, 'one')
      const two = await rig.done({ 'src/a.ts': 'two\n', 'log.txt': 'two\n' }, 'two')
      const three = await rig.done({ 'log.txt': 'three\n' }, 'three')
      const pairs = [
        [one, two],
        [one, three],
        [three, rig.base],
      ] as const
      const ask = (union: readonly string[]) => paths(rig.vcs.predict?.({ pairs, union, signal }))
      expect(await ask(['log.txt'])).toEqual([['src/a.ts'], [], []])
      expect(await ask([])).toEqual([['log.txt', 'src/a.ts'], ['log.txt'], []])
      expect(await ask(['log.txt'])).toEqual([['src/a.ts'], [], []])
    })

    known('a file that a command makes of others is no conflict, and says nothing of the others', async (rig) => {
      const one = await rig.done({ 'a.lock': 'one\n', 'src/a.ts': 'one\n' }, 'one')
      const two = await rig.done({ 'a.lock': 'two\n', 'src/a.ts': 'two\n' }, 'two')
      const three = await rig.done({ 'a.lock': 'three\n' }, 'three')
      const pairs = [
        [one, two],
        [one, three],
      ] as const
      const ask = (regenerate: readonly string[]) => paths(rig.vcs.predict?.({ pairs, regenerate, signal }))
      expect(await ask(['*.lock'])).toEqual([['src/a.ts'], []])
      expect(await ask([])).toEqual([['a.lock', 'src/a.ts'], ['a.lock']])
    })

    known('what the target has got since counts', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'mine\n' })
      const target = await rig.userCommit({ 'src/a.ts': 'theirs\n' })
      expect(named(await predict(rig, target, head))).toEqual(['src/a.ts: content'])
    })

    known('of a commit that is not there nothing is known, and the others are answered', async (rig) => {
      const head = await rig.done({ 'src/a.ts': 'mine\n' })
      const gone = '12'.repeat(head.length / 2)
      const pairs = [
        [gone, head],
        [rig.base, head],
      ] as const
      expect(await rig.vcs.predict?.({ pairs, signal })).toEqual([null, []])
    })

    known('what is not committed conflicts as well, and the workspace stays as it is', async (rig) => {
      const { directory } = await rig.make()
      const other = await rig.done({ 'src/a.ts': 'other\n' }, 'other')
      expect(await snapshot(rig)).toBe(rig.base)
      await rig.edit('task', { 'src/a.ts': 'half\n', 'new.txt': 'new\n' })
      const before = await rig.read(directory)
      const oid = await snapshot(rig)
      expect(await rig.read(directory)).toEqual(before)
      expect(named(await predict(rig, other, oid ?? ''))).toEqual(['src/a.ts: content'])
      expect([...(await rig.pins()).values()].includes(oid ?? '')).toBe(false)
      expect((await rig.vcs.observe({ landed: [], signal })).target).toBe(rig.base)
      expect(await rig.sealed()).not.toBe(rig.base)
    })

    known('each state of a workspace has its own commit, and the same state the same', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'one\n' })
      const one = await snapshot(rig)
      await rig.edit('task', { 'src/a.ts': 'two\n' })
      const two = await snapshot(rig)
      await rig.edit('task', { 'src/a.ts': 'one\n' })
      expect([two === one, await snapshot(rig)]).toEqual([false, one])
      await rig.edit('task', { 'src/a.ts': 'a\n' })
      expect(await snapshot(rig)).toBe(rig.base)
    })

    known('new files count as far as they would be sealed', async (rig) => {
      await rig.make()
      const other = await rig.done({ 'notes.txt': 'other\n', 'src/new.ts': 'other\n' }, 'other')
      await rig.edit('task', { 'notes.txt': 'mine\n', 'src/new.ts': 'mine\n' })
      const oid = await snapshot(rig, 'task', ['src/**'])
      expect(named(await predict(rig, other, oid ?? ''))).toEqual(['src/new.ts: both-added'])
    })

    known('a workspace with something in it that cannot be committed is seen without that', async (rig) => {
      await rig.make()
      const other = await rig.done({ 'src/a.ts': 'other\n' }, 'other')
      await rig.edit('task', { 'src/a.ts': 'mine\n' })
      await rig.spoil('task', 'nested')
      expect(named(await predict(rig, other, (await snapshot(rig)) ?? ''))).toEqual(['src/a.ts: content'])
    })

    known('of a workspace that is not there nothing is known', async (rig) => {
      expect(await snapshot(rig, 'nobody')).toBe(null)
      await rig.make()
      await rig.tear('task')
      expect(await snapshot(rig)).toBe(null)
    })
  })
}
