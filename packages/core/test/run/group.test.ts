import type { PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'
import { addsALine, row, target } from './stacking-rig.ts'

const human: PolicyInput = { landing: { by: 'human' } }
const { signal } = new AbortController()

describe('a group', () => {
  const tasks = ['g1', 'g2', 'g3'].map((id) => ({ id, group: 'tabs', writes: [`${id}.ts`] }))

  it('is done by one agent in one workspace, one task after the other', async () => {
    const made = rig([...tasks, { id: 'other', writes: ['other.ts'] }], {
      policy: { ...human, maxAgents: 1 },
      script:
        (vcs) =>
        ({ directory, environment, resume }) => {
          const id = environment.ORCH_TASK ?? ''
          vcs.edit(directory, { [`${id}.ts`]: `${id}\n` })
          return { exit: 0, resume: [...((resume as string[] | undefined) ?? []), id] }
        },
    })
    await made.orch.run()
    const starts = made.runner.starts.map(({ environment, directory, resume = null }) => ({
      id: environment.ORCH_TASK,
      directory,
      resume,
    }))
    const [{ directory } = { directory: '' }] = starts
    // The only seat is anybody's between two of them.
    expect(starts.filter(({ id }) => id !== 'other')).toEqual([
      { id: 'g1', directory, resume: null },
      { id: 'g2', directory, resume: ['g1'] },
      { id: 'g3', directory, resume: ['g1', 'g2'] },
    ])
    expect(starts.filter(({ id }) => id === 'other')).toEqual([
      { id: 'other', directory: expect.not.stringContaining(directory), resume: null },
    ])
    for (const { id } of tasks) await made.orch.land(id)
    await made.orch.run()
    expect(await target(made)).toMatchObject({ 'g1.ts': 'g1\n', 'g2.ts': 'g2\n', 'g3.ts': 'g3\n' })
    const { workspaces } = await made.vcs.observe({ landed: [], signal })
    expect([...workspaces.keys()]).toEqual(['other'])
  })

  it('keeps the workspace of the one at work when another one goes back to its agent', async () => {
    const made = rig(tasks.slice(0, 2), {
      policy: human,
      script:
        (vcs) =>
        ({ directory, environment }) => {
          const { ORCH_TASK: id = '', ORCH_TURN: turn } = environment
          vcs.edit(directory, { [`${id}.ts`]: `${id} ${turn}\n` })
          return id === 'g2' ? undefined : { exit: 0 }
        },
    })
    const end = new AbortController()
    const running = made.orch.run({ signal: end.signal })
    await expect.poll(() => made.runner.alive).toEqual(['turn-g2.1.1'])
    await made.orch.guide('g1', 'once more')
    await expect.poll(() => made.runner.starts.length).toBe(3)
    await expect.poll(async () => (await row(made, 'g1'))?.status).toBe('complete')
    const [one, two, again] = made.runner.starts
    expect([two?.directory, again?.environment.ORCH_TASK]).toEqual([one?.directory, 'g1'])
    expect(again?.directory).not.toBe(one?.directory)
    made.runner.finish('turn-g2.1.1')
    expect((await running).outcome).toBe('waits')
    for (const { id } of tasks.slice(0, 2)) await made.orch.land(id)
    await made.orch.run()
    expect(await target(made)).toMatchObject({ 'g1.ts': 'g1 2\n', 'g2.ts': 'g2 1\n' })
  })

  it('does not count what was left in its workspace as work of the next one', async () => {
    const made = rig(
      [
        { id: 'g1', group: 'tabs', writes: ['g1.ts'] },
        { id: 'g2', group: 'tabs' },
      ],
      {
        policy: { ...human, maxAttempts: 1 },
        script:
          (vcs) =>
          ({ directory, environment }) => {
            if (environment.ORCH_TASK === 'g1') vcs.edit(directory, { 'g1.ts': 'g1\n', 'notes.md': 'left\n' })
            return { exit: 0 }
          },
      },
    )
    await made.orch.run()
    expect(await made.statuses()).toEqual(['g1 complete', 'g2 stuck'])
  })

  it('goes back to its workspace when the next one cannot begin', { timeout: 5000 }, async () => {
    const policy = { ...human, maxAgents: 1 }
    const made = rig(tasks.slice(0, 2), { policy, script: addsALine((id) => `${id}.ts`) })
    const { target: from } = await made.vcs.observe({ landed: [], signal })
    await made.vcs.createWorkspace({ name: 'elsewhere', branch: 'orch/g2', from, signal })
    expect((await made.orch.run()).outcome).toBe('failures')
    expect(await made.statuses()).toEqual(['g1 complete', 'g2 stuck'])
    await made.orch.guide('g1', 'once more')
    expect((await made.orch.run()).outcome).toBe('failures')
    const [one, again] = made.runner.starts
    expect([again?.environment.ORCH_TURN, again?.directory]).toEqual(['2', one?.directory])
    await made.vcs.retire({ workspace: 'elsewhere', branch: 'orch/g2', signal })
    await made.orch.retry('g2')
    expect((await made.orch.run()).outcome).toBe('waits')
    expect(await made.statuses()).toEqual(['g1 complete', 'g2 complete'])
  })

  it('leaves the workspace to the one that has gone back there', { timeout: 5000 }, async () => {
    const made = rig(tasks.slice(0, 2), {
      policy: human,
      script:
        (vcs) =>
        ({ directory, environment: { ORCH_TASK: id = '', ORCH_TURN: turn } }) => {
          vcs.edit(directory, { [`${id}.ts`]: `${id} ${turn}\n` })
          return turn === '2' ? undefined : { exit: 0 }
        },
    })
    const { target: from } = await made.vcs.observe({ landed: [], signal })
    await made.vcs.createWorkspace({ name: 'elsewhere', branch: 'orch/g2', from, signal })
    await made.orch.run()
    await made.orch.guide('g1', 'once more')
    const running = made.orch.run()
    await expect.poll(() => made.runner.alive).toEqual(['turn-g1.1.2'])
    await made.vcs.retire({ workspace: 'elsewhere', branch: 'orch/g2', signal })
    await made.orch.retry('g2')
    await expect.poll(async () => (await row(made, 'g2'))?.status).toBe('complete')
    const [, again, next] = made.runner.starts
    expect(next?.directory).not.toBe(again?.directory)
    made.runner.finish('turn-g1.1.2')
    expect((await running).outcome).toBe('waits')
    expect(await made.statuses()).toEqual(['g1 complete', 'g2 complete'])
  })

  it('leaves the workspace to the one at work when a person takes another one over', async () => {
    const made = rig(tasks.slice(0, 2), {
      policy: human,
      script:
        (vcs) =>
        ({ directory, environment: { ORCH_TASK: id = '' } }) => {
          vcs.edit(directory, { [`${id}.ts`]: `${id}\n` })
          return id === 'g2' ? undefined : { exit: 0 }
        },
    })
    const end = new AbortController()
    const running = made.orch.run({ signal: end.signal })
    await expect.poll(() => made.runner.alive).toEqual(['turn-g2.1.1'])
    const first = made.runner.starts[0]?.directory
    await made.orch.take('g1')
    await expect.poll(async () => (await row(made, 'g1'))?.waitsFor).toBe('taken')
    const mine = (await row(made, 'g1'))?.worktreePath ?? ''
    expect(mine).not.toBe(first)
    made.vcs.edit(mine, { 'g1.ts': 'by a person\n' })
    expect(made.vcs.read(first ?? '')).toMatchObject({ 'g1.ts': 'g1\n' })
    made.runner.finish('turn-g2.1.1')
    expect((await running).outcome).toBe('waits')
  })
})
