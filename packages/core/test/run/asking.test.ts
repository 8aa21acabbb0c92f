import { OrchError, type PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const b = { id: 'b', title: 'B', writes: ['b.txt'], dependsOn: ['a'] }

describe('what a person asks', () => {
  it('of a task that does not exist is refused', async () => {
    const { orch } = rig([a])
    await expect(orch.guide('nobody', 'x')).rejects.toSatisfy(
      (error) => OrchError.is(error) && error.code === 'unknown-task',
    )
  })

  it('that makes no sense now is refused with the reason', async () => {
    const { orch } = rig([a])
    await expect(orch.land('a')).rejects.toThrow('not ready to land')
    await expect(orch.retry('a')).rejects.toThrow('not been tried yet')
  })

  it('cancel stops the agent, keeps its work, and makes followers stuck with that reason', async () => {
    const interrupt = new AbortController()
    const { orch, runner, vcs } = rig([a, b], {
      script: (memory) => (start) => {
        memory.edit(start.directory, { 'a.txt': 'half\n' })
        return undefined
      },
    })
    orch.on('task-started', () => interrupt.abort())
    await orch.run({ signal: interrupt.signal })
    expect((await orch.cancel('a')).settled).toBe(true)
    expect(runner.alive).toEqual([])
    const { tasks } = await orch.status()
    expect(tasks.map(({ status }) => status)).toEqual(['cancelled', 'stuck'])
    expect(tasks[1]?.stuckReason).toContain('a')
    expect([...vcs.pins().values()].map((oid) => vcs.read(oid)['a.txt'])).toContain('half\n')
    expect((await orch.run()).outcome).toBe('failures')
  })

  it('cancel and land say that they are done when they are, also of the last task there is', async () => {
    const { orch } = rig([a], { policy: { landing: { by: 'human' } } })
    await orch.run()
    expect(await orch.land('a')).toMatchObject({ settled: true, note: 'done' })
    await orch.add([{ id: 'z' }])
    expect(await orch.cancel('z')).toMatchObject({ settled: true, note: 'done' })
  })

  it('land takes away what it leaves, like a run at its end', async () => {
    const made = rig([a], { policy: { landing: { by: 'human' } } })
    await made.orch.run()
    const swept: string[][] = []
    const sweep = async () => {
      swept.push([...(await made.statuses())])
    }
    const orch = made.orchestrator({ vcs: { ...made.vcs, sweep } })
    await orch.prioritise('a', 0)
    expect(swept).toEqual([])
    expect(await orch.land('a')).toMatchObject({ settled: true })
    expect(swept).toEqual([['a merged']])
  })

  it('land takes up what others ask meanwhile, as they are told', async () => {
    const made = rig([a, { id: 'c', title: 'C', writes: ['c.txt'] }], { policy: { landing: { by: 'human' } } })
    await made.orch.run()
    const asked: unknown[] = []
    const land: typeof made.vcs.land = async (options) => {
      if (asked.length === 0) asked.push(await made.orchestrator().land('c'))
      return made.vcs.land(options)
    }
    expect(await made.orchestrator({ vcs: { ...made.vcs, land } }).land('a')).toMatchObject({ note: 'done' })
    expect(asked).toMatchObject([{ handedOver: true, note: expect.stringContaining('taken up by') }])
    expect(await made.statuses()).toEqual(['a merged', 'c merged'])
  })

  it('land and cancel are carried out to the end by a run of an epic that the task is not of', async () => {
    const made = rig([a, { id: 'c', title: 'C', writes: ['c.txt'] }], { policy: { landing: { by: 'human' } } })
    await made.orch.run()
    const orch = made.orchestrator()
    await orch.add([{ id: 'e', title: 'E', writes: ['e.txt'], epic: 'login' }])
    orch.on('task-started', () => void Promise.all([orch.land('a'), orch.cancel('c')]))
    await orch.run({ epic: 'login' })
    expect(await made.statuses()).toEqual(['a merged', 'c cancelled', 'e complete'])
    expect(made.vcs.userFiles()).toHaveProperty(['a.txt'])
    expect((await orch.doctor()).findings).toEqual([])
  })

  it('land tells what keeps a change from landing, instead of calling it done', async () => {
    const { orch, vcs } = rig([{ id: 'a', title: 'A', writes: ['README.md'] }], {
      policy: { landing: { by: 'human' } },
      script: (memory) => (start) => {
        memory.edit(start.directory, { 'README.md': 'by the agent\n' })
        return { exit: 0 }
      },
    })
    await orch.run()
    vcs.userEdit({ 'README.md': 'by the user\n' })
    const held = await orch.land('a')
    expect(held).toMatchObject({ settled: false, note: expect.stringContaining('README.md') })
    vcs.userEdit({ 'README.md': 'A repository in memory\n' })
    expect(await orch.land('a')).toMatchObject({ settled: true, note: 'done' })
  })

  it('retry opens a cancelled task again, with another attempt', async () => {
    const { orch, statuses } = rig([a])
    await orch.cancel('a')
    expect(await statuses()).toEqual(['a cancelled'])
    await orch.retry('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged'])
  })

  it('retry --fresh starts on a new branch and keeps the old one', async () => {
    const { orch, vcs } = rig([a], {
      policy: { maxAttempts: 1 },
      script: (memory) => (start) => {
        const before = memory.read(start.directory)['a.txt']
        memory.edit(start.directory, {
          'a.txt': before === undefined ? `attempt ${start.environment.ORCH_ATTEMPT}\n` : 'mixed\n',
        })
        memory.commit(start.directory, 'work')
        return { exit: start.environment.ORCH_ATTEMPT === '1' ? 1 : 0 }
      },
    })
    expect((await orch.run()).outcome).toBe('failures')
    await orch.retry('a', { fresh: true })
    expect((await orch.run()).outcome).toBe('done')
    expect(vcs.userFiles()['a.txt']).toBe('attempt 2\n')
    expect([...vcs.pins().values()].map((oid) => vcs.read(oid)['a.txt'])).toContain('attempt 1\n')
  })
})

