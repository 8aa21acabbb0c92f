import type { Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const tasks = ['a', 'b'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))

/** Somebody forces the target back right after the first landing. */
function forcedBack() {
  const made = rig(tasks, { policy: { landing: { by: 'orchestrator', train: 1 }, maxAgents: 1 } })
  let once = true
  const land: Vcs['land'] = async (options) => {
    const answer = await made.vcs.land(options)
    if (once && answer.ok) made.vcs.userReset(options.expect)
    once = false
    return answer
  }
  return { ...made, orch: made.orchestrator({ vcs: { ...made.vcs, land } }) }
}

describe('a landing that is not there when it is looked at anew', () => {
  it('is told as what a person has to decide, with both sides kept', async () => {
    const { orch, vcs } = forcedBack()
    const { outcome, tasks: rows } = await orch.run()
    expect(outcome).toBe('failures')
    expect(rows[0]?.stuckReason).toContain('its landing on main was violated, and nothing else lands: main is at')
    expect(rows[0]?.phase).toBe('pr_created')
    const [, commit = ''] = /does not hold (\S+)$/.exec(rows[0]?.stuckReason ?? '') ?? []
    expect(Object.keys(vcs.read(commit))).toContain('a.txt')
    expect([...vcs.pins().values()]).toEqual(expect.arrayContaining([commit, vcs.branches().get('main')]))
  })

  it('keeps everything else from landing until the person has answered', async () => {
    const { orch, vcs, statuses } = forcedBack()
    const { tasks: rows } = await orch.run()
    expect(rows[1]).toMatchObject({ waitsFor: 'violated', waits: expect.stringContaining('while a is stuck') })
    expect(vcs.userFiles()).not.toHaveProperty('b.txt')
    await orch.land('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual(['a merged', 'b merged'])
    expect(vcs.userFiles()).toMatchObject({ 'a.txt': 'by a\n', 'b.txt': 'by b\n' })
  })

  it.each([
    ['land', 'a merged'],
    ['cancel', 'a cancelled'],
  ] as const)('leaves the answer to the person where it is on the target again by then: %s', async (answer, status) => {
    const { orch, vcs, statuses } = forcedBack()
    const { tasks: rows } = await orch.run()
    const [, commit = ''] = /does not hold (\S+)$/.exec(rows[0]?.stuckReason ?? '') ?? []
    vcs.userReset(commit)
    expect((await orch.run()).outcome).toBe('failures')
    await orch[answer]('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(await statuses()).toEqual([status, 'b merged'])
  })
})
