import type { AgentScript, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig, writesItsFile } from './run-rig.ts'

const tasks = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
const landing = { by: 'orchestrator', checks: ['npm test'], maxRepairs: 0 } as const

function script(vcs: MemoryVcs, checked: AgentScript): AgentScript {
  return (start, process) =>
    start.environment.ORCH_ATTEMPT === undefined ? checked(start, process) : writesItsFile(vcs)(start, process)
}

describe('a train of changes', () => {
  it('is checked at once, and lands in one order, each as it was checked', async () => {
    const trees: string[] = []
    const waiting: (() => void)[] = []
    const { orch, vcs, statuses } = rig(tasks, {
      policy: { landing },
      // No check ends before all four run.
      script: (memory) =>
        script(memory, async (start) => {
          trees.push(
            Object.keys(memory.read(start.directory))
              .filter((path) => path !== 'README.md')
              .join(' '),
          )
          await new Promise<void>((resolve) => {
            waiting.push(resolve)
            if (waiting.length >= tasks.length) for (const go of waiting) go()
          })
          return { exit: 0 }
        }),
    })
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged', 'c merged', 'd merged'])
    expect(trees).toHaveLength(4)
    expect(trees.map((tree) => tree.split(' ').length)).toEqual([1, 2, 3, 4])
    expect(Object.keys(vcs.userFiles())).toEqual(expect.arrayContaining(['a.txt', 'b.txt', 'c.txt', 'd.txt']))
  })

  it('lands without the one that is red, which alone goes to a person', async () => {
    const { orch, vcs, statuses } = rig(tasks, {
      policy: { landing },
      script: (memory) => script(memory, (start) => ({ exit: 'b.txt' in memory.read(start.directory) ? 1 : 0 })),
    })
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses()).toEqual(['a merged', 'b stuck', 'c merged', 'd merged'])
    expect(vcs.userFiles()).not.toHaveProperty('b.txt')
  })

  it('sends back what conflicts with another change only when that one has landed', async () => {
    const { orch, statuses, events } = rig(tasks.slice(0, 2), {
      policy: { landing },
      script: (memory) => (start) => {
        const { ORCH_ATTEMPT: attempt, ORCH_TASK: task = '' } = start.environment
        // b conflicts with a, which is red and never lands.
        if (attempt === undefined) return { exit: memory.read(start.directory)['README.md'] === 'a\n' ? 1 : 0 }
        memory.edit(start.directory, { 'README.md': `${task}\n` })
        return { exit: 0 }
      },
    })
    await orch.run()
    expect(await statuses()).toEqual(['a stuck', 'b merged'])
    expect(events.filter((event) => event.startsWith('task-stuck'))).toEqual(['task-stuck a'])
  })
})
