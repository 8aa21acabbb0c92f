import type { MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig, writesItsFile } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const b = { id: 'b', title: 'B', writes: ['b.txt'], dependsOn: ['a'] }

describe('done needs positive evidence: a run', () => {
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

  it.each([
    ['commits nothing once more', (vcs: MemoryVcs, at: string) => void vcs.commit(at, 'again'), {}],
    ['leaves a file outside its scope', (vcs: MemoryVcs, at: string) => vcs.edit(at, { '.cache/log': 'x' }), {}],
    ['says that there is nothing to do', () => undefined, { report: { tell: 'done', noChanges: 'fine' } as const }],
  ])('lands no half-work of an attempt before, when the next one %s', async (_, act, end) => {
    const { orch, vcs } = rig([a], {
      policy: { maxAttempts: 2 },
      script: (memory) => (start) => {
        if (start.environment.ORCH_ATTEMPT !== '1') {
          act(memory, start.directory)
          return { exit: 0, ...end }
        }
        memory.edit(start.directory, { 'a.txt': 'half\n' })
        memory.commit(start.directory, 'wip')
        return { exit: 3 }
      },
    })
    expect((await orch.run()).outcome).toBe('failures')
    expect(vcs.userFiles()).not.toHaveProperty('a.txt')
  })

  it('lands what an attempt before left once an agent says that it is done', async () => {
    const { orch, vcs } = rig([a], {
      script: (memory) => (start) => {
        if (start.environment.ORCH_ATTEMPT !== '1') return { exit: 0, report: { tell: 'done' } }
        memory.edit(start.directory, { 'a.txt': 'whole\n' })
        return { exit: 3 }
      },
    })
    expect((await orch.run()).outcome).toBe('done')
    expect(vcs.userFiles()['a.txt']).toBe('whole\n')
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
})
