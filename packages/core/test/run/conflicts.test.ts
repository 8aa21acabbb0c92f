import type { Conflict, Orchestrator, PolicyInput } from '@orch/core'
import { type AgentScript, type HandClock, handClock, type MemoryAgent, type MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { type Rig, rig } from './run-rig.ts'

const tasks = [
  { id: 'one', title: 'One', writes: ['one.txt'] },
  { id: 'two', title: 'Two', writes: ['two.txt'] },
]
const human: PolicyInput = { landing: { by: 'human' } }

interface Stage extends Rig {
  readonly orch: Orchestrator
  readonly clock: HandClock
  readonly found: readonly Conflict[]
  /** The agent of a task, in its last turn. */
  agent(id: string): MemoryAgent
  /** Enough passes for everything that needs no time, then time for another look, and passes again. */
  look(): Promise<void>
  bulletins(): Promise<readonly string[]>
}

/** Agents that stay at work, each with the same file changed in its own way. */
function stage(policy: PolicyInput = {}, file: (id: string) => string = () => 'README.md'): Stage {
  const agents = new Map<string, MemoryAgent>()
  const script = (vcs: MemoryVcs): AgentScript => {
    return (start, agent) => {
      const id = start.environment.ORCH_TASK ?? ''
      agents.set(id, agent)
      vcs.edit(start.directory, { [file(id)]: `by ${id}\n` })
      return undefined
    }
  }
  const made = rig(tasks, { policy, script })
  const clock = handClock()
  const orch = made.orchestrator({ clock })
  const found: Conflict[] = []
  orch.on('conflict-found', ({ conflict }) => found.push(conflict))
  const passes = async () => {
    for (let pass = 0; pass < 8; pass++) await orch.pass()
  }
  return {
    ...made,
    orch,
    clock,
    found,
    agent(id) {
      const agent = agents.get(id)
      if (agent === undefined) throw new Error(`${id} was never started`)
      return agent
    },
    async look() {
      await passes()
      clock.advance(5000)
      await passes()
    },
    async bulletins() {
      const entries = await made.board.read({ signal: new AbortController().signal })
      return entries.map(({ text }) => text)
    },
  }
}

const heard = (agent: MemoryAgent) => agent.inbox.map(({ text }) => text)

describe('two agents that change the same file', () => {
  it('are both told, once, with a bulletin and an event', async () => {
    const made = stage()
    await made.look()
    await made.look()
    expect(made.found).toMatchObject([{ when: 'live', task: 'two', with: 'one', files: [{ path: 'README.md' }] }])
    expect(await made.bulletins()).toEqual(['two and one would not merge as they are now: README.md.'])
    expect(heard(made.agent('one'))).toEqual([expect.stringContaining('You go first')])
    expect(heard(made.agent('two'))).toEqual([expect.stringContaining('Task one is changing the same places as you')])
  })

  it('are told again of another file, and of the same one when it was over in between', async () => {
    const made = stage()
    await made.look()
    made.vcs.edit('one', { 'one.txt': 'one\n', 'two.txt': 'one\n' })
    made.vcs.commit('one', 'Outside of its files, too')
    made.vcs.edit('two', { 'two.txt': 'two\n' })
    await made.look()
    expect(made.found.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ['README.md'],
      ['README.md', 'two.txt'],
    ])
    made.vcs.edit('two', { 'README.md': 'by one\n', 'two.txt': null })
    await made.look()
    made.vcs.edit('two', { 'README.md': 'by two\n' })
    await made.look()
    expect(made.found).toHaveLength(3)
  })

  it('go on without another turn when the news comes too late', async () => {
    const made = stage(human)
    await made.look()
    made.agent('two').finish({ exit: 0, report: { tell: 'done' } })
    await made.look()
    expect(made.runner.starts.map(({ key }) => key)).toHaveLength(2)
    expect((await made.orch.show('two')).phase).toBe('pr_created')
  })

  it('are nothing to be told of where they change different files', async () => {
    const made = stage({}, (id) => `${id}.txt`)
    await made.look()
    await made.look()
    expect([made.found, heard(made.agent('one'))]).toEqual([[], []])
  })

  it.each(['tell', 'pause'] as const)(
    'go on and land both when the file may have the lines of both (%s)',
    async (onConflict) => {
      const made = stage({
        onConflict,
        hotFiles: { union: ['README.md'] },
        landing: { by: 'orchestrator', maxRepairs: 0 },
      })
      await made.look()
      await made.look()
      expect((await made.orch.conflicts()).conflicts).toEqual([])
      for (const id of ['one', 'two']) made.agent(id).finish({ exit: 0, report: { tell: 'done' } })
      await made.look()
      await made.look()
      expect([made.found, heard(made.agent('one')), heard(made.agent('two'))]).toEqual([[], [], []])
      expect((await made.orch.status()).tasks.map(({ status }) => status)).toEqual(['merged', 'merged'])
      expect(made.vcs.userFiles()['README.md']).toContain('by one\nby two\n')
    },
  )

  it('go on and land both when a command makes the file', async () => {
    const made = stage({
      onConflict: 'pause',
      hotFiles: { regenerate: [{ files: ['README.md'], command: 'make' }] },
      landing: { by: 'orchestrator', maxRepairs: 0 },
    })
    await made.look()
    await made.look()
    expect((await made.orch.conflicts()).conflicts).toEqual([])
    expect([made.found, heard(made.agent('one')), heard(made.agent('two'))]).toEqual([[], [], []])
  })

  it('by the policy: the later one is stopped, waits, and goes on when the first has landed', async () => {
    const made = stage({ onConflict: 'pause' })
    await made.look()
    await made.look()
    expect([made.agent('one').signal.aborted, made.agent('two').signal.aborted]).toEqual([false, true])
    const waiting = await made.orch.show('two')
    expect(waiting).toMatchObject({ waitsFor: 'conflict', waits: expect.stringContaining('waits for one') })
    made.agent('one').finish({ exit: 0, report: { tell: 'done' } })
    await made.look()
    await made.look()
    expect((await made.orch.show('one')).outcome).toBe('done')
    expect(await made.orch.show('two')).toMatchObject({ status: 'working', attempt: 2, waits: null })
    expect(made.runner.starts.at(-1)?.prompt).toContain('goes first')
    const { records } = await made.queue.read({ signal: new AbortController().signal })
    expect(records.find(({ id }) => id === 'two')?.state.run.failures).toBe(0)
  })

  it('by the policy: the later one goes on when the first is cancelled', async () => {
    const made = stage({ onConflict: 'pause' })
    await made.look()
    await made.orch.cancel('one')
    await made.look()
    await made.look()
    expect(await made.orch.show('two')).toMatchObject({ status: 'working', attempt: 2 })
  })
})

