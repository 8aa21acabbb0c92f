import { expect, it } from 'vitest'
import { rig } from './run-rig.ts'

it('is found by its task, shown from where the branch started, and restored once', async () => {
  const { orch, vcs } = rig([{ id: 'A b', title: 'One', writes: ['A b.txt'] }], {
    policy: { landing: { by: 'human' } },
  })
  await orch.run()
  await orch.cancel('A b')
  const kept = await orch.kept('A b')
  expect(kept?.map(({ tasks, kind }) => ({ tasks, kind }))).toEqual([{ tasks: ['A b'], kind: 'commits' }])
  const { work, changes } = await orch.showKept({ task: 'A b', name: 'head-', patch: true })
  expect(changes).toMatchObject({ files: [{ path: 'A b.txt' }], patch: expect.stringContaining('+by A b') })
  const { to } = await orch.restoreKept({ task: 'A b' })
  expect(to).toEqual({ branch: `kept/${work.workspace}/${work.name}` })
  await expect(orch.restoreKept({ task: 'A b' })).rejects.toMatchObject({ code: 'not-restored' })
  await expect(orch.restoreKept({ task: 'A b', to: { branch: 'orch/mine' } })).rejects.toMatchObject({
    code: 'not-restored',
  })
  await orch.restoreKept({ task: 'A b', to: { directory: '/back' } })
  expect(vcs.read('/back')).toMatchObject({ 'A b.txt': 'by A b\n' })
  await expect(orch.showKept({ task: 'A b', name: 'tree' })).rejects.toMatchObject({ code: 'unknown-kept' })
})

it('goes by its workspace where nobody knows the task any more, and is nothing of a task without any', async () => {
  const { orch, vcs } = rig([{ id: 'idle', title: 'Idle', hold: true }])
  const { target } = await vcs.observe({ landed: [], signal: new AbortController().signal })
  await vcs.createWorkspace({ name: 'gone', branch: 'orch/gone', from: target, signal: new AbortController().signal })
  vcs.edit('gone', { 'gone.txt': 'half\n' })
  await vcs.preserve({ workspace: 'gone', as: 'gone', signal: new AbortController().signal })
  expect((await orch.kept())?.map(({ tasks, kind }) => ({ tasks, kind }))).toEqual([
    { tasks: [], kind: 'files' },
    { tasks: [], kind: 'commits' },
  ])
  expect((await orch.showKept({ task: 'gone' })).changes?.files.map(({ path }) => path)).toEqual(['gone.txt'])
  expect(await orch.kept('idle')).toEqual([])
  await expect(orch.showKept({ task: 'idle' })).rejects.toMatchObject({ code: 'unknown-kept' })
  await expect(orch.kept('nobody')).rejects.toMatchObject({ code: 'unknown-task' })
})
