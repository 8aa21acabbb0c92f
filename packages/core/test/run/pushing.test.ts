import { createOrchestrator, type Vcs } from '@orch/core'
import { handClock, memoryVcs } from '@orch/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { played, slowly } from './played.ts'
import { rig } from './run-rig.ts'

const tasks = ['a', 'b', 'c'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
const policy = { landing: { by: 'orchestrator', via: 'push' } } as const

describe('a policy and a version control that do not agree on pushing', () => {
  it.each([
    ['push', 'local', 'knows no remote'],
    ['local', 'push', 'set it to push'],
  ] as const)('are refused: %s and %s', (wanted, does, why) => {
    const { queue, runner, orch: _, ...made } = rig([])
    const options = { ...made, queue, runner, agent: { name: 'agent', argv: ['agent'] } as const }
    expect(() =>
      createOrchestrator({ ...options, vcs: memoryVcs({ via: does }), policy: { landing: { via: wanted } } }),
    ).toThrow(expect.objectContaining({ code: 'invalid-configuration', message: expect.stringContaining(why) }))
  })
})

describe('a remote that does not answer', () => {
  it('keeps a change from landing, which is told once, and it lands by itself when the remote is back', async () => {
    const made = rig(tasks.slice(0, 1), { policy })
    made.vcs.remoteIs('away')
    const running = made.orch.run()
    await vi.waitFor(async () => {
      const [row] = (await made.orch.status()).tasks
      expect(row).toMatchObject({ status: 'complete', waitsFor: 'unreachable', stuckReason: null })
      expect(row?.waits).toBe('main does not answer, and nothing lands until it does: no route to host')
    })
    made.vcs.remoteIs('answers')
    expect((await running).outcome).toBe('done')
    expect(await made.statuses()).toEqual(['a merged'])
    expect(made.events.filter((event) => event.startsWith('task-waits'))).toHaveLength(1)
    expect(made.events.filter((event) => event.startsWith('problem'))).toEqual([])
  })

  it('keeps nobody waiting who asks for a landing', async () => {
    const made = rig(tasks.slice(0, 1), { policy: { landing: { ...policy.landing, by: 'human' } } })
    made.vcs.remoteIs('away')
    await made.orch.run()
    const { settled, note } = await made.orch.land('a')
    expect(settled).toBe(false)
    expect(note).toBe('not landed yet: main does not answer, and nothing lands until it does: no route to host')
  })

  it('is tried less and less often', async () => {
    const made = rig(tasks.slice(0, 1), { policy })
    const clock = handClock()
    let tries = 0
    const land: Vcs['land'] = async () => {
      tries++
      return { ok: false, reason: 'unreachable' }
    }
    await played(made.orchestrator({ clock, vcs: { ...slowly(made.vcs), land } }), clock, 10 * 60_000)
    expect(tries).toBeGreaterThan(10)
    expect(tries).toBeLessThan(60)
  })
})

describe('a remote that refuses a change', () => {
  it('is told to a person with its words, and asked again when they say so', async () => {
    const { orch, vcs, statuses } = rig(tasks.slice(0, 1), { policy })
    vcs.remoteIs('refuses')
    const { outcome, tasks: rows } = await orch.run()
    expect(outcome).toBe('failures')
    expect(rows[0]).toMatchObject({
      stuckReason: 'main refuses its change: protected branch',
      options: ['land', 'guide', 'cancel'],
    })
    vcs.remoteIs('answers')
    expect((await orch.run()).outcome).toBe('failures')
    await orch.land('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged'])
  })

  it('holds nothing against the others of its train', async () => {
    const made = rig(tasks, { policy: { landing: { ...policy.landing, checks: ['test'], train: 4 }, maxAgents: 3 } })
    const land: Vcs['land'] = async (options) => {
      const has = 'b.txt' in made.vcs.read(options.commit)
      return has ? { ok: false, reason: 'rejected', detail: 'b.txt is not allowed' } : made.vcs.land(options)
    }
    const orch = made.orchestrator({ vcs: { ...made.vcs, land } })
    await orch.run()
    expect(await made.statuses()).toEqual(['a merged', 'b stuck', 'c merged'])
    expect((await orch.show('b')).stuckReason).toBe('main refuses its change: b.txt is not allowed')
  })
})

it('what a person has to know of the repository is told once, as long as it is so, and stands in the status', async () => {
  const made = rig(tasks.slice(0, 2), { policy: { ...policy, maxAgents: 1 } })
  const notes = [{ why: 'main here has not got yet what landed' }]
  const vcs: Vcs = { ...made.vcs, observe: async (options) => ({ ...(await made.vcs.observe(options)), notes }) }
  const told: string[] = []
  const orch = made.orchestrator({ vcs })
  orch.on('problem', ({ message }) => void told.push(message))
  await orch.run()
  expect(told).toEqual(['main here has not got yet what landed'])
  expect((await orch.status()).notes).toEqual(told)
})
