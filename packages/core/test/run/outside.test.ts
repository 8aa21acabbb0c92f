import type { PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }

/** Its agent commits a file outside its scope, and takes that back when it is told to. */
function astray(outsideScope: PolicyInput['outsideScope']) {
  return rig([a], {
    policy: { ...(outsideScope && { outsideScope }) },
    script: (vcs) => (start) => {
      const isTold = start.prompt.includes('outside its scope')
      vcs.edit(start.directory, {
        'a.txt': `turn ${start.environment.ORCH_TURN}\n`,
        'b.txt': isTold ? null : 'astray\n',
      })
      vcs.commit(start.directory, 'Work')
      return { exit: 0 }
    },
  })
}

describe('what an agent commits outside its scope', () => {
  it('is known when it is done, shown, and lands unless the policy says otherwise', async () => {
    const { orch, vcs } = astray(undefined)
    const committed: (readonly string[])[] = []
    orch.on('task-committed', ({ outside }) => committed.push(outside))
    const { outcome, tasks } = await orch.run()
    expect(outcome).toBe('done')
    expect(committed).toEqual([['b.txt']])
    expect(tasks[0]?.outside).toEqual(['b.txt'])
    expect(vcs.userFiles()).toHaveProperty('b.txt')
  })

  it('is seen while its agent is at work', async () => {
    const { orch, runner } = rig([a], {
      script: (vcs) => (start) => {
        vcs.edit(start.directory, { 'a.txt': 'a\n', 'b.txt': 'b\n' })
        return undefined
      },
    })
    const running = orch.run()
    await new Promise<void>((resolve) => orch.once('task-started', () => resolve()))
    expect((await orch.status()).tasks[0]).toMatchObject({ status: 'working', outside: ['b.txt'] })
    await orch.cancel('a')
    await running
    expect(runner.alive).toEqual([])
  })

  it('is not what it leaves lying about without committing it', async () => {
    const { orch } = rig([a], {
      policy: { landing: { by: 'human' } },
      script: (vcs) => (start) => {
        vcs.edit(start.directory, { 'a.txt': 'a\n', 'scratch.txt': 'notes\n' })
        return { exit: 0 }
      },
    })
    expect((await orch.run()).tasks[0]).toMatchObject({ status: 'complete', outside: [] })
    expect((await orch.show('a')).left).toEqual(['scratch.txt'])
  })

  it('waits for a person by the policy stuck', async () => {
    const { orch, vcs } = astray('stuck')
    expect(await orch.run()).toMatchObject({
      outcome: 'failures',
      tasks: [{ stuckReason: 'it changes b.txt outside its scope' }],
    })
    expect(vcs.userFiles()).not.toHaveProperty('a.txt')
    expect(await orch.land('a')).toMatchObject({ settled: true, note: 'done' })
    expect(vcs.userFiles()).toHaveProperty('b.txt')
  })

  it('is taken back by the agent by the policy refuse', async () => {
    const { orch, vcs, runner } = astray('refuse')
    const { outcome, tasks } = await orch.run()
    expect([outcome, tasks[0]?.outside]).toEqual(['done', []])
    expect(runner.starts).toHaveLength(2)
    expect(vcs.userFiles()).toMatchObject({ 'a.txt': 'turn 2\n' })
    expect(vcs.userFiles()).not.toHaveProperty('b.txt')
  })

  it('is not what a command of the policy makes anew', async () => {
    const shown: unknown[] = []
    const { orch, vcs } = rig([a], {
      policy: {
        outsideScope: 'stuck',
        hotFiles: { regenerate: [{ files: ['gen'], command: 'make gen' }] },
        landing: { by: 'orchestrator' },
      },
      script: (memory) => async (start) => {
        const isAgent = start.environment.ORCH_ATTEMPT !== undefined
        memory.edit(start.directory, { 'gen/a.txt': isAgent ? 'by the agent\n' : 'by the command\n' })
        if (!isAgent) return { exit: 0 }
        memory.edit(start.directory, { 'a.txt': 'a\n' })
        memory.commit(start.directory, 'Work')
        shown.push((await orch.status()).tasks[0]?.outside)
        return { exit: 0 }
      },
    })
    expect(await orch.run()).toMatchObject({ outcome: 'done', tasks: [{ outside: [] }] })
    expect(shown).toEqual([[]])
    expect(vcs.userFiles()).toMatchObject({ 'gen/a.txt': 'by the command\n' })
  })
})

it('a task that names no files has nothing outside', async () => {
  const { orch, vcs } = rig([{ id: 'a' }], {
    policy: { outsideScope: 'stuck', seal: ['a.txt'] },
    script: (memory) => (start) => {
      memory.edit(start.directory, { 'a.txt': 'a\n', 'b.txt': 'b\n' })
      memory.commit(start.directory, 'Work')
      return { exit: 0 }
    },
  })
  expect((await orch.run()).outcome).toBe('done')
  expect(vcs.userFiles()).toHaveProperty('b.txt')
})
