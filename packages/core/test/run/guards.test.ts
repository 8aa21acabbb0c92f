import { type Clock, systemClock } from '@orch/core'
import { task } from '@orch/core/testing'
import { expect, it } from 'vitest'
import { rig, writesItsFile } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }

it('a claim that was decided on an older snapshot is not written', async () => {
  const made = rig([a])
  let reads = 0
  const queue = Object.assign(Object.create(made.queue) as typeof made.queue, {
    read: async (options: Parameters<typeof made.queue.read>[0]) => {
      const snapshot = await made.queue.read(options)
      const { tasks } = await made.queue.list(options)
      // Between what was read and the claim, a person puts the task on hold.
      if (reads++ === 0) made.queue.put(task('a', { ...a, hold: true }))
      return { ...snapshot, tasks }
    },
    list: async () => ({ tasks: [task('a', { ...a, hold: reads > 1 })], complete: true }),
  })
  const orch = made.orchestrator({ queue })
  expect((await orch.run()).outcome).toBe('waits')
  expect(made.runner.starts).toEqual([])
})

it('an orchestrator that was paused beyond its lease looks again before it touches anything', async () => {
  let pausedFor = 0
  const real = systemClock()
  const clock: Clock = { ...real, elapsed: () => real.elapsed() + pausedFor }
  const policy = { leaseMs: 5000, landing: { by: 'orchestrator' as const, checks: ['npm test'] } }
  const made = rig([a], { policy, script: (vcs) => writesItsFile(vcs) })
  let startedAfterPause = 0
  const vcs = Object.assign(Object.create(made.vcs) as typeof made.vcs, {
    checkout: async (options: Parameters<typeof made.vcs.checkout>[0]) => {
      const checkedOut = await made.vcs.checkout(options)
      if (pausedFor === 0) {
        pausedFor = 6000
        startedAfterPause = made.runner.starts.length
      }
      return checkedOut
    },
  })
  const orch = made.orchestrator({ vcs, clock })
  const problems: string[] = []
  orch.on('problem', ({ message }) => {
    problems.push(message)
    expect(made.runner.starts).toHaveLength(startedAfterPause)
  })
  expect((await orch.run()).outcome).toBe('done')
  expect(problems).toEqual([expect.stringContaining('paused for longer than its lease')])
})

it('what was begun before a pause beyond the lease goes no further, though a later pass has renewed it', async () => {
  let pausedFor = 0
  const real = systemClock()
  const clock: Clock = { ...real, elapsed: () => real.elapsed() + pausedFor }
  const policy = { leaseMs: 5000, landing: { by: 'orchestrator' as const, checks: ['npm test'] } }
  const made = rig([a], { policy, script: (vcs) => writesItsFile(vcs) })
  const seen: string[] = []
  let beaten: () => void = () => undefined
  const queue: typeof made.queue = {
    ...made.queue,
    async beat(options) {
      const beats = await made.queue.beat(options)
      beaten()
      return beats
    },
  }
  const vcs: typeof made.vcs = {
    ...made.vcs,
    async checkout(options) {
      const checkedOut = await made.vcs.checkout(options)
      if (pausedFor > 0) return checkedOut
      pausedFor = 6000
      const renewed = new Promise<void>((resolve) => (beaten = resolve))
      made.queue.put(task('b', { kind: 'manual' }))
      await renewed
      seen.push('renewed')
      return checkedOut
    },
  }
  const orch = made.orchestrator({ queue, vcs, clock })
  orch.on('problem', ({ message }) => seen.push(message))
  orch.on('checks-started', () => seen.push('checks'))
  await orch.run()
  expect(seen).toEqual(['renewed', expect.stringContaining('paused for longer than its lease'), 'checks'])
})

it('what was read before a pause beyond the lease is read again before anything is done about it', async () => {
  let pausedFor = 0
  const real = systemClock()
  const clock: Clock = { ...real, elapsed: () => real.elapsed() + pausedFor }
  const made = rig([a], { policy: { leaseMs: 5000, landing: { by: 'orchestrator' } } })
  const calls: string[] = []
  const queue: typeof made.queue = {
    ...made.queue,
    async read(options) {
      calls.push('read')
      return made.queue.read(options)
    },
    async list(options) {
      const { records } = await made.queue.read(options)
      if (pausedFor === 0 && records[0]?.state.phase === 'spawned') {
        pausedFor = 6000
        calls.push('pause')
      }
      return made.queue.list(options)
    },
  }
  const vcs: typeof made.vcs = {
    ...made.vcs,
    async createWorkspace(options) {
      calls.push('create')
      return made.vcs.createWorkspace(options)
    },
  }
  expect((await made.orchestrator({ queue, vcs, clock }).run()).outcome).toBe('done')
  expect(calls.slice(calls.indexOf('pause'), calls.indexOf('create') + 1)).toEqual(['pause', 'read', 'create'])
})

it('nothing is done twice because it ended while the world was being read', async () => {
  const tasks = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
  const made = rig(tasks, { policy: { maxAgents: 4, landing: { by: 'orchestrator', train: 1 } } })
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  const counts = new Map<string, number>()
  const counted = new Set(['createWorkspace', 'seal', 'buildCandidate', 'land', 'retire'])
  const vcs = new Proxy(made.vcs, {
    get(target, name: keyof typeof made.vcs) {
      const verb = target[name]
      if (typeof verb !== 'function' || (name !== 'observe' && !counted.has(name))) return verb
      return async (...given: unknown[]) => {
        if (counted.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
        // Reading is slow, so that effects end in the middle of it.
        await turns(name === 'observe' ? 6 : 2)
        return (verb as (...all: unknown[]) => unknown).apply(target, given)
      }
    },
  })
  expect((await made.orchestrator({ vcs }).run()).outcome).toBe('done')
  expect(Object.fromEntries(counts)).toEqual({ createWorkspace: 4, seal: 4, buildCandidate: 4, land: 4, retire: 4 })
})