describe('a policy', () => {
  it('with an unknown or unusable choice is refused, every problem at once', () => {
    const wrong = { maxAgent: 1, maxAgents: '3', landing: { by: 'robot' } } as unknown as PolicyInput
    const make = () => rig([], { policy: wrong })
    expect(make).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        problems: [
          expect.objectContaining({ field: 'maxAgents' }),
          expect.objectContaining({ field: 'landing.by' }),
          expect.objectContaining({ field: 'maxAgent', message: expect.stringContaining('maxAgents') }),
        ],
      }),
    )
  })
})

describe('a plan', () => {
  it('is made round what is in flight and what has landed', async () => {
    const { orch } = rig([a, b, { id: 'c', writes: ['a.txt'] }], {
      policy: { onOverlap: 'wait', landing: { by: 'human' } },
    })
    expect((await orch.plan()).mergeOrder).toEqual(['a', 'b', 'c'])
    await orch.run()
    const plan = await orch.plan()
    expect(plan.tasks.find(({ id }) => id === 'c')?.waits[0]).toMatchObject({ for: 'overlap', task: 'a' })
    await orch.land('a')
    expect((await orch.plan()).tasks.map(({ id, start }) => `${id} ${start}`)).toEqual(['b 0', 'c 0'])
  })
})

describe('adding', () => {
  it('twice changes nothing, and another task of that id is refused', async () => {
    const { orch } = rig([])
    expect(await orch.add([a, b])).toEqual({ added: ['a', 'b'], unchanged: [] })
    expect(await orch.add([a, b, { id: 'c' }])).toEqual({ added: ['c'], unchanged: ['a', 'b'] })
    await expect(orch.add([{ ...a, title: 'Other' }])).rejects.toSatisfy(
      (error) =>
        OrchError.is(error) && error.code === 'task-exists' && error.problems[0]?.message.includes('title') === true,
    )
  })

  it('refuses a field that it does not know, with the nearest that it does', async () => {
    const { orch } = rig([])
    const misspelt = { id: 'x', write: ['x.txt'] }
    await expect(orch.add([misspelt])).rejects.toSatisfy(
      (error) => OrchError.is(error) && error.problems[0]?.message.includes('`writes`') === true,
    )
    expect((await orch.status()).tasks).toEqual([])
  })

  it('tells every problem at once and adds nothing', async () => {
    const { orch } = rig([])
    const bad = [{ id: 'x', dependsOn: ['x'] }, { id: 'y', dependsOn: ['nobody'] }, a]
    await expect(orch.add(bad)).rejects.toSatisfy((error) => OrchError.is(error) && error.problems.length === 2)
    expect((await orch.status()).tasks).toEqual([])
  })

  it('adds nothing that asks for more of a resource than the policy has', async () => {
    const { orch } = rig([], { policy: { resources: { database: 2 } } })
    const tasks = [
      { id: 'a', resources: { database: 2 } },
      { id: 'b', resources: { database: 3 } },
    ]
    await expect(orch.add(tasks)).rejects.toMatchObject({
      problems: [{ code: 'demand-above-capacity', task: 'b', field: 'resources' }],
    })
    expect((await orch.status()).tasks).toEqual([])
    expect(await orch.add(tasks.slice(0, 1))).toEqual({ added: ['a'], unchanged: [] })
  })

  it('tells of a circle that only the new tasks close, also where it begins with one that is there', async () => {
    const there = [
      { id: 'a1', group: 'A' },
      { id: 'a2', group: 'A', dependsOn: ['b1'] },
      { id: 'b1', group: 'B' },
    ]
    const { orch } = rig(there)
    await expect(orch.add([{ id: 'b2', group: 'B', dependsOn: ['a1'] }])).rejects.toMatchObject({
      problems: [{ code: 'group-cycle', task: 'a2', path: ['a2', 'b1', 'b2', 'a1'] }],
    })
  })
})
