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
  it('is checked by one run, and lands as the very tree that was checked', async () => {
    const trees: string[] = []
    const { orch, runner, vcs, statuses } = rig(tasks, {
      policy: { maxAgents: 4, landing },
      script: (memory) => {
        // No agent ends before all four work.
        const working: (() => void)[] = []
        return async (start, process) => {
          if (start.environment.ORCH_ATTEMPT === undefined) {
            trees.push(start.directory)
            return { exit: 0 }
          }
          await new Promise<void>((resolve) => {
            working.push(resolve)
            if (working.length >= tasks.length) for (const go of working) go()
          })
          return writesItsFile(memory)(start, process)
        }
      },
    })
    const together: (readonly string[])[] = []
    orch.on('checks-started', ({ task, before }) => together.push([...before, task]))
    const moved: string[] = []
    vcs.watch({ onChange: () => moved.push(vcs.branches().get('main') ?? ''), signal: new AbortController().signal })
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged', 'c merged', 'd merged'])
    expect(Object.keys(vcs.userFiles())).toEqual(expect.arrayContaining(['a.txt', 'b.txt', 'c.txt', 'd.txt']))
    expect(together.flat().toSorted()).toEqual(['a', 'b', 'c', 'd'])
    expect(together.length).toBeLessThan(4)
    expect(runner.starts.filter(({ key }) => key.startsWith('check-'))).toHaveLength(together.length)
    // Whatever the branch held in between was checked.
    const [before] = moved
    for (const commit of moved.filter((oid) => oid !== before)) {
      const files = JSON.stringify(vcs.read(commit))
      expect(trees.some((tree) => JSON.stringify(vcs.read(tree)) === files)).toBe(true)
    }
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
