import { OrchError, type Orchestrator } from '@orch/core'
import type { AgentScript, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { quiet } from './played.ts'
import { rig, writesItsFile } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const b = { id: 'b', title: 'B', writes: ['b.txt'] }

/** The first turn leaves something half done and stays at work; later ones end well. */
const half =
  (vcs: MemoryVcs): AgentScript =>
  ({ directory, environment }) => {
    const isFirst = environment.ORCH_ATTEMPT === '1' && environment.ORCH_TURN === '1'
    vcs.edit(directory, { [`${environment.ORCH_TASK}.txt`]: isFirst ? 'half\n' : 'whole\n' })
    return isFirst ? undefined : { exit: 0 }
  }

/** A run that was interrupted when its first agent started: the agent is alive, and nobody looks after it. */
async function leftAlone(orch: Orchestrator): Promise<void> {
  const interrupt = new AbortController()
  orch.once('task-started', () => interrupt.abort())
  await orch.run({ signal: interrupt.signal })
}

const code = (expected: string) => (error: unknown) => OrchError.is(error) && error.code === expected

describe('take and give', () => {
  it('stop the agent, leave the workspace alone, and tell the next turn what the person did', async () => {
    const { orch, orchestrator, runner, vcs } = rig([a], { script: half })
    await leftAlone(orch)
    const asked = await orch.take('a')
    expect(asked).toMatchObject({
      settled: true,
      task: { status: 'waiting', waitsFor: 'taken', worktreePath: expect.any(String) },
    })
    expect(asked.task.waits).toContain('orch give a')
    expect(runner.alive).toEqual([])

    vcs.edit('a', { 'a.txt': 'by hand\n' })
    const commit = vcs.commit('a', 'Mend the corner case')
    vcs.edit('a', { 'notes.txt': 'not committed\n' })
    // Whoever runs meanwhile leaves it as it is, and ends.
    expect(await orchestrator().run()).toMatchObject({ outcome: 'waits', tasks: [{ waitsFor: 'taken' }] })
    expect(vcs.read('a')).toMatchObject({ 'a.txt': 'by hand\n', 'notes.txt': 'not committed\n' })
    expect(runner.starts).toHaveLength(1)

    expect(await orch.give('a')).toMatchObject({ settled: true })
    expect([...vcs.pins().values()]).toContain(commit)
    expect((await orch.run()).outcome).toBe('done')
    const prompt = runner.starts.at(-1)?.prompt
    expect(prompt).toContain(`${commit.slice(0, 12)} Mend the corner case`)
    expect(prompt).toContain('- a.txt\n- notes.txt')
    expect(runner.starts.at(-1)?.key).toBe('turn-a.1.2')
    expect(vcs.userFiles()['a.txt']).toBe('whole\n')
  })

  it('free the seat and keep the files from others', async () => {
    const same = { id: 'same', title: 'Same', writes: ['a.txt'] }
    const { orch, vcs, statuses } = rig([a, same, b], {
      policy: { maxAgents: 1 },
      script: (memory) => (start, agent) =>
        start.environment.ORCH_TASK === 'a' ? half(memory)(start, agent) : writesItsFile(memory)(start, agent),
    })
    await leftAlone(orch)
    await orch.take('a')
    expect((await orch.run()).outcome).toBe('waits')
    expect(await statuses()).toEqual(['a waiting', 'same waiting', 'b merged'])
    expect(vcs.userFiles()).not.toHaveProperty('same.txt')
  })

  it('work on a running orchestrator, from another one beside it', async () => {
    const { orch, orchestrator, runner } = rig([a], { script: half })
    const beside = orchestrator()
    const started = new Promise<void>((resolve) => orch.once('task-started', () => resolve()))
    const taken = new Promise<void>((resolve) => orch.once('task-taken', () => resolve()))
    const running = orch.run()
    await started
    const asked = await beside.take('a')
    // It answers when the agent is gone, not before.
    expect(runner.alive).toEqual([])
    expect(asked).toMatchObject({ settled: true, task: { waitsFor: 'taken' } })
    await taken
    expect((await running).outcome).toBe('waits')
  })

  it('survive that everybody dies between any two steps', async () => {
    const { orch, orchestrator, queue, runner } = rig([a], { script: half })
    await leftAlone(orch)
    const signal = new AbortController().signal
    await queue.ask({ id: 'a', key: 'k', request: { do: 'take' }, signal })
    // One pass each, by another orchestrator: the agent is stopped, then the task is taken.
    for (let passes = 0; passes < 4; passes++) {
      await using next = orchestrator({ owner: `next-${passes}`, policy: { leaseMs: 1 } })
      await next.pass()
    }
    expect(runner.alive).toEqual([])
    expect((await orch.status()).tasks[0]?.waitsFor).toBe('taken')
  })

  it('make the workspace anew that the person took away, and preserve what is in it before a cancel', async () => {
    const { orch, vcs } = rig([a], { script: half })
    await leftAlone(orch)
    vcs.edit('a', { 'a.txt': 'committed\n' })
    vcs.commit('a', 'wip')
    vcs.tear('a')
    expect(await orch.take('a')).toMatchObject({ settled: true, task: { worktreePath: expect.any(String) } })
    vcs.edit('a', { 'a.txt': 'by hand\n' })
    expect(await orch.cancel('a')).toMatchObject({ settled: true, task: { status: 'cancelled' } })
    expect([...vcs.pins().values()].map((oid) => vcs.read(oid)['a.txt'])).toContain('by hand\n')
    expect((await orch.status()).tasks[0]?.worktreePath).toBeNull()
  })

  it('say so when git cannot tell what the person did', async () => {
    const { orch, runner, vcs } = rig([a], { script: half })
    await leftAlone(orch)
    await orch.take('a')
    vcs.spoil('a', 'vendor/nested')
    await orch.give('a')
    vcs.edit('a', { 'a.txt': 'x\n' })
    await orch.pass()
    expect(runner.starts.at(-1)?.prompt ?? '').not.toContain('undefined')
    expect((await orch.show('a')).allGuidance[0]?.text).toContain('could not be compared')
  })

  it('are refused with the reason where they make no sense', async () => {
    const { orch } = rig([a, b], { script: half, policy: { maxAgents: 1 } })
    await expect(orch.take('a')).rejects.toThrow('no workspace yet')
    await expect(orch.give('a')).rejects.toThrow('is not taken')
    await leftAlone(orch)
    await orch.take('a')
    for (const asked of [orch.take('a'), orch.land('a'), orch.retry('a')])
      await expect(asked).rejects.toSatisfy(code('task-taken'))
    await orch.cancel('a')
    await expect(orch.take('a')).rejects.toSatisfy(code('task-closed'))
  })
})

describe('pause and resume', () => {
  it('of the whole run: what runs goes on, nothing new starts, whoever runs', async () => {
    const { orch, orchestrator, queue, runner, statuses } = rig([a, b], { policy: { maxAgents: 1 } })
    await orch.pauseAll()
    expect(await orchestrator().run()).toMatchObject({ outcome: 'waits' })
    expect(runner.starts).toEqual([])
    const status = await orch.status()
    expect(status).toMatchObject({ paused: true, tasks: [{ waitsFor: 'run-paused' }, { waitsFor: 'run-paused' }] })
    await orch.resumeAll()
    orch.once(
      'task-started',
      () => void queue.alongside().pause({ paused: true, signal: new AbortController().signal }),
    )
    expect((await orch.run()).outcome).toBe('waits')
    expect(await statuses()).toEqual(['a merged', 'b waiting'])
    await orch.resumeAll()
    expect((await orch.run()).outcome).toBe('done')
  })

  it('of one task: the others go on', async () => {
    const { orch, statuses } = rig([a, b])
    expect(await orch.pause('a')).toMatchObject({
      settled: true,
      task: { waitsFor: 'paused', waits: 'paused: orch resume a' },
    })
    expect((await orch.run()).outcome).toBe('waits')
    expect(await statuses()).toEqual(['a waiting', 'b merged'])
    await orch.resume('a')
    expect((await orch.run()).outcome).toBe('done')
    await expect(orch.resume('a')).rejects.toSatisfy(code('task-closed'))
  })

  it('of one at work: its agent goes on, its next turn waits', async () => {
    const { orch, runner, statuses } = rig([a], {
      script: (vcs) => (start, agent) =>
        start.environment.ORCH_ATTEMPT === '1' ? undefined : writesItsFile(vcs)(start, agent),
    })
    const running = orch.run()
    await new Promise<void>((resolve) => orch.once('task-started', () => resolve()))
    const paused = new Promise<void>((resolve) => orch.once('task-paused', () => resolve()))
    await orch.pause('a')
    await paused
    expect(runner.alive).toHaveLength(1)
    runner.finish('turn-a.1.1', { exit: 1 })
    expect((await running).outcome).toBe('waits')
    expect(await statuses()).toEqual(['a working'])
    expect((await orch.status()).tasks[0]).toMatchObject({ waitsFor: 'paused' })
    await orch.resume('a')
    expect((await orch.run()).outcome).toBe('done')
  })
})

describe('priorities', () => {
  it('that a person gives go over those of the tasks, in the plan too', async () => {
    const { orch, runner } = rig([a, b], { policy: { maxAgents: 1 } })
    await orch.prioritise('b', 0)
    expect((await orch.plan()).tasks.map(({ id }) => id)).toEqual(['b', 'a'])
    expect((await orch.show('b')).priority).toBe(0)
    await orch.run()
    expect(runner.starts.map(({ environment }) => environment.ORCH_TASK)).toEqual(['b', 'a'])
    await expect(orch.prioritise('a', Number.NaN)).rejects.toSatisfy(code('invalid-tasks'))
  })
})

describe('release', () => {
  it('lets a task on hold start, while others run', async () => {
    const { orch, statuses } = rig([a, { ...b, hold: true }])
    expect((await orch.status()).tasks[1]?.waits).toContain('orch release b')
    orch.once('task-started', () => void orch.release('b'))
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged'])
    await expect(orch.release('b')).rejects.toSatisfy(code('task-closed'))
  })

  it('of a task that is not on hold is refused', async () => {
    const { orch } = rig([a])
    await expect(orch.release('a')).rejects.toThrow('not on hold')
  })
})

describe('tasks added while a run goes on', () => {
  it('are done by it, also those whose dependencies have long landed', async () => {
    const { orch, orchestrator, queue, statuses } = rig([a])
    await orch.run()
    await orch.add([b])
    // What this process adds is waited for, however long that takes.
    const slow: typeof queue.add = async (options) => {
      await quiet(50)
      return queue.add(options)
    }
    const own = orchestrator({ queue: { ...queue, add: slow } })
    const beside = orchestrator()
    const adding: Promise<unknown>[] = []
    own.on('task-closed', ({ task }) => {
      if (task === 'b') adding.push(beside.add([{ id: 'c', writes: ['c.txt'], dependsOn: ['a'] }]))
      if (task === 'c') adding.push(own.add([{ id: 'd', writes: ['d.txt'], dependsOn: ['a', 'b'] }]))
    })
    expect((await own.run()).outcome).toBe('done')
    await Promise.all(adding)
    expect(await statuses()).toEqual(['a merged', 'b merged', 'c merged', 'd merged'])
  })
})

describe('on failure', () => {
  const bad = { id: 'bad', title: 'Bad', writes: ['bad.txt'], priority: 0 }
  const three = [bad, a, b]

  it('no-new lets go on what is under way and starts nothing else, until the failure is answered', async () => {
    const { orch, runner, statuses } = rig(three, {
      policy: { maxAgents: 2, maxAttempts: 1, onFailure: 'no-new' },
      script: (vcs) => (start, agent) => {
        const { ORCH_TASK: id, ORCH_ATTEMPT: attempt } = start.environment
        if (id === 'bad') return { exit: attempt === '1' ? 1 : 0 }
        return id === 'a' ? undefined : writesItsFile(vcs)(start, agent)
      },
    })
    const running = orch.run()
    await new Promise<void>((resolve) => orch.once('task-stuck', () => resolve()))
    runner.report('turn-a.1.1', { tell: 'done', noChanges: 'nothing to do' })
    runner.finish('turn-a.1.1', { exit: 0 })
    const { outcome, tasks } = await running
    expect(outcome).toBe('failures')
    expect(await statuses()).toEqual(['bad stuck', 'a merged', 'b waiting'])
    expect(tasks[2]).toMatchObject({ waitsFor: 'failure', waits: 'nothing is started while bad is stuck' })
    await orch.cancel('bad')
    await orch.run()
    expect(await statuses()).toContain('b merged')
  })

  it('stop: an attempt that finds what was left and adds nothing has done nothing', async () => {
    const { orch, runner, vcs, statuses } = rig([bad, a], {
      policy: { maxAttempts: 1, onFailure: 'stop' },
      script: (memory) => (start) => {
        if (start.environment.ORCH_TASK === 'bad') return undefined
        if (start.environment.ORCH_ATTEMPT !== '1') return { exit: 0 }
        memory.edit(start.directory, { 'a.txt': 'half\n' })
        return undefined
      },
    })
    orch.on('task-started', () => {
      if (runner.alive.length === 2) runner.finish('turn-bad.1.1', { exit: 1 })
    })
    await orch.run()
    await orch.cancel('bad')
    await orch.run()
    expect(await statuses()).toEqual(['bad cancelled', 'a stuck'])
    expect(vcs.userFiles()).not.toHaveProperty('a.txt')
  })

  it('stop stops the agents, keeps what they did, and counts no failure', async () => {
    const { orch, runner, vcs, statuses } = rig(three, {
      policy: { maxAgents: 2, maxAttempts: 1, onFailure: 'stop' },
      script: (memory) => (start) => {
        const { ORCH_TASK: id, ORCH_ATTEMPT: attempt } = start.environment
        if (id === 'bad') return undefined
        memory.edit(start.directory, { [`${id}.txt`]: `attempt ${attempt}\n` })
        return attempt === '1' && id === 'a' ? undefined : { exit: 0 }
      },
    })
    const stopped: string[] = []
    orch.on('task-stopped', ({ task, why }) => stopped.push(`${task}: ${why}`))
    orch.on('task-started', () => {
      if (runner.alive.length === 2) runner.finish('turn-bad.1.1', { exit: 1 })
    })
    expect((await orch.run()).outcome).toBe('failures')
    expect(runner.alive).toEqual([])
    expect(stopped).toEqual(['a: stopped because bad is stuck'])
    expect(await statuses()).toEqual(['bad stuck', 'a working', 'b waiting'])
    expect([...vcs.pins().values()].map((oid) => vcs.read(oid)['a.txt'])).toContain('attempt 1\n')
    await orch.cancel('bad')
    await orch.run()
    expect(await statuses()).toEqual(['bad cancelled', 'a merged', 'b merged'])
    expect(vcs.userFiles()['a.txt']).toBe('attempt 2\n')
  })
})
