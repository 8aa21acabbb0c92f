import { describe, expect, it } from 'vitest'
import { OrchError } from '../../src/model/error.ts'
import { type AgentProfile, command } from '../../src/model/profile.ts'
import type { AgentBehaviour, AgentRunnerRig } from '../../src/testing/agent-runner-rig.ts'
import { agentRunnerSuite } from '../../src/testing/agent-runner-suite.ts'
import type { MemoryEnd } from '../../src/testing/memory-process.ts'
import { type AgentScript, type MemoryRunner, memoryRunner } from '../../src/testing/memory-runner.ts'

const signal = new AbortController().signal

function rig(): AgentRunnerRig {
  const behaviours = new Map<AgentProfile, AgentBehaviour>()
  const missing = command({ argv: ['missing'] })
  const script: AgentScript = ({ profile, prompt, environment }, agent) => {
    const { printsPrompt, prints = [], reports = [], ends } = behaviours.get(profile) ?? { ends: 'when-stopped' }
    if (printsPrompt) agent.print(prompt, environment.ORCH_TASK ?? '')
    agent.print(...prints)
    for (const report of reports) agent.report(report)
    if (ends === 'when-killed') agent.resist('killed')
    if (ends === 'leaving-child') return { survivors: true }
    return typeof ends === 'object' ? ends : undefined
  }
  const runner = memoryRunner({ script, installed: (profile) => profile !== missing })
  return {
    runner,
    again: () => runner,
    directory: '/workspace',
    agent(behaviour) {
      const profile = command({ argv: ['agent'] })
      behaviours.set(profile, behaviour)
      return profile
    },
    missing,
    kill: (key) => runner.vanish(key),
    inbox: async (key) => runner.agent(key).inbox.map((guidance) => guidance.text),
  }
}

agentRunnerSuite({ describe, it, expect }, rig)

describe('memoryRunner', () => {
  const start = (runner: MemoryRunner, key = 'a') => {
    const profile = command({ argv: ['agent'] })
    return runner.start({ key, profile, directory: '/w', prompt: 'p', environment: {}, signal })
  }
  const turnOf = async (runner: MemoryRunner, key = 'a') => (await runner.observe({ keys: [key], signal })).get(key)

  it('is driven by hand', async () => {
    const runner = memoryRunner({ now: () => 5, elapsed: () => 7 })
    await start(runner)
    await start(runner, 'b')
    expect(runner.alive).toEqual(['a', 'b'])
    expect(await turnOf(runner)).toEqual({
      is: 'alive',
      sign: '0',
      lastSignAt: 5,
      runsFor: 0,
      silentFor: 0,
      report: null,
      reports: 0,
    })
    runner.report('a', { tell: 'working' })
    runner.finish('a', { exit: 0, report: { tell: 'done' } })
    runner.vanish('b')
    expect(await turnOf(runner)).toMatchObject({ is: 'ended', exit: 0, report: { tell: 'done' }, reports: 2 })
    expect(await turnOf(runner, 'b')).toMatchObject({ is: 'vanished' })
    expect(runner.alive).toEqual([])
    expect(runner.starts.map((made) => made.key)).toEqual(['a', 'b'])
    expect(() => runner.finish('a')).toThrow(OrchError)
    expect(() => runner.finish('c')).toThrow('never started')
  })

  it('plays a table of ends', async () => {
    const table: Record<string, MemoryEnd> = { a: { exit: 0, report: { tell: 'done' } }, b: { exit: 3 } }
    const runner = memoryRunner({ script: table })
    for (const key of ['a', 'b', 'c']) await start(runner, key)
    expect(await turnOf(runner)).toMatchObject({ is: 'ended', exit: 0 })
    expect(await turnOf(runner, 'b')).toMatchObject({ is: 'ended', exit: 3 })
    expect(await turnOf(runner, 'c')).toMatchObject({ is: 'alive' })
  })

  it('ends an agent whose script throws', async () => {
    const runner = memoryRunner({
      script: () => {
        throw new Error('out of ideas')
      },
    })
    await start(runner)
    expect(await turnOf(runner)).toMatchObject({ is: 'ended', exit: 1 })
    expect(await runner.tail({ key: 'a', lines: 1, signal })).toEqual(['Error: out of ideas'])
  })

  it('lets the dead do nothing', async () => {
    const runner = memoryRunner({
      // It would end well, but only after it was stopped.
      script: async (_, agent) => {
        await new Promise((resolve) => agent.signal.addEventListener('abort', resolve))
        return { exit: 0 }
      },
    })
    await start(runner)
    await runner.stop({ key: 'a', graceMs: 0, signal })
    runner.agent('a').finish({ exit: 0 })
    expect(runner.agent('a').signal.aborted).toBe(true)
    expect(await turnOf(runner)).toMatchObject({ is: 'ended', exit: 143 })
  })

  it('can hide what became of a process, and refuse to end', async () => {
    const runner = memoryRunner()
    await start(runner)
    runner.hide('a', 'another machine')
    expect(await turnOf(runner)).toEqual({ is: 'unknown', why: 'another machine' })
    expect(await runner.stop({ key: 'a', graceMs: 0, signal })).toBe('survivors')
    await runner.forget({ prefixes: ['a'], signal })
    runner.show('a')
    runner.agent('a').resist('survives')
    expect(await runner.stop({ key: 'a', graceMs: 0, signal })).toBe('survivors')
    expect(await turnOf(runner)).toMatchObject({ is: 'alive' })
  })
})
