import { handClock, memoryQueue, memoryRunner, task } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { played, slowly } from './played.ts'
import { agent, rig } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const minute = 60_000

describe('a run waits between two tries', () => {
  const tries = async (change: (made: ReturnType<typeof rig>, tried: () => void) => object): Promise<number> => {
    const made = rig([a])
    const clock = handClock()
    let count = 0
    const parts = change(made, () => {
      count++
    })
    await played(made.orchestrator({ clock, vcs: slowly(made.vcs), ...parts }), clock, minute)
    return count
  }

  it('of a workspace for which there is no space', async () => {
    const count = await tries(({ vcs }, tried) => ({
      vcs: {
        ...slowly(vcs),
        createWorkspace: async () => {
          tried()
          return { ok: false, reason: 'no-space' } as const
        },
      },
    }))
    expect(count).toBeLessThan(15)
  })

  it('of retiring a workspace that is in use', async () => {
    const count = await tries(({ vcs }, tried) => ({
      vcs: {
        ...slowly(vcs),
        retire: async () => {
          tried()
          return { ok: false, reason: 'in-use' } as const
        },
      },
    }))
    expect(count).toBeLessThan(15)
  })

  it('of stopping what survives', async () => {
    const count = await tries((_made, tried) => ({
      policy: { turnMs: 1000 },
      runner: {
        ...memoryRunner(),
        stop: async () => {
          tried()
          return 'survivors' as const
        },
      },
    }))
    expect(count).toBeLessThan(15)
  })

  it('of taking a seat that another orchestrator has', async () => {
    const queue = memoryQueue({ tasks: [task('a', { writes: ['a.txt'] })], schedulers: 'one' })
    const other = queue.alongside()
    const signal = new AbortController().signal
    await other.beat({ owner: 'other', leaseMs: 1000, signal })
    const made = rig([])
    const clock = handClock()
    const orch = made.orchestrator({ clock, vcs: slowly(made.vcs), queue, agent })
    const said: string[] = []
    orch.on('problem', ({ message }) => said.push(message))
    expect((await played(orch, clock, 2 * minute)).outcome).toBe('interrupted')
    expect(said).toEqual(['another orchestrator has the seat of memory: waiting for it'])
    expect((await queue.read({ signal })).records).toEqual([])
    await other.beat({ owner: 'other', leaseMs: 0, signal })
    expect((await played(orch, clock, minute)).outcome).toBe('done')
  })

  it('of closing a task that has left its source', async () => {
    let looks = 0
    await tries(({ vcs, queue }) => ({
      vcs: {
        ...slowly(vcs),
        async retire(options: Parameters<typeof vcs.retire>[0]) {
          queue.remove('a')
          looks++
          return vcs.retire(options)
        },
      },
    }))
    expect(looks).toBeLessThan(15)
  })
})

it('a run ends though somebody works in the workspace of a task that has landed, and the next puts it away', async () => {
  const made = rig([a, { id: 'b', title: 'B', writes: ['b.txt'] }])
  const clock = handClock()
  let someone = true
  const vcs: typeof made.vcs = {
    ...slowly(made.vcs),
    retire: async (options) =>
      someone && options.workspace === 'a'
        ? { ok: false, reason: 'in-use', detail: 'process 1 works in a' }
        : made.vcs.retire(options),
  }
  const orch = made.orchestrator({ clock, vcs })
  const said: string[] = []
  orch.on('problem', ({ message }) => said.push(message))
  const { outcome, tasks } = await played(orch, clock, minute)
  expect(outcome).toBe('waits')
  expect(tasks.map(({ id, phase }) => `${id} ${phase}`)).toEqual(['a merged', 'b closed'])
  expect(said).toEqual([
    'the workspace of a is in use: process 1 works in a',
    'it is left as it is; the next run puts it away',
  ])
  someone = false
  expect((await played(orch, clock, minute)).outcome).toBe('done')
})
