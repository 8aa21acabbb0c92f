import type { PolicyInput } from '@orch/core'
import type { AgentScript, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { type Rig, rig } from './run-rig.ts'

const human: PolicyInput = { landing: { by: 'human' } }
const { signal } = new AbortController()

/** Each agent commits a line to its file, on top of what is there. */
function addsALine(file: (id: string) => string, done: (id: string) => boolean = () => true) {
  return (vcs: MemoryVcs): AgentScript =>
    ({ directory, environment }) => {
      const id = environment.ORCH_TASK ?? ''
      if (environment.ORCH_ATTEMPT === undefined) return { exit: 0 }
      const path = file(id)
      vcs.edit(directory, { [path]: `${vcs.read(directory)[path] ?? ''}${id}\n` })
      return done(id) ? { exit: 0 } : undefined
    }
}

async function target({ vcs }: Rig) {
  const { target: oid } = await vcs.observe({ landed: [], signal })
  return vcs.read(oid)
}

const row = async ({ orch }: Rig, id: string) => (await orch.status()).tasks.find((task) => task.id === id)

describe('a task that is stacked on another', () => {
  const first = { id: '126', writes: ['auth.ts', '126.ts'] }
  const second = { id: '127', writes: ['auth.ts', '127.ts'], stackedOn: '126' }

  it.each(['merge', 'squash', 'rebase'] as const)(
    'starts on its branch when that is done, and lands after it (%s)',
    async (method) => {
      const made = rig([second, first], {
        policy: { landing: { by: 'human', method } },
        script: addsALine(() => 'auth.ts'),
      })
      expect((await made.orch.run()).outcome).toBe('waits')
      expect(await made.statuses()).toEqual(['127 complete', '126 complete'])
      expect(made.runner.starts.at(-1)?.prompt).toContain('commits that have not landed yet, of 126')
      await made.orch.land('127')
      expect(await row(made, '127')).toMatchObject({ phase: 'pr_created', waitsFor: 'stack' })
      expect((await row(made, '127'))?.waits).toContain('126')
      expect((await target(made))['auth.ts']).toBe(undefined)
      await made.orch.land('126')
      expect(await row(made, '127')).not.toMatchObject({ waitsFor: 'stack' })
      await made.orch.run()
      expect(await made.statuses()).toEqual(['127 merged', '126 merged'])
      expect((await target(made))['auth.ts']).toBe('126\n127\n')
    },
  )

  it('lands alone, without the changes of one that was cancelled, when a person says so', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    await made.orch.land('127')
    await made.orch.cancel('126')
    await made.orch.run()
    expect(await row(made, '127')).toMatchObject({
      status: 'stuck',
      stuckReason: 'it started on the work of 126, which will not land',
      options: ['land', 'guide', 'cancel'],
    })
    expect(await target(made)).not.toHaveProperty('127.ts')
    await made.orch.land('127')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 cancelled', '127 merged'])
    expect(await target(made)).toMatchObject({ '127.ts': '127\n' })
    expect(await target(made)).not.toHaveProperty('126.ts')
  })

  it('is a question to a person when the one below is gone', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    made.queue.remove('126')
    expect((await made.orch.run()).outcome).toBe('failures')
    expect(await row(made, '127')).toMatchObject({ options: ['land', 'guide', 'cancel'] })
  })

  it('gets its answer when the one below was cancelled', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    await made.orch.cancel('126')
    await made.orch.run()
    await made.orch.guide('127', 'go on without it')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 cancelled', '127 complete'])
    await made.orch.land('127')
    await made.orch.run()
    expect((await target(made))['127.ts']).toBe('127\n127\n')
    expect(await target(made)).not.toHaveProperty('126.ts')
  })

  it.each(['merge', 'squash', 'rebase'] as const)('may take back what it started on (%s)', async (method) => {
    const made = rig([first, second], {
      policy: { landing: { by: 'human', method } },
      script:
        (vcs) =>
        ({ directory, environment }) => {
          vcs.edit(directory, { '126.ts': environment.ORCH_TASK === '126' ? 'for now\n' : null })
          return { exit: 0 }
        },
    })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 complete', '127 complete'])
    await made.orch.land('126')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 merged', '127 complete'])
    await made.orch.land('127')
    await made.orch.run()
    expect(await target(made)).not.toHaveProperty('126.ts')
  })

  it('waits as long as the one below is stuck', async () => {
    const made = rig([first, second], {
      policy: { ...human, maxAttempts: 1 },
      script: () => () => ({ exit: 1 }),
    })
    expect((await made.orch.run()).outcome).toBe('failures')
    expect(await made.statuses()).toEqual(['126 stuck', '127 waiting'])
  })

  it('goes on when the one below is begun anew, and lands what it changed itself', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    await made.orch.retry('126', { fresh: true })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 complete', '127 complete'])
    await made.orch.land('127')
    await made.orch.land('126')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 merged', '127 merged'])
    expect(await target(made)).toMatchObject({ '126.ts': '126\n', '127.ts': '127\n' })
  })
})

describe('tasks that write the same files', () => {
  const tasks = ['a', 'b', 'c'].map((id) => ({ id, writes: ['one.ts'] }))

  it('are stacked where a person lets them land', async () => {
    const made = rig(tasks, { policy: human, script: addsALine(() => 'one.ts') })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['a complete', 'b complete', 'c complete'])
    for (const id of ['c', 'b', 'a']) await made.orch.land(id)
    await made.orch.run()
    expect((await target(made))['one.ts']).toBe('a\nb\nc\n')
  })

  it('wait for each other where the policy says so', async () => {
    const made = rig(tasks, { policy: { ...human, onOverlap: 'wait' }, script: addsALine(() => 'one.ts') })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['a complete', 'b waiting', 'c waiting'])
  })

  it('are not stacked on one that still works', async () => {
    const made = rig(tasks, {
      policy: human,
      script: addsALine(
        () => 'one.ts',
        () => false,
      ),
    })
    for (let pass = 0; pass < 5; pass++) await made.orch.pass()
    expect(made.runner.starts).toHaveLength(1)
  })
})

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
    expect(starts).toEqual([
      { id: 'g1', directory, resume: null },
      { id: 'g2', directory, resume: ['g1'] },
      { id: 'g3', directory, resume: ['g1', 'g2'] },
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
})
