import { type PolicyInput, turnKey } from '@orch/core'
import { handClock, memoryRunner } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { played, quiet, slowly } from './played.ts'
import { type Rig, rig } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const { signal } = new AbortController()

/** A runner whose owner is paused where it is about to start a process, until `wake`. */
function withPausedStart(made: Rig) {
  let wake: () => void = () => undefined
  const paused = new Promise<void>((resolve) => {
    wake = resolve
  })
  let isPaused = false
  const runner = {
    ...made.runner,
    async start(options: Parameters<typeof made.runner.start>[0]) {
      isPaused = true
      await paused
      return made.runner.start(options)
    },
  }
  return { runner, isPaused: () => isPaused, wake: () => wake() }
}

/** Each is there for four passes, and answers how many agents are alive then. */
function oneAfterAnother(policy: PolicyInput) {
  const clock = handClock()
  const runner = memoryRunner({ elapsed: () => clock.elapsed() })
  const made = rig([a], { policy })
  const another = async (): Promise<number> => {
    await using orch = made.orchestrator({ clock, runner })
    for (let pass = 0; pass < 4; pass++) await orch.pass()
    return runner.alive.length
  }
  return { clock, runner, another }
}

describe('several orchestrators', () => {
  it('leave a task to one that has come between two beats', async () => {
    const made = rig([a], { script: () => () => undefined })
    const clock = handClock()
    const first = made.orchestrator({ clock, owner: 'first' })
    await first.pass({ epic: 'none' })
    const second = made.orchestrator({ clock, owner: 'second' })
    await second.pass()
    await first.pass()
    const { records } = await made.queue.read({ signal })
    expect(records[0]?.state.run.owner).toBe('second')
  })

  it('leave a task to one that has renewed its lease since they last looked', async () => {
    const made = rig([a], { script: () => () => undefined, policy: { leaseMs: 40_000 } })
    const clock = handClock()
    const [first, second] = ['first', 'second'].map((owner) => made.orchestrator({ clock, owner }))
    await second?.pass()
    await first?.pass()
    clock.advance(38_000)
    await first?.pass()
    clock.advance(1000)
    await second?.pass()
    clock.advance(2000)
    await first?.pass()
    const { records } = await made.queue.read({ signal })
    expect(records[0]?.state.run.owner).toBe('second')
  })

  it('read the records before the tasks, so that an edit in between makes the claim stale', async () => {
    const made = rig([a])
    const reads: string[] = []
    const queue = {
      ...made.queue,
      async list(options: Parameters<typeof made.queue.list>[0]) {
        reads.push('list')
        return made.queue.list(options)
      },
      async read(options: Parameters<typeof made.queue.read>[0]) {
        const snapshot = await made.queue.read(options)
        reads.push('read')
        return snapshot
      },
    }
    await made.orchestrator({ queue }).pass()
    expect(reads.slice(0, 2)).toEqual(['read', 'list'])
  })

  it('stop an agent that has run too long, though none of them has seen it begin', async () => {
    const { clock, another } = oneAfterAnother({ turnMs: 60_000, maxAttempts: 1 })
    expect(await another()).toBe(1)
    clock.advance(50_000)
    expect(await another()).toBe(1)
    clock.advance(11_000)
    expect(await another()).toBe(0)
  })

  it('stop an agent that has been silent too long, though none of them has heard it', async () => {
    const { clock, runner, another } = oneAfterAnother({ idleMs: 60_000, maxAttempts: 1 })
    expect(await another()).toBe(1)
    clock.advance(50_000)
    runner.print(turnKey('a', 1, 1), 'still here')
    clock.advance(50_000)
    expect(await another()).toBe(1)
    clock.advance(11_000)
    expect(await another()).toBe(0)
  })

  it('let an agent be silent that waits for an answer, and begin to count when it has got one', async () => {
    const clock = handClock()
    const runner = memoryRunner({ elapsed: () => clock.elapsed() })
    const made = rig([a], { policy: { idleMs: 60_000, maxAttempts: 1 } })
    await using orch = made.orchestrator({ clock, runner })
    const passes = async (): Promise<number> => {
      for (let pass = 0; pass < 5; pass++) await orch.pass()
      return runner.alive.length
    }
    await passes()
    runner.report(turnKey('a', 1, 1), { tell: 'stuck', reason: 'which one?', options: [], context: '' })
    expect(await passes()).toBe(1)
    clock.advance(100_000)
    expect(await passes()).toBe(1)
    await orch.guide('a', 'the blue one')
    expect(await passes()).toBe(1)
    clock.advance(61_000)
    expect(await passes()).toBe(0)
  })

  it('stop a process that one of them started for an attempt that was dead by then', async () => {
    const made = rig([a], { script: () => () => undefined })
    const clock = handClock()
    const { runner, isPaused, wake } = withPausedStart(made)
    const sleeper = made.orchestrator({ clock, runner, owner: 'sleeper' })
    const asleep = sleeper.run()
    while (!isPaused()) await quiet(1)
    // Its lease runs out, a person retries, and another one starts attempt 2.
    await made.queue.beat({ owner: 'sleeper', leaseMs: 0, signal })
    const next = made.orchestrator({ clock, owner: 'next' })
    await next.pass()
    await made.queue.ask({ id: 'a', key: 'k', request: { do: 'retry', fresh: false }, signal })
    for (let pass = 0; pass < 6; pass++) await next.pass()
    expect(made.runner.alive).toContain(turnKey('a', 2, 1))
    wake()
    await quiet()
    expect(made.runner.alive).toEqual([turnKey('a', 2, 1)])
    made.runner.finish(turnKey('a', 2, 1), { report: { tell: 'done', noChanges: 'x' } })
    for (let pass = 0; pass < 4; pass++) await next.pass()
    await next[Symbol.asyncDispose]()
    for (let i = 0; i < 20; i++) {
      await quiet()
      clock.advance(5000)
    }
    expect((await asleep).outcome).toBe('done')
  })
})

