import type { AgentScript, MemoryVcs } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig, writesItsFile } from './run-rig.ts'

const tasks = [
  { id: 'a', title: 'A', writes: ['a.txt'] },
  { id: 'b', title: 'B', writes: ['b.txt'] },
]

/** Agents write the file of their task; the checks are red while `broken.txt` is there. */
function checksForBroken(vcs: MemoryVcs): AgentScript {
  return (start, process) => {
    if (start.environment.ORCH_ATTEMPT !== undefined) return writesItsFile(vcs)(start, process)
    process.report({ tell: 'working', note: 'check 1' })
    return { exit: 'broken.txt' in vcs.read(start.directory) ? 1 : 0 }
  }
}

describe('a target that fails its own checks', () => {
  it('holds nothing against a change: it waits, says why, and lands when the target is mended', async () => {
    const { orch, vcs, runner, statuses, events } = rig(tasks, {
      policy: { landing: { by: 'orchestrator', checks: ['npm test'] } },
      script: checksForBroken,
    })
    vcs.userCommit({ 'broken.txt': 'x\n' })
    const { outcome, tasks: rows } = await orch.run()
    expect(outcome).toBe('waits')
    expect(await statuses()).toEqual(['a complete', 'b complete'])
    for (const row of rows) {
      expect(row).toMatchObject({ waitsFor: 'red-target', attempt: 1, guidance: null, stuckReason: null })
      expect(row.waits).toContain('main itself is red: `npm test` fails there without this change, too')
    }
    expect(events.filter((event) => event.startsWith('task-waits'))).toEqual(['task-waits a', 'task-waits b'])
    expect(runner.starts.filter(({ key }) => key.endsWith('.target'))).toHaveLength(2)

    vcs.userCommit({ 'broken.txt': null })
    expect((await orch.run()).outcome).toBe('done')
    expect(vcs.userFiles()).toMatchObject({ 'a.txt': 'by a\n', 'b.txt': 'by b\n' })
    expect(runner.starts.filter(({ key }) => key.startsWith('turn-'))).toHaveLength(2)
  })

  it('is mended by a change whose own checks are green, and the others land after it', async () => {
    const { orch, vcs, statuses } = rig([...tasks, { id: 'mend', title: 'Mend', writes: ['broken.txt'] }], {
      policy: { landing: { by: 'orchestrator', checks: ['npm test'] } },
      script: (memory) => (start, process) => {
        if (start.environment.ORCH_TASK === 'mend' && start.environment.ORCH_ATTEMPT !== undefined) {
          memory.edit(start.directory, { 'broken.txt': null })
          return { exit: 0 }
        }
        return checksForBroken(memory)(start, process)
      },
    })
    vcs.userCommit({ 'broken.txt': 'x\n' })
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged', 'mend merged'])
  })

  it('is tried again by a new run, since what is red may have been outside of the repository', async () => {
    let registryIsDown = true
    const { orch, orchestrator, vcs } = rig(tasks.slice(0, 1), {
      policy: { landing: { by: 'orchestrator', checks: ['npm test'] } },
      script: (memory) => (start, process) => {
        if (start.environment.ORCH_ATTEMPT !== undefined) return writesItsFile(memory)(start, process)
        return { exit: registryIsDown ? 1 : 0 }
      },
    })
    expect((await orch.run()).outcome).toBe('waits')
    expect((await orchestrator().run()).outcome).toBe('waits')
    registryIsDown = false
    expect((await orch.run()).outcome).toBe('done')
    expect(vcs.userFiles()).toMatchObject({ 'a.txt': 'by a\n' })
  })
})
