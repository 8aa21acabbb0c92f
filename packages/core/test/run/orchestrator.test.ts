import { OrchError, type PolicyInput, turnKey } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { rig, writesItsFile } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const b = { id: 'b', title: 'B', writes: ['b.txt'], dependsOn: ['a'] }

describe('a run', () => {
  it('lands every task in the order of its dependencies and leaves nothing behind', async () => {
    const { orch, vcs, statuses, events } = rig([a, b])
    const { outcome } = await orch.run()
    expect(outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged'])
    expect(vcs.userFiles()).toMatchObject({ 'a.txt': 'by a\n', 'b.txt': 'by b\n' })
    expect(events.filter((event) => event.startsWith('task-landed'))).toEqual(['task-landed a', 'task-landed b'])
    expect(events.filter((event) => event.startsWith('problem'))).toEqual([])
    const { workspaces } = await vcs.observe({ landed: [], signal: new AbortController().signal })
    expect([...workspaces.keys()]).toEqual([])
  })

  it('waits for a person under the human gate, and lands what they let through', async () => {
    const { orch, vcs, statuses } = rig([a, b], { policy: { landing: { by: 'human' } } })
    expect((await orch.run()).outcome).toBe('waits')
    expect(await statuses()).toEqual(['a complete', 'b waiting'])
    const { settled } = await orch.land('a')
    expect(settled).toBe(true)
    expect(await statuses()).toEqual(['a merged', 'b waiting'])
    expect(vcs.userFiles()['a.txt']).toBe('by a\n')
  })

  it('runs the checks on the candidate, and gives red ones back to the agent with what they printed', async () => {
    const prompts: string[] = []
    const { orch, statuses } = rig([a], {
      policy: { landing: { by: 'orchestrator', checks: ['npm test'] } },
      script: (vcs) => (start, process) => {
        if (start.environment.ORCH_ATTEMPT === undefined) {
          const good = vcs.read(start.directory)['a.txt'] === 'good\n'
          process.print(good ? 'fine' : 'expected good')
          return { exit: good ? 0 : 1 }
        }
        prompts.push(start.prompt)
        vcs.edit(start.directory, { 'a.txt': start.prompt.includes('expected good') ? 'good\n' : 'bad\n' })
        return { exit: 0 }
      },
    })
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged'])
    expect(prompts).toHaveLength(2)
    expect(prompts[1]).toContain('expected good')
  })

  it('asks a person when the checks stay red', async () => {
    const { orch, vcs, statuses } = rig([a], {
      policy: { landing: { by: 'orchestrator', checks: ['npm test'], maxRepairs: 1 } },
      script: (memory) => (start, process) => {
        const isCheck = start.environment.ORCH_ATTEMPT === undefined
        if (!isCheck) memory.edit(start.directory, { 'a.txt': `turn ${start.environment.ORCH_TURN}\n` })
        return { exit: isCheck && process.start.key.startsWith('check') ? 1 : 0 }
      },
    })
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses()).toEqual(['a stuck'])
    expect(vcs.userFiles()).not.toHaveProperty('a.txt')
  })

  it('sends a conflict back to the agent and lands what it resolved', async () => {
    const { orch, vcs, statuses } = rig([a], {
      script: (memory) => (start) => {
        if (start.environment.ORCH_TURN === '1') {
          memory.edit(start.directory, { 'README.md': 'ours\n' })
          memory.userCommit({ 'README.md': 'theirs\n' })
        } else {
          expect(start.prompt).toContain('README.md')
          memory.edit(start.directory, { 'README.md': 'theirs\n', 'a.txt': 'ours\n' })
        }
        return { exit: 0 }
      },
    })
    await orch.run()
    const [status] = await statuses()
    // The memory repository cannot merge the target into a branch, so only the way back is seen here.
    expect(['a merged', 'a stuck']).toContain(status)
    expect(vcs.userFiles()['README.md']).toBe('theirs\n')
  })

  it('takes exit 0 without changes for a failure, unless the agent says that there is nothing to do', async () => {
    const lazy = rig([a], { policy: { maxAttempts: 2 }, script: () => () => ({ exit: 0 }) })
    expect((await lazy.orch.run()).outcome).toBe('failures')
    expect(await lazy.statuses()).toEqual(['a stuck'])
    expect(lazy.runner.starts).toHaveLength(2)
    const report = { tell: 'done', noChanges: 'it is there already' } as const
    const honest = rig([a, b], {
      script: (vcs) => (start, process) => {
        return start.environment.ORCH_TASK === 'a' ? { exit: 0, report } : writesItsFile(vcs)(start, process)
      },
    })
    expect((await honest.orch.run()).outcome).toBe('done')
    expect((await honest.orch.status()).tasks.map(({ outcome }) => outcome)).toEqual(['no-changes', 'done'])
  })

  it('never lands what a crashed attempt had committed, and keeps it', async () => {
    const { orch, vcs, statuses } = rig([a], {
      script: (memory) => (start, process) => {
        if (start.environment.ORCH_ATTEMPT === '1') {
          memory.edit(start.directory, { 'a.txt': 'half\n' })
          memory.commit(start.directory, 'wip')
          process.vanish()
          return undefined
        }
        expect(vcs.userFiles()).not.toHaveProperty('a.txt')
        memory.edit(start.directory, { 'a.txt': 'whole\n' })
        return { exit: 0 }
      },
    })
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged'])
    expect(vcs.userFiles()['a.txt']).toBe('whole\n')
    expect([...vcs.pins().values()].map((oid) => vcs.read(oid)['a.txt'])).toContain('half\n')
  })

  it('takes nothing that a crashed attempt left for done, when the next one only ends well', async () => {
    const { orch, vcs } = rig([a], {
      policy: { maxAttempts: 2 },
      script: (memory) => (start) => {
        if (start.environment.ORCH_ATTEMPT !== '1') return { exit: 0 }
        memory.edit(start.directory, { 'a.txt': 'half\n' })
        memory.commit(start.directory, 'wip')
        return { exit: 3 }
      },
    })
    expect((await orch.run()).outcome).toBe('failures')
    expect(vcs.userFiles()).not.toHaveProperty('a.txt')
    expect((await orch.status()).tasks[0]?.stuckReason).toContain('changed nothing')
  })

  it('takes an empty commit for no change', async () => {
    const { orch } = rig([a], {
      policy: { maxAttempts: 1 },
      script: (memory) => (start) => {
        memory.commit(start.directory, 'nothing')
        return { exit: 0 }
      },
    })
    expect((await orch.run()).outcome).toBe('failures')
  })

  it('runs the checks again after a person has looked at red ones, also on the very same tree', async () => {
    let good = false
    const { orch, runner } = rig([a], {
      policy: { landing: { by: 'orchestrator', checks: ['npm test'], maxRepairs: 0 } },
      script: (vcs) => (start, process) => {
        if (start.environment.ORCH_ATTEMPT === undefined) return { exit: good ? 0 : 1 }
        return start.environment.ORCH_ATTEMPT === '1'
          ? writesItsFile(vcs)(start, process)
          : { exit: 0, report: { tell: 'done' } }
      },
    })
    expect((await orch.run()).outcome).toBe('failures')
    good = true
    await orch.retry('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(runner.starts.filter(({ key }) => key.startsWith('check-'))).toHaveLength(2)
  })

  it('is answered by a handler of its own events', async () => {
    const { orch, runner } = rig([a], {
      script: (vcs) => (start) => {
        const answer = /take (\w+)/.exec(start.prompt)?.[1]
        if (answer === undefined) {
          return {
            exit: 0,
            report: { tell: 'stuck', reason: 'which?', options: ['take one', 'take two'], context: '' },
          }
        }
        vcs.edit(start.directory, { 'a.txt': `${answer}\n` })
        return { exit: 0 }
      },
    })
    orch.on('task-stuck', ({ task, stuck }) => void orch.guide(task, stuck.options[1] ?? ''))
    const { outcome, tasks } = await orch.run()
    expect(outcome).toBe('done')
    expect(tasks[0]).toMatchObject({ attempt: 1, guidance: 'take two' })
    expect(runner.starts.map(({ key }) => key)).toEqual([turnKey('a', 1, 1), turnKey('a', 1, 2)])
  })

  it('hands an answer to an agent that waits for it', async () => {
    const { orch, vcs } = rig([a], {
      script: (memory) => (start, process) => {
        process.report({ tell: 'stuck', reason: 'which?', options: [], context: '' })
        const wait = (): void => {
          const [first] = process.inbox
          if (first === undefined) return void setImmediate(wait)
          memory.edit(start.directory, { 'a.txt': `${first.text}\n` })
          process.finish({ exit: 0 })
        }
        wait()
        return undefined
      },
    })
    orch.once('task-stuck', ({ task }) => void orch.guide(task, 'blue'))
    expect((await orch.run()).outcome).toBe('done')
    expect(vcs.userFiles()['a.txt']).toBe('blue\n')
  })

  it('stops new work when it is interrupted, and the next one adopts the living agent', async () => {
    const interrupt = new AbortController()
    const made = rig([a, { id: 'c', title: 'C', writes: ['c.txt'] }], {
      policy: { maxAgents: 1 },
      script: () => () => undefined,
    })
    made.orch.on('task-started', () => interrupt.abort())
    expect((await made.orch.run({ signal: interrupt.signal })).outcome).toBe('interrupted')
    expect(made.runner.alive).toEqual([turnKey('a', 1, 1)])
    const next = made.orchestrator()
    next.on('task-started', ({ task }) =>
      made.runner.finish(turnKey(task, 1, 1), { report: { tell: 'done', noChanges: 'x' } }),
    )
    const running = next.run()
    made.runner.finish(turnKey('a', 1, 1), { report: { tell: 'done', noChanges: 'x' } })
    expect((await running).outcome).toBe('done')
    expect(made.runner.starts.map(({ key }) => key)).toEqual([turnKey('a', 1, 1), turnKey('c', 1, 1)])
  })

  it('waits while the user has dirty files that a landing touches, says so, and lands when they are clean', async () => {
    const { orch, vcs, events } = rig([{ id: 'a', title: 'A', writes: ['README.md'] }], {
      script: (memory) => (start) => {
        memory.edit(start.directory, { 'README.md': 'by the agent\n' })
        memory.userEdit({ 'README.md': 'by the user\n' })
        return { exit: 0 }
      },
    })
    orch.on('task-waits', () => vcs.userEdit({ 'README.md': 'A repository in memory\n' }))
    expect((await orch.run()).outcome).toBe('done')
    expect(events).toContain('task-waits a')
    expect(vcs.userFiles()['README.md']).toBe('by the agent\n')
  })

  it('passes sync points when everything before has landed, and does not start what a person does', async () => {
    const { orch, statuses, runner } = rig([
      a,
      { id: 'gate', title: 'Gate', kind: 'sync', dependsOn: ['a'] },
      { id: 'c', title: 'C', writes: ['c.txt'], dependsOn: ['gate'] },
      { id: 'sign', title: 'Sign the contract', kind: 'manual' },
    ])
    expect((await orch.run()).outcome).toBe('waits')
    expect(await statuses()).toEqual(['a merged', 'gate merged', 'c merged', 'sign waiting'])
    expect(runner.starts.map(({ environment }) => environment.ORCH_TASK)).toEqual(['a', 'c'])
    await orch.land('sign')
    expect((await orch.status()).tasks.at(-1)).toMatchObject({ phase: 'closed', outcome: 'done' })
  })

  it('posts a bulletin for a pattern before those who follow it start', async () => {
    const { orch, board } = rig([
      { id: 'a', title: 'A', writes: ['a.txt'], establishes: 'routes' },
      { id: 'c', title: 'C', writes: ['c.txt'], follows: ['routes'] },
    ])
    expect((await orch.run()).outcome).toBe('done')
    const entries = await board.read({ signal: new AbortController().signal })
    expect(entries.find(({ kind }) => kind === 'bulletin')?.text).toContain('routes')
  })

  it('never runs more agents than it may, with two orchestrators on one queue', async () => {
    const tasks = Array.from({ length: 12 }, (_, index) => ({ id: `t${index}`, title: 'T', writes: [`t${index}.txt`] }))
    let most = 0
    const made = rig(tasks, {
      policy: { maxAgents: 3 },
      script: (vcs) => async (start, process) => {
        most = Math.max(most, made.runner.alive.length)
        await new Promise((resolve) => setImmediate(resolve))
        return writesItsFile(vcs)(start, process)
      },
    })
    const results = await Promise.all([made.orch.run(), made.orchestrator().run()])
    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
    expect(most).toBeLessThanOrEqual(3)
    expect(made.runner.starts).toHaveLength(12)
    expect(Object.keys(made.vcs.userFiles())).toHaveLength(13)
  })
})

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
})
