import { turnKey } from '@orch/core'
import type { AgentScript, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { agent, rig, writesItsFile } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
/** Who was started late lives until somebody ends it. */
const ownOnly = (vcs: MemoryVcs): AgentScript => {
  const play = writesItsFile(vcs)
  return (start, process) => (start.environment.ORCH_TASK === undefined ? undefined : play(start, process))
}
const never = new AbortController().signal

/** As an owner does that was paused right before the start, for longer than its lease. */
async function startsLate({ runner }: ReturnType<typeof rig>, key: string): Promise<void> {
  await runner.start({ key, profile: agent, directory: '/late', prompt: '', environment: {}, signal: never })
}

describe('a process that carries a dead attempt', () => {
  it('is stopped by the next pass, whoever left it, while the present attempt goes on', async () => {
    const world = rig([a], {
      policy: { maxAttempts: 3 },
      script: () => (start) => (start.environment.ORCH_ATTEMPT === '1' ? { exit: 1 } : undefined),
    })
    const controller = new AbortController()
    const running = world.orch.run({ signal: controller.signal })
    await expect.poll(() => world.runner.alive).toEqual([turnKey('a', 2, 1)])
    await startsLate(world, turnKey('a', 1, 2))
    await world.orch.pass()
    await expect.poll(() => world.runner.alive).toEqual([turnKey('a', 2, 1)])
    world.vcs.edit(world.runner.starts.find(({ key }) => key === turnKey('a', 2, 1))?.directory ?? '', { 'a.txt': '' })
    world.runner.finish(turnKey('a', 2, 1))
    expect((await running).outcome).toBe('done')
  })

  it('is stopped though its task is closed', async () => {
    const world = rig([a], { script: ownOnly })
    await world.orch.run()
    await startsLate(world, turnKey('a', 1, 2))
    await world.orchestrator().run()
    expect(world.runner.alive).toEqual([])
  })

  it.each([
    ['others', { checks: ['new'] }, 1],
    ['none', { checks: [] }, 0],
    ['the same', { checks: ['old'], checkMs: 1000 }, 1],
  ] as const)('is that of checks which are %s by now', async (what, landing, running) => {
    const script = (vcs: MemoryVcs): AgentScript => {
      const play = writesItsFile(vcs)
      return (start, process) => (start.key.startsWith('check-') ? undefined : play(start, process))
    }
    const world = rig([a], { script, policy: { landing: { by: 'orchestrator', checks: ['old'] } } })
    const before = world.orchestrator({ policy: { landing: { by: 'orchestrator', checks: ['old'] } } })
    while (world.runner.alive.length === 0 || !world.runner.alive[0]?.startsWith('check-')) await before.pass()
    const [old = ''] = world.runner.alive
    await before[Symbol.asyncDispose]()
    const after = world.orchestrator({ policy: { landing: { by: 'orchestrator', ...landing } } })
    for (let pass = 0; pass < 3; pass++) await after.pass()
    await expect.poll(() => world.runner.alive).toHaveLength(running)
    expect(world.runner.alive.includes(old)).toBe(what === 'the same')
  })

  it('is left alone where nobody knows its task, or another task has that name', async () => {
    const world = rig([a], { script: ownOnly })
    await startsLate(world, turnKey('somebody-else', 1, 1))
    await startsLate(world, 'not-ours.1.1')
    await world.orch.run()
    expect(world.runner.alive).toEqual([turnKey('somebody-else', 1, 1), 'not-ours.1.1'])
  })
})
