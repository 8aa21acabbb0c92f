import type { MemoryStart, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig, writesItsFile } from './run-rig.ts'

const landing = { by: 'orchestrator', checks: ['npm test'], maxRepairs: 0, train: 1, lanes: 2 } as const
const policy = { maxAgents: 4, landing }
const tasks = ['a', 'b'].map((id) => ({ id, writes: [`${id}.txt`] }))

/** The first two checks begin before either ends. */
function checkedTogether(exit: (files: MemoryVcs, start: MemoryStart) => number) {
  return (vcs: MemoryVcs) => {
    const going: (() => void)[] = []
    return async (start: MemoryStart, process: Parameters<ReturnType<typeof writesItsFile>>[1]) => {
      if (start.environment.ORCH_ATTEMPT !== undefined) return writesItsFile(vcs)(start, process)
      if (going.length < 2) {
        await new Promise<void>((resolve) => {
          going.push(resolve)
          if (going.length === 2) for (const go of going) go()
        })
      }
      return { exit: exit(vcs, start) }
    }
  }
}

describe('lanes', () => {
  it('are checked at the same time, and land beside each other with one run each', async () => {
    const { orch, runner, vcs, statuses } = rig(tasks, { policy, script: checkedTogether(() => 0) })
    const carried: string[] = []
    orch.on('checks-carried', ({ task, beside }) => carried.push(`${task} beside ${beside.join()}`))
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged'])
    expect(vcs.userFiles()).toMatchObject({ 'a.txt': 'by a\n', 'b.txt': 'by b\n' })
    expect(runner.starts.filter(({ key }) => key.startsWith('check-'))).toHaveLength(2)
    expect(carried).toHaveLength(1)
    // Whoever looks sees what was not checked.
    const [second = ''] = carried
    const [id = '', other = ''] = second.split(' beside ')
    const { checklist } = await orch.show(id)
    const why = `checked without ${other}, which landed beside it in other lanes`
    for (const item of ['checks', 'latest-base']) expect(checklist).toContainEqual({ item, is: 'yes', why })
  })

  it('may break the target together, and whoever comes next is not blamed for it', async () => {
    const both = (vcs: MemoryVcs, { directory }: MemoryStart) =>
      ['a.txt', 'b.txt'].every((path) => path in vcs.read(directory)) ? 1 : 0
    const last = { id: 'c', writes: ['c.txt'], dependsOn: ['a', 'b'] }
    const { orch, statuses } = rig([...tasks, last], { policy, script: checkedTogether(both) })
    const { tasks: rows } = await orch.run()
    expect(await statuses()).toEqual(['a merged', 'b merged', 'c complete'])
    expect(rows.find(({ id }) => id === 'c')?.waitsFor).toBe('red-target')
  })

  it('are checked once more when the repository says that both have changed a file, or says nothing', async () => {
    for (const answer of [[['x'], ['x']], [null, ['x']], undefined] as const) {
      const { orchestrator, runner, vcs, statuses } = rig(tasks, { policy, script: checkedTogether(() => 0) })
      const { changedFiles: _, ...rest } = vcs
      const orch = orchestrator({
        vcs: answer === undefined ? rest : { ...rest, changedFiles: () => Promise.resolve(answer) },
      })
      expect((await orch.run()).outcome).toBe('done')
      expect(await statuses()).toEqual(['a merged', 'b merged'])
      expect(runner.starts.filter(({ key }) => key.startsWith('check-'))).toHaveLength(3)
    }
  })
})