it('a process that was started late is stopped, too, while its task waits for the next attempt', async () => {
  const made = rig([{ ...a, epic: 'e' }], { script: () => () => undefined })
  const clock = handClock()
  const { runner, isPaused, wake } = withPausedStart(made)
  const end = new AbortController()
  const asleep = made.orchestrator({ clock, runner, owner: 'sleeper' }).run({ signal: end.signal })
  while (!isPaused()) await quiet(1)
  await made.queue.beat({ owner: 'sleeper', leaseMs: 0, signal })
  const next = made.orchestrator({ clock, owner: 'next' })
  await next.pass()
  await made.queue.ask({ id: 'a', key: 'k', request: { do: 'retry', fresh: false }, signal })
  await next.pass({ epic: 'another' })
  end.abort()
  wake()
  await asleep
  expect(made.runner.starts.map(({ key }) => key)).toEqual([turnKey('a', 1, 1)])
  expect(made.runner.alive).toEqual([])
})

describe('one orchestrator', () => {
  it('starts work in its next run though the agent was missing in the one before', async () => {
    const made = rig([a])
    const clock = handClock()
    let there = false
    const script = () => ({ exit: 0, report: { tell: 'done', noChanges: 'x' } }) as const
    const runner = memoryRunner({ installed: () => there, script })
    const orch = made.orchestrator({ clock, runner, vcs: slowly(made.vcs) })
    await expect(played(orch, clock, 60_000)).rejects.toMatchObject({ code: 'no-command' })
    there = true
    expect((await played(orch, clock, 60_000)).outcome).toBe('done')
  })

  it('tells of a bug once, and runs again', async () => {
    const made = rig([a])
    let broken = true
    const vcs = {
      ...made.vcs,
      async seal(options: Parameters<typeof made.vcs.seal>[0]) {
        if (broken) throw new TypeError('a bug')
        return made.vcs.seal(options)
      },
    }
    const orch = made.orchestrator({ vcs })
    await expect(orch.run()).rejects.toThrow('a bug')
    broken = false
    expect((await orch.run()).outcome).toBe('done')
  })

  it('keeps its lease while another of its requests is carried out', async () => {
    const made = rig([a, { id: 'b', title: 'B' }])
    const orch = made.orchestrator()
    const problems: string[] = []
    orch.on('problem', ({ message }) => problems.push(message))
    const answers = await Promise.all([orch.cancel('a'), orch.cancel('b')])
    expect(answers.map(({ settled }) => settled)).toEqual([true, true])
    expect(problems).toEqual([])
  })

  it('announces every status that a task takes, being claimed included', async () => {
    const made = rig([a])
    const told: string[] = []
    const announce = async ({ status }: { status: string }): Promise<void> => {
      told.push(status)
    }
    await made.orchestrator({ queue: { ...made.queue, announce } }).run()
    expect(told).toEqual(['registered', 'working', 'complete', 'merged'])
  })
})