describe('a target that moves below an agent', () => {
  it('is told to it when what it has changed conflicts with that', async () => {
    const made = stage({ maxAgents: 1 })
    await made.look()
    made.vcs.userCommit({ 'README.md': 'by a person\n' })
    await made.look()
    expect(heard(made.agent('one'))).toEqual([expect.stringContaining('`main` has moved')])
    expect(made.found).toMatchObject([{ when: 'live', task: 'one', with: null }])
  })
})

describe('the report', () => {
  it('holds what is live and what is planned', async () => {
    const made = stage()
    await made.orch.add([{ id: 'three', title: 'Three', writes: ['*.txt'] }])
    await made.look()
    const report = await made.orch.conflicts()
    expect(report).toMatchObject({ target: 'main', compared: ['one', 'two'], unseen: [], planned: 2 })
    expect(report.conflicts.map(({ when, task, with: first }) => `${when} ${task} ${first}`)).toEqual([
      'live two one',
      'planned three one',
      'planned three two',
    ])
    expect(report.conflicts[1]?.files).toEqual([{ path: 'one.txt', kind: 'scope', lines: [] }])
  })

  it('names a change that waits to land and does not go onto the target', async () => {
    const made = stage(human)
    await made.look()
    made.agent('one').finish({ exit: 0, report: { tell: 'done' } })
    await made.look()
    made.vcs.userCommit({ 'README.md': 'by a person\n' })
    const { conflicts } = await made.orch.conflicts()
    expect(conflicts.map(({ when, task, with: first }) => `${when} ${task} ${first}`)).toEqual([
      'live two one',
      'landing one null',
      'live two null',
    ])
  })
})
