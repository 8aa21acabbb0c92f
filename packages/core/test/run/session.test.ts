import type { PolicyInput } from '@orch/core'
import type { MemoryEnd, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const asks = { tell: 'stuck', reason: 'which?', options: ['this'], context: '' } as const

/** Its turns end like this, one after the other, each with a session of its own. Checks are red for what its first turn leaves. */
function played(ends: readonly MemoryEnd[], policy: PolicyInput = {}) {
  let turns = 0
  const script = (vcs: MemoryVcs) => (start: { directory: string; environment: Readonly<Record<string, string>> }) => {
    if (start.environment.ORCH_ATTEMPT === undefined)
      return { exit: vcs.read(start.directory)['a.txt'] === '1\n' ? 1 : 0 }
    const end = ends[turns++] ?? {}
    if (end.exit !== 9) vcs.edit(start.directory, { 'a.txt': `${turns}\n` })
    return { ...end, resume: `session ${turns}` }
  }
  const made = rig([{ id: 'a', writes: ['a.txt'] }], { policy, script })
  const sessions = () =>
    made.runner.starts.flatMap(({ environment, resume }) => (environment.ORCH_ATTEMPT === undefined ? [] : [resume]))
  return { ...made, sessions }
}

describe('the session of an agent goes on', () => {
  it('when its attempt has failed', async () => {
    const { orch, sessions } = played([{ exit: 1 }])
    await orch.run()
    expect(sessions()).toEqual([null, 'session 1'])
  })

  it('when it changed nothing', async () => {
    const { orch, sessions } = played([{ exit: 9 }, { exit: 0 }])
    await orch.run()
    expect(sessions()).toEqual([null, 'session 1'])
  })

  it('when what it left cannot be sealed', async () => {
    const { orch, sessions } = played([{ exit: 0, report: { tell: 'done', noChanges: 'nothing to do' } }])
    await orch.run()
    expect(sessions()).toEqual([null, 'session 1'])
  })

  it('when its change is sent back', async () => {
    const { orch, sessions } = played([], { landing: { by: 'orchestrator', checks: ['test'] } })
    await orch.run()
    expect(sessions()).toEqual([null, 'session 1'])
  })

  it.each(['guide', 'retry'] as const)('when it has asked, and a person says %s', async (does) => {
    const { orch, sessions } = played([{ exit: 0, report: asks }])
    await orch.run()
    await (does === 'guide' ? orch.guide('a', 'this') : orch.retry('a'))
    await orch.run()
    expect(sessions()).toEqual([null, 'session 1'])
  })

  it('when it ends by itself as it is set aside, and what it said of that is not there at once', async () => {
    const script = () => (start: { directory: string; environment: Readonly<Record<string, string>> }) =>
      start.environment.ORCH_TASK === 'a' ? { exit: 1 } : undefined
    const made = rig([{ id: 'a' }, { id: 'b', writes: ['b'] }], {
      policy: { onFailure: 'stop', maxAttempts: 2 },
      script,
    })
    let torn = true
    const runner: typeof made.runner = {
      ...made.runner,
      async stop(options) {
        if (torn) made.runner.finish(options.key, { exit: 143, resume: 'session b' })
        return made.runner.stop(options)
      },
      async observe(options) {
        const isOfEffect = options.keys.length === 1 && !made.runner.alive.includes('turn-b.1.1')
        const hides = torn && isOfEffect
        torn &&= !hides
        return hides ? new Map() : made.runner.observe(options)
      },
    }
    const orch = made.orchestrator({ runner })
    await orch.run()
    expect(torn).toBe(false)
    const { records } = await made.queue.read({ signal: new AbortController().signal })
    expect(records.find(({ id }) => id === 'b')?.state.run).toMatchObject({ wants: 'attempt', resume: 'session b' })
  })

  it('unless a person wants it fresh', async () => {
    const { orch, sessions } = played([{ exit: 0, report: asks }])
    await orch.run()
    await orch.retry('a', { fresh: true })
    await orch.run()
    expect(sessions()).toEqual([null, null])
  })
})
