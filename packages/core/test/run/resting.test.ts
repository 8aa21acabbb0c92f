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
    let count = 0
    const write: typeof queue.write = (options) => {
      count++
      return queue.write(options)
    }
    const made = rig([])
    const clock = handClock()
    const orch = made.orchestrator({ clock, vcs: slowly(made.vcs), queue: { ...queue, write }, agent })
    await played(orch, clock, 2 * minute)
    expect(count).toBeLessThan(40)
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
