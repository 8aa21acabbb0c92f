import { failed, OrchError } from '@orch/core'
import type { AgentScript, MemoryEnd, MemoryStart, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const tasks = ['a', 'b'].map((id) => ({ id, title: id, writes: [`${id}.txt`, 'lock'] }))
const hotFiles = { regenerate: [{ files: ['lock'], command: 'make lock' }] }
const policy = { hotFiles, landing: { by: 'orchestrator', checks: ['npm test'], maxRepairs: 1 } } as const

const runs = (command: string, { profile }: MemoryStart) => profile.argv.includes(command)
/** The names of all other files. */
const lockOf = (vcs: MemoryVcs, directory: string) =>
  `${Object.keys(vcs.read(directory))
    .filter((path) => path !== 'lock')
    .sort()
    .join(' ')}\n`

/** Agents write their own file and some lock; the command makes that of all that is there. `make`: how it ends instead. */
function script(make: (start: MemoryStart, vcs: MemoryVcs) => MemoryEnd | undefined): (vcs: MemoryVcs) => AgentScript {
  return (vcs) => (start) => {
    const { directory, environment } = start
    if (environment.ORCH_ATTEMPT !== undefined) {
      const id = environment.ORCH_TASK ?? ''
      vcs.edit(directory, { [`${id}.txt`]: `by ${id}\n` })
      vcs.edit(directory, { lock: `by ${id}\n` })
    }
    return runs('make lock', start) ? make(start, vcs) : { exit: 0 }
  }
}

function made(start: MemoryStart, vcs: MemoryVcs): MemoryEnd {
  vcs.edit(start.directory, { lock: lockOf(vcs, start.directory) })
  return { exit: 0 }
}

describe('a file that a command makes', () => {
  it('lands as it is made of all that is there, and what lands is what was checked', async () => {
    const { orch, vcs, runner, statuses, events } = rig(tasks, { policy, script: script(made) })
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged'])
    expect(vcs.userFiles()).toMatchObject({ lock: 'README.md a.txt b.txt\n' })
    expect(events.filter((event) => /stuck|failed|problem/.test(event))).toEqual([])
    const checked = runner.starts.filter((start) => runs('npm test', start)).map(({ directory }) => vcs.read(directory))
    expect(checked).toContainEqual(vcs.userFiles())
    expect(runner.starts.filter(({ key }) => key.startsWith('turn-'))).toHaveLength(2)
  })

  it('is made for a change that does not touch it, when the target has changed it since', async () => {
    const { orch, vcs, runner } = rig([{ id: 'c', title: 'C', writes: ['c.txt'] }], {
      policy,
      script: () => (start) => {
        if (start.environment.ORCH_ATTEMPT !== undefined) {
          vcs.edit(start.directory, { 'c.txt': 'c\n' })
          vcs.userCommit({ lock: 'theirs\n' })
        }
        return runs('make lock', start) ? made(start, vcs) : { exit: 0 }
      },
    })
    expect((await orch.run()).outcome).toBe('done')
    expect(vcs.userFiles()).toMatchObject({ lock: 'README.md c.txt\n' })
    expect(runner.starts.filter((start) => runs('make lock', start))).toHaveLength(1)
    expect(await orch.scopes()).toMatchObject({ recall: 1, tasks: [{ outside: [] }] })
  })

  it('goes back to the agent with what was printed when it cannot be made for the change alone', async () => {
    const { orch, vcs, runner, statuses } = rig(tasks.slice(0, 1), {
      policy,
      script: (memory) => (start, agent) => {
        const turn = start.environment.ORCH_TURN
        if (turn !== undefined) memory.edit(start.directory, { 'a.txt': `turn ${turn}\n`, lock: `turn ${turn}\n` })
        if (!runs('make lock', start)) return { exit: 0 }
        if (memory.read(start.directory)['a.txt'] !== 'turn 1\n') return made(start, memory)
        agent.print('no such package: turn 1')
        return { exit: 2 }
      },
    })
    const checksEnded: boolean[] = []
    orch.on('checks-ended', ({ passed }) => checksEnded.push(passed))
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged'])
    const told = runner.starts.find(({ key }) => key === 'turn-a.1.2')?.prompt ?? ''
    expect(told).toContain('lock cannot be made for it (exit 2)')
    expect(told).toContain('made anew by `make lock`')
    expect(told).toContain('no such package: turn 1')
    expect(vcs.userFiles()).toMatchObject({ lock: 'README.md a.txt\n' })
    expect(checksEnded).toEqual([true])
  })

  it('keeps a change waiting when it cannot be made on the target either', async () => {
    let registryIsDown = true
    const { orch, orchestrator, statuses } = rig(tasks.slice(0, 1), {
      policy,
      script: script((start, vcs) => (registryIsDown ? { exit: 2 } : made(start, vcs))),
    })
    const { outcome, tasks: rows } = await orch.run()
    expect(outcome).toBe('waits')
    expect(rows).toMatchObject([{ waitsFor: 'red-target', attempt: 1, guidance: null, stuckReason: null }])
    expect(rows[0]?.waits).toContain('main itself is red: `make lock` fails there without this change, too')
    registryIsDown = false
    expect((await orchestrator().run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged'])
  })

  it('is made once more when whoever had it made has died, and where is not known', async () => {
    const { orch, orchestrator, vcs, runner } = rig(tasks.slice(0, 1), { policy, script: script(() => undefined) })
    const making = () => runner.starts.filter((start) => runs('make lock', start))
    const controller = new AbortController()
    const running = orch.run({ signal: controller.signal })
    await expect.poll(() => making().length).toBe(1)
    controller.abort()
    await running
    await orch[Symbol.asyncDispose]()
    const [first] = making()
    if (first === undefined) throw new Error('it was not made')
    made(first, vcs)
    runner.finish(first.key)
    const rest = orchestrator({ owner: 'another' }).run()
    await expect.poll(() => making().length).toBe(2)
    const [, second] = making()
    if (second === undefined) throw new Error('it was not made once more')
    made(second, vcs)
    runner.finish(second.key)
    expect((await rest).outcome).toBe('done')
    expect(vcs.userFiles()).toMatchObject({ lock: 'README.md a.txt\n' })
  })

  it('is not taken from where its command has not worked', async () => {
    const { orch, runner, vcs } = rig(tasks.slice(0, 1), { policy, script: script(made) })
    const start = runner.start.bind(runner)
    const directories: string[] = []
    // A start that was given up takes place all the same, in its own check-out, right before the next one.
    runner.start = async (options) => {
      if (!options.profile.argv.includes('make lock')) return start(options)
      directories.push(options.directory)
      if (directories.length === 1) throw new OrchError('port-failed', 'no answer', { port: 'runner', retryable: true })
      if (directories.length === 2) await start({ ...options, directory: directories[0] ?? '' })
      return start(options)
    }
    expect((await orch.run()).outcome).toBe('done')
    expect(vcs.userFiles()).toMatchObject({ lock: 'README.md a.txt\n' })
    expect(runner.starts.filter((one) => runs('make lock', one))).toHaveLength(2)
  })

  it('is asked about when its command takes its own directory away each time', async () => {
    const { orch, vcs, runner } = rig(tasks.slice(0, 1), { policy, script: script(made) })
    vcs.amendCandidate = async () => failed('gone')
    const { outcome, tasks: rows } = await orch.run()
    expect(outcome).toBe('failures')
    expect(rows[0]?.stuckReason).toBe(
      'lock cannot be made anew: the directory in which `make lock` ran was gone afterwards, 3 times; mend it, then land it',
    )
    expect(runner.starts.filter((one) => runs('make lock', one))).toHaveLength(3)
  })

  it('leaves nothing behind when its task is cancelled', async () => {
    const { orch, runner, statuses } = rig(tasks.slice(0, 1), { policy, script: script(() => undefined) })
    const running = orch.run()
    await expect.poll(() => runner.alive.length).toBe(1)
    await expect.poll(() => runner.starts.some((start) => runs('make lock', start))).toBe(true)
    await orch.cancel('a')
    await running
    expect([await statuses(), runner.alive]).toEqual([['a cancelled'], []])
  })

  it('is no place for a change to be lost in', async () => {
    const { orch, vcs, runner } = rig([{ id: 'a', title: 'A', writes: ['lock'] }], {
      policy: { ...policy, landing: { ...policy.landing, maxRepairs: 0 } },
      script: () => (start) => {
        if (start.environment.ORCH_ATTEMPT === undefined) return { exit: 0 }
        vcs.edit(start.directory, { lock: 'upgraded\n' })
        vcs.userCommit({ lock: 'theirs\n' })
        return { exit: 0 }
      },
    })
    const { tasks: rows } = await orch.run()
    expect(rows).toMatchObject([{ status: 'stuck', stuckReason: 'conflict with main in lock' }])
    expect(runner.starts).toHaveLength(1)
  })
})
