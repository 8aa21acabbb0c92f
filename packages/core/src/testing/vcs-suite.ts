import { told } from './hint.ts'
import type { TestFramework } from './suite.ts'
import { vcsConflictSuite } from './vcs-conflict-suite.ts'
import { vcsKeptSuite } from './vcs-kept-suite.ts'
import { vcsLandingSuite } from './vcs-landing-suite.ts'
import { vcsOutsideSuite } from './vcs-outside-suite.ts'
import { type VcsLacks, vcsPastSuite } from './vcs-past-suite.ts'
import { vcsRegenerationSuite } from './vcs-regeneration-suite.ts'
import { signal, type VcsRig, vcsFiles, vcsTest } from './vcs-rig.ts'
import { vcsSealingSuite } from './vcs-sealing-suite.ts'
import { vcsSinceSuite } from './vcs-since-suite.ts'
import { vcsStackingSuite } from './vcs-stacking-suite.ts'
import { vcsTargetsSuite } from './vcs-targets-suite.ts'

/** The promises of `Vcs`. */
export function vcsSuite(
  framework: TestFramework,
  factory: () => Promise<VcsRig> | VcsRig,
  lacks: VcsLacks = {},
): void {
  const { describe, expect } = framework
  const test = vcsTest(framework, factory)

  describe('workspaces', () => {
    test('a workspace holds the commit that it starts from, on a branch of its own', async (rig) => {
      const workspace = await rig.make()
      expect(workspace).toMatchObject({ name: 'task', branch: 'orch/task', state: 'ready' })
      expect(await rig.read(workspace.directory)).toEqual(vcsFiles)
      const { workspaces } = await rig.vcs.observe({ landed: [], signal })
      expect([...workspaces.values()]).toEqual([workspace])
    })

    test('making it twice is making it once, and keeps what was changed in it', async (rig) => {
      const workspace = await rig.make()
      await rig.edit('task', { 'src/a.ts': 'changed\n', 'src/b.ts': null })
      expect(await rig.make('task', rig.again())).toEqual(workspace)
      expect(await rig.read(workspace.directory)).toEqual({ 'README.md': 'read me\n', 'src/a.ts': 'changed\n' })
    })

    test('a workspace whose files are gone is torn, and made anew at the head of its branch', async (rig) => {
      const workspace = await rig.make()
      await rig.edit('task', { 'src/a.ts': 'changed\n' })
      await rig.sealed()
      await rig.tear('task')
      const { workspaces } = await rig.vcs.observe({ landed: [], signal })
      expect(workspaces.get('task')).toMatchObject({ state: 'torn' })
      expect(await rig.make()).toEqual(workspace)
      expect(await rig.read(workspace.directory)).toEqual({ ...vcsFiles, 'src/a.ts': 'changed\n' })
    })

    test('several are made side by side, by several processes', async (rig) => {
      const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']
      const other = rig.again()
      const made = await Promise.all(names.map((name, index) => rig.make(name, index % 2 === 0 ? rig.vcs : other)))
      expect(made.map(({ name }) => name)).toEqual(names)
      for (const { directory } of made) expect(await rig.read(directory)).toEqual(vcsFiles)
    })

    test('one workspace made by two at once is made once', async (rig) => {
      const [one, two] = await Promise.all([rig.make('task'), rig.make('task', rig.again())])
      expect(two).toEqual(one)
      expect(await rig.read(one.directory)).toEqual(vcsFiles)
    })

    test('refuses a branch that somebody else has, and a name that is a folder of branches', async (rig) => {
      const options = { name: 'task', from: rig.base, signal }
      const { branch = rig.vcs.target } = rig
      expect(await rig.vcs.createWorkspace({ ...options, branch })).toMatchObject({ reason: 'branch-elsewhere' })
      expect(await rig.vcs.createWorkspace({ ...options, branch: `${branch}/x` })).toMatchObject({ ok: false })
      await rig.make('other')
      expect(await rig.vcs.createWorkspace({ ...options, branch: 'orch/other' })).toMatchObject({
        reason: 'branch-elsewhere',
      })
      expect(await rig.vcs.createWorkspace({ ...options, branch: 'orch' })).toMatchObject({ reason: 'clash' })
    })
  })

  describe('the prefix of branches', () => {
    test('is refused beside a branch that it would make a folder', async (rig) => {
      expect(await rig.vcs.admits({ prefix: 'orch/', signal })).toEqual({ ok: true, value: undefined })
      const { branch = rig.vcs.target } = rig
      const refused = { ok: false, reason: 'clash', detail: branch }
      expect(await rig.vcs.admits({ prefix: `${branch}/`, signal })).toEqual(refused)
      expect(await rig.vcs.admits({ prefix: `${branch}/tasks-`, signal })).toEqual(refused)
      expect(await rig.vcs.admits({ prefix: `${branch}-`, signal })).toMatchObject({ ok: true })
    })
  })

  describe('keeping work', () => {
    test('preserving keeps everything and touches nothing; again it adds nothing', async (rig) => {
      const { directory } = await rig.make()
      await rig.edit('task', { 'src/a.ts': 'half\n', 'scratch.txt': 'notes\n' })
      const before = await rig.read(directory)
      const kept = await rig.vcs.preserve({ workspace: 'task', as: 'task', signal })
      if (!kept.ok) throw new Error(kept.detail)
      expect(await rig.read(kept.value.oid)).toEqual(before)
      expect(await rig.read(directory)).toEqual(before)
      const pins = await rig.pins()
      expect([...pins.values()]).toContain(kept.value.oid)
      expect([...pins.keys()].every((ref) => ref.startsWith('refs/orch/kept/task/'))).toBe(true)
      expect(await rig.vcs.preserve({ workspace: 'task', as: 'task', signal })).toEqual(kept)
      expect(await rig.pins()).toEqual(pins)
    })

    test('retiring saves what was not sealed, then takes workspace and branch away', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'committed\n' })
      const head = await rig.commit('task', 'By the agent')
      await rig.edit('task', { 'scratch.txt': 'notes\n' })
      const retired = await rig.vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
      expect(retired).toEqual({ ok: true, value: { moved: null } })
      const kept = await Promise.all((await rig.pinned()).map((oid) => rig.read(oid)))
      expect(await rig.pinned()).toContain(head)
      expect(kept.map((files) => JSON.stringify(Object.entries(files).sort()))).toContain(
        JSON.stringify(Object.entries({ ...vcsFiles, 'src/a.ts': 'committed\n', 'scratch.txt': 'notes\n' }).sort()),
      )
      const { workspaces } = await rig.vcs.observe({ landed: [], signal })
      expect(workspaces.size).toBe(0)
      expect(await rig.vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toEqual(retired)
      const anew = await rig.make()
      expect(await rig.read(anew.directory)).toEqual(vcsFiles)
    })

    test('retiring moves aside what a commit cannot hold, beside what was moved there before', async (rig) => {
      const notes = ['first\n', 'second\n']
      const moved: string[] = []
      for (const text of notes) {
        await rig.make()
        await rig.edit('task', { 'scratch.txt': text })
        await rig.spoil('task', 'vendor/nested')
        const retired = await rig.vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
        if (!retired.ok || retired.value.moved === null) throw new Error('it was not moved aside')
        moved.push(retired.value.moved)
      }
      const kept = await Promise.all(moved.map((directory) => rig.read(directory)))
      expect(kept.map((files) => files['scratch.txt'])).toEqual(notes)
    })

    test(
      'retiring waits for a process that works in it',
      async (rig) => {
        await rig.make()
        await rig.occupy('task', true)
        const options = { workspace: 'task', branch: 'orch/task', signal }
        expect(await rig.vcs.retire(options)).toMatchObject({ reason: 'in-use' })
        await rig.occupy('task', false)
        expect(await rig.vcs.retire(options)).toMatchObject({ ok: true })
      },
      lacks.occupants,
    )

    test('pruning lists what belongs to nobody, and drops only when told to', async (rig) => {
      await rig.done({ 'src/a.ts': 'one\n' }, 'one')
      const two = await rig.done({ 'src/b.ts': 'two\n' }, 'two')
      const prune = (drop: boolean) => rig.vcs.prune({ keep: ['one'], branches: [], drop, signal })
      const found = await prune(false)
      expect(found.map(({ what }) => what).sort()).toEqual(['pin', 'workspace'])
      expect(found.find(({ what }) => what === 'pin')?.oid).toBe(two)
      expect(await prune(true)).toEqual(found)
      expect(await prune(false)).toEqual([])
      const { workspaces } = await rig.vcs.observe({ landed: [], signal })
      expect([...workspaces.keys()]).toEqual(['one'])
    })

    test('changes counts committed, uncommitted and new files', async (rig) => {
      await rig.make()
      await rig.edit('task', { 'src/a.ts': 'a\nmore\n' })
      await rig.commit('task', 'By the agent')
      await rig.edit('task', { 'src/b.ts': null, 'src/new.ts': 'one\ntwo\n' })
      const { files } = await rig.vcs.changes({ workspace: 'task', base: rig.base, signal })
      expect(files).toBe(3)
    })

    test(
      'tells a watcher that a branch moved',
      (rig) => told(framework, rig.vcs, (name) => Promise.resolve(rig.userCommit({ [name]: 'x\n' }))),
      lacks.watch,
    )
  })

  vcsSealingSuite(framework, factory)
  vcsOutsideSuite(framework, factory)
  vcsSinceSuite(framework, factory)
  vcsConflictSuite(framework, factory, lacks.conflicts)
  vcsKeptSuite(framework, factory, lacks)
  vcsLandingSuite(framework, factory)
  vcsRegenerationSuite(framework, factory)
  vcsStackingSuite(framework, factory)
  vcsTargetsSuite(framework, factory)
  vcsPastSuite(framework, factory, lacks)
}
