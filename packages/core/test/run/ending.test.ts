import { OrchError } from '@orch/core'
import { handClock, memoryReviewHost, memoryRunner } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { played, slowly } from './played.ts'
import { rig, writesItsFile } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const b = { id: 'b', title: 'B', writes: ['b.txt'] }
const asks = { tell: 'stuck', reason: 'which?', options: [], context: '' } as const
const minute = 60_000

describe('a run ends', () => {
  it('when the program of its agent does not exist', async () => {
    const made = rig([a])
    const runner = memoryRunner({ installed: () => false })
    const clock = handClock()
    const run = played(made.orchestrator({ clock, runner, vcs: slowly(made.vcs) }), clock, minute)
    await expect(run).rejects.toMatchObject({ code: 'no-command', message: expect.stringContaining('not found') })
    expect(await made.statuses()).toEqual(['a waiting'])
  })

  it('when only the start finds out that the program of its agent does not exist', async () => {
    const made = rig([a])
    const { check: _check, ...runner } = memoryRunner({ installed: () => false })
    const clock = handClock()
    const { outcome } = await played(made.orchestrator({ clock, runner, vcs: slowly(made.vcs) }), clock, minute)
    expect(outcome).toBe('failures')
  })

  it('with what is left over taken away, or still there when that cannot be', async () => {
    const made = rig([a])
    const swept: string[][] = []
    const sweep = async () => {
      swept.push([...(await made.statuses())])
      throw new OrchError('disk-full', 'the disk is full', { port: 'vcs', retryable: true })
    }
    const { outcome } = await made.orchestrator({ vcs: { ...made.vcs, sweep } }).run()
    expect(outcome).toBe('done')
    expect(swept).toEqual([['a merged']])
  })

  it('when git refuses the same for ever', async () => {
    const made = rig([a, b])
    const clock = handClock()
    const seal: typeof made.vcs.seal = async (options) => {
      if (options.workspace !== 'a') return made.vcs.seal(options)
      throw new OrchError('port-failed', 'git cannot read this', { port: 'vcs', retryable: true })
    }
    const orch = made.orchestrator({ clock, vcs: slowly({ ...made.vcs, seal }) })
    const told: string[] = []
    orch.on('problem', ({ message }) => told.push(message))
    const { outcome, tasks } = await played(orch, clock, 10 * minute)
    expect(outcome).toBe('failures')
    expect(tasks[0]).toMatchObject({ status: 'stuck', stuckReason: 'git cannot read this' })
    expect(await made.statuses()).toEqual(['a stuck', 'b merged'])
    expect(told).toEqual(['git cannot read this'])
  })

  it('though a task fails whatever its agent tries, which keeps no other one from its seat', async () => {
    const script = (vcs: Parameters<typeof writesItsFile>[0]): ReturnType<typeof writesItsFile> => {
      const works = writesItsFile(vcs)
      return (start, agent) => {
        if (start.environment.ORCH_TASK !== 'a') return works(start, agent)
        agent.print('it begins', 'no such table: users')
        return { exit: 1 }
      }
    }
    const made = rig([{ ...a, priority: 0 }, b, { id: 'c', title: 'C' }], { policy: { maxAgents: 1 }, script })
    const { outcome, tasks } = await made.orch.run()
    expect(outcome).toBe('failures')
    expect(await made.statuses()).toEqual(['a stuck', 'b merged', 'c merged'])
    expect(tasks[0]?.stuckReason).toMatch(/^3 attempts failed; .*no such table: users/s)
    expect(made.runner.starts.filter(({ environment }) => environment.ORCH_TASK === 'a')).toHaveLength(3)
  })

  it('when the task of a dead orchestrator has left its source', async () => {
    const made = rig([a, b], { script: () => () => undefined })
    const clock = handClock()
    const first = made.orchestrator({ clock, owner: 'first' })
    for (let pass = 0; pass < 4; pass++) await first.pass()
    made.queue.remove('a')
    for (const key of made.runner.alive) made.runner.finish(key, { report: { tell: 'done', noChanges: 'x' } })
    const { outcome } = await played(made.orchestrator({ clock, vcs: slowly(made.vcs) }), clock, 10 * minute)
    expect(outcome).toBe('done')
    expect(await made.statuses()).toEqual(['b merged'])
  })

  it('with nothing open in its source, though a person put its task back while it was put away', async () => {
    const made = rig([a])
    let times = 0
    const vcs: typeof made.vcs = {
      ...made.vcs,
      async retire(options) {
        if (times++ === 0) made.queue.put(a)
        return made.vcs.retire(options)
      },
    }
    const orch = made.orchestrator({ vcs })
    orch.on('task-landed', () => made.queue.remove('a'))
    await orch.run()
    const { signal } = new AbortController()
    expect((await made.queue.list({ signal })).tasks).toEqual([])
    const { records } = await made.queue.read({ all: true, signal })
    expect(records.map(({ state }) => state.phase)).toEqual(['closed'])
  })

  it('when a worktree that was found could not be used at first', async () => {
    const made = rig([a])
    const first = made.vcs.createWorkspace
    const { signal } = new AbortController()
    const { target } = await made.vcs.observe({ landed: [], signal })
    await first({ name: 'a', branch: 'orch/a', from: target, signal })
    let refused = 0
    const createWorkspace: typeof first = async (options) =>
      refused++ === 0 ? { ok: false, reason: 'branch-elsewhere', detail: 'switch that away' } : first(options)
    const orch = made.orchestrator({ vcs: { ...made.vcs, createWorkspace } })
    expect((await orch.run()).outcome).toBe('failures')
    await orch.retry('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(await made.statuses()).toEqual(['a merged'])
  })

  it('when a candidate was taken out of the repository: it is built again', async () => {
    const made = rig([a])
    const clock = handClock()
    let taken = 0
    const land: typeof made.vcs.land = async (options) =>
      taken++ === 0 ? { ok: false, reason: 'gone' } : made.vcs.land(options)
    const { outcome } = await played(made.orchestrator({ clock, vcs: slowly({ ...made.vcs, land }) }), clock, minute)
    expect([outcome, taken]).toEqual(['done', 2])
  })

  it('when a workspace cannot be made, and the seat is free for others', async () => {
    const made = rig([{ ...a, priority: 1 }, b], { policy: { maxAgents: 1 } })
    await made.vcs.createWorkspace({
      name: 'other',
      branch: 'orch/a',
      from: (await made.vcs.observe({ landed: [], signal: new AbortController().signal })).target,
      signal: new AbortController().signal,
    })
    const clock = handClock()
    const { outcome } = await played(made.orchestrator({ clock, vcs: slowly(made.vcs) }), clock, minute)
    expect(outcome).toBe('failures')
    expect(await made.statuses()).toEqual(['a stuck', 'b merged'])
  })

  it('when all that is left waits for a person, though two orchestrators own parts of it', async () => {
    const tasks = [
      { ...a, epic: 'one' },
      { ...b, epic: 'two' },
    ]
    const made = rig(tasks, { script: () => () => ({ exit: 0, report: asks }) })
    const clock = handClock()
    const first = made.orchestrator({ clock, vcs: slowly(made.vcs) })
    const second = made.orchestrator({ clock, vcs: slowly(made.vcs) })
    for (let pass = 0; pass < 6; pass++) {
      await first.pass({ epic: 'one' })
      await second.pass({ epic: 'two' })
      clock.advance(4000)
    }
    expect(await made.statuses()).toEqual(['a stuck', 'b stuck'])
    const outcomes = await Promise.all([played(first, clock, minute), played(second, clock, minute)])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failures', 'failures'])
  })

  it('when a task that a person retried waits for one that is stuck', async () => {
    const made = rig([a, { ...b, dependsOn: ['a'] }], { script: () => () => ({ exit: 0, report: asks }) })
    const clock = handClock()
    const orch = made.orchestrator({ clock, vcs: slowly(made.vcs) })
    await orch.cancel('b')
    await orch.retry('b')
    expect((await played(orch, clock, minute)).outcome).toBe('failures')
  })

  it('after a retry that was asked while its task was being put away', async () => {
    const made = rig([a])
    const clock = handClock()
    const orch = made.orchestrator({ clock, vcs: slowly(made.vcs) })
    orch.once('task-landed', () => void orch.retry('a').catch(() => undefined))
    const { outcome, tasks } = await played(orch, clock, minute)
    // The second attempt finds nothing to change, which nobody counts as a success.
    expect(outcome).toBe('failures')
    expect(tasks[0]?.attempt).toBeGreaterThan(1)
  })

  it('with the landing that a person asked for in the moment before the review was there', async () => {
    const made = rig([a], { policy: { landing: { by: 'human' } } })
    const clock = handClock()
    const orch = made.orchestrator({ clock, vcs: slowly(made.vcs) })
    orch.once('task-committed', () => {
      void made.queue.ask({ id: 'a', key: 'k', request: { do: 'land' }, signal: new AbortController().signal })
    })
    expect((await played(orch, clock, minute)).outcome).toBe('done')
  })

  it('only after it has seen what its own process asked', async () => {
    const made = rig([a], { script: () => () => ({ exit: 0, report: asks }) })
    let answering: Promise<unknown> | null = null
    const vcs = {
      ...made.vcs,
      async observe(options: Parameters<typeof made.vcs.observe>[0]) {
        const world = await made.vcs.observe(options)
        const records = await made.queue.read({ signal: options.signal })
        // The queue was read before: this pass cannot see it.
        if (records.records[0]?.state.run.stuck != null && answering === null) {
          answering = Promise.resolve()
          answering = orch.guide('a', 'take one')
          await new Promise((resolve) => setTimeout(resolve, 0))
          await new Promise((resolve) => setTimeout(resolve, 0))
        }
        return world
      },
    }
    const orch = made.orchestrator({ vcs })
    await orch.run()
    expect(made.runner.starts).toHaveLength(2)
  })

  it('only after it has seen what somebody added during its last look', async () => {
    const made = rig([a])
    let last = false
    const list: typeof made.queue.list = async (options) => {
      const listed = await made.queue.list(options)
      if (last) await made.queue.add({ key: 'late', tasks: [b], signal: new AbortController().signal })
      return listed
    }
    const orch = made.orchestrator({ queue: { ...made.queue, list } })
    orch.on('task-closed', () => {
      last = true
    })
    expect((await orch.run()).outcome).toBe('done')
    expect(await made.statuses()).toEqual(['a merged', 'b merged'])
  })

  it('though its queue tells it of its own looks', async () => {
    const made = rig([])
    let tell = (): void => undefined
    const queue: typeof made.queue = {
      ...made.queue,
      watch: ({ onChange }) => {
        tell = onChange
      },
      async read(options) {
        tell()
        return made.queue.read(options)
      },
    }
    expect((await made.orchestrator({ queue }).run()).outcome).toBe('done')
  })

  it('when checks vanish again and again', async () => {
    const made = rig([a], {
      policy: { landing: { by: 'orchestrator', checks: ['x'] } },
      script: (vcs) => (start, process) => {
        if (start.environment.ORCH_ATTEMPT !== undefined) return writesItsFile(vcs)(start, process)
        process.vanish()
        return undefined
      },
    })
    const clock = handClock()
    expect((await played(made.orchestrator({ clock, vcs: slowly(made.vcs) }), clock, minute)).outcome).toBe('failures')
    expect(made.runner.starts.length).toBeLessThan(10)
  })

  it('when its review host refuses, or a reviewer is never content', async () => {
    const host = memoryReviewHost()
    const refusing = { ...host, open: async () => ({ ok: false, reason: 'refused' }) as const }
    const never = {
      ...host,
      async observe(options: Parameters<typeof host.observe>[0]) {
        for (const branch of options.branches) host.set(branch, 'changes-requested')
        return host.observe(options)
      },
    }
    for (const review of [refusing, never]) {
      const made = rig([a])
      const clock = handClock()
      const { outcome } = await played(made.orchestrator({ clock, review, vcs: slowly(made.vcs) }), clock, minute)
      expect(outcome).toBe('failures')
      expect(made.runner.starts.length).toBeLessThan(5)
    }
  })
})

describe('a run goes on', () => {
  it('when its queue does not answer for a while', async () => {
    const made = rig([a])
    let outages = 3
    const list: typeof made.queue.list = (options) => {
      if (outages-- > 0) throw new OrchError('port-failed', 'no answer', { port: 'queue', retryable: true })
      return made.queue.list(options)
    }
    const clock = handClock()
    const orch = made.orchestrator({ clock, vcs: slowly(made.vcs), queue: { ...made.queue, list } })
    const problems: string[] = []
    orch.on('problem', ({ message }) => problems.push(message))
    expect((await played(orch, clock, minute)).outcome).toBe('done')
    expect(problems).toEqual(['no answer', 'no answer', 'no answer'])
  })

  it('when one look took longer than its lease', async () => {
    const made = rig([a])
    const clock = handClock()
    let first = true
    const vcs = {
      ...made.vcs,
      observe(options: Parameters<typeof made.vcs.observe>[0]) {
        if (first) clock.advance(20_000)
        first = false
        return made.vcs.observe(options)
      },
    }
    expect((await played(made.orchestrator({ clock, vcs }), clock, minute)).outcome).toBe('done')
  })
})
