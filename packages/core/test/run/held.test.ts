import { handClock } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const tasks = ['a', 'b', 'c'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))

/** Three changes that wait, their checks, and a user who edits a file of the first one. */
async function heldTrain() {
  const made = rig(tasks)
  const clock = handClock()
  const by = (who: 'human' | 'orchestrator') =>
    made.orchestrator({ clock, policy: { landing: { by: who, checks: ['test'] } } })
  await using before = by('human')
  for (let pass = 0; pass < 8; pass++) await before.pass()
  made.vcs.userEdit({ 'a.txt': 'mine\n' })
  return { ...made, clock, orch: by('orchestrator') }
}

describe('a train that a file which the user edits holds up', () => {
  it('is said to be held by them under each change that waits for it', async () => {
    const { orch } = await heldTrain()
    const rows = async () => (await orch.status()).tasks
    for (let pass = 0; pass < 12 && (await rows())[2]?.waitsFor !== 'held-by-user'; pass++) await orch.pass()
    for (const { id, waitsFor, waits } of await rows()) {
      expect([id, waitsFor]).toEqual([id, 'held-by-user'])
      expect(waits).toContain('held by you: you changed a.txt')
    }
  })

  it('goes on without the one whose file it is', async () => {
    const { orch, clock, statuses } = await heldTrain()
    const isThrough = async () => (await statuses()).slice(1).every((status) => status.endsWith('merged'))
    for (let pass = 0; pass < 60 && !(await isThrough()); pass++) {
      clock.advance(1000)
      await orch.pass()
    }
    expect(await statuses()).toEqual(['a complete', 'b merged', 'c merged'])
    expect((await orch.status()).tasks[0]?.waits).toContain('held by you: you changed a.txt')
  })
})
