import { expect, it } from 'vitest'
import { rig } from './run-rig.ts'

/** Agents write and commit these files. */
function writing(files: Readonly<Record<string, readonly string[]>>) {
  return (memory: Parameters<NonNullable<Parameters<typeof rig>[1]>['script'] & object>[0]) =>
    (start: { readonly environment: Readonly<Record<string, string>>; readonly directory: string }) => {
      const task = start.environment.ORCH_TASK ?? ''
      memory.edit(start.directory, Object.fromEntries((files[task] ?? []).map((file) => [file, `by ${task}\n`])))
      memory.commit(start.directory, `Do ${task}`)
      return { exit: 0 }
    }
}

it('holds what landed tasks changed against what they declared, whatever else came to the target', async () => {
  const tasks = [
    { id: 'wide', writes: ['src/**', 'docs/**'] },
    { id: 'exact', writes: ['src/exact.ts'], dependsOn: ['wide'] },
    { id: 'beyond', writes: ['lib/a.ts'], dependsOn: ['exact'] },
    { id: 'silent', dependsOn: ['exact'] },
    { id: 'held', writes: ['src/later.ts'], hold: true },
  ]
  const files = {
    wide: ['src/wide.ts'],
    exact: ['src/exact.ts'],
    beyond: ['lib/a.ts', 'lib/b.ts'],
    silent: ['any.ts'],
  }
  const { orch, vcs } = rig(tasks, {
    policy: { landing: { by: 'orchestrator', method: 'squash' } },
    script: writing(files),
  })
  expect(await orch.scopes()).toBe(null)
  await orch.run()
  vcs.userCommit({ 'src/user.ts': 'by the user\n' })
  const expected = {
    tasks: [
      { id: 'wide', precision: 0.5, recall: 1, outside: [], unused: ['docs/**'] },
      { id: 'exact', precision: 1, recall: 1, outside: [], unused: [] },
      { id: 'beyond', precision: 1, recall: 0.5, outside: ['lib/b.ts'], unused: [] },
    ],
    unknown: ['silent'],
    lost: [],
    precision: 3 / 4,
    recall: 3 / 4,
    needed: 0,
    needless: [['wide', 'exact']],
    missed: [],
  }
  expect(await orch.scopes()).toEqual(expected)
  await orch.prune({ drop: true })
  expect(await orch.scopes()).toEqual(expected)
})

it('asks the repository once, and not at all before something has landed', async () => {
  const { orch, orchestrator, vcs } = rig([
    { id: 'a', writes: ['a.txt'] },
    { id: 'b', writes: ['b.txt'] },
  ])
  const asked: (readonly { readonly to: string }[])[] = []
  const counted = orchestrator({
    vcs: {
      ...vcs,
      changedFiles(options) {
        asked.push(options.pairs)
        return vcs.changedFiles(options)
      },
    },
  })
  await counted.scopes()
  expect(asked).toEqual([])
  await orch.run()
  expect((await counted.scopes())?.recall).toBe(1)
  // What is on the target stays there when everything else of a task is gone.
  const landed = [await orch.show('a'), await orch.show('b')].map((task) => task.landed?.commit)
  expect(asked.map((pairs) => pairs.map(({ to }) => to))).toEqual([landed])
})

it('says whose changes the repository has no more, and nothing where nobody can tell', async () => {
  const { orch, orchestrator, vcs } = rig([{ id: 'a', writes: ['a.txt'] }, { id: 'b' }])
  await orch.run()
  const forgetful = orchestrator({ vcs: { ...vcs, changedFiles: async ({ pairs }) => pairs.map(() => null) } })
  expect(await forgetful.scopes()).toMatchObject({ tasks: [], unknown: ['b'], lost: ['a'], recall: null })
  const { changedFiles: _changedFiles, ...silent } = vcs
  expect(await orchestrator({ vcs: silent }).scopes()).toBe(null)
})

it('counts what somebody else landed', async () => {
  const { orch, vcs } = rig([{ id: 'a', writes: ['a.txt', 'b.txt'] }], { policy: { landing: { by: 'human' } } })
  await orch.run()
  vcs.userCommit({ 'a.txt': 'by a\n' })
  await orch.run()
  expect(await orch.scopes()).toMatchObject({ tasks: [{ id: 'a', precision: 0.5, recall: 1, unused: ['b.txt'] }] })
})
