import type { PolicyInput } from '@orch/core'
import { handClock, type MemoryAgent } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const heading = '## What has landed since'

/** The first attempt comes to nothing, and somebody commits to the target meanwhile: what the second one reads first. */
async function secondPrompt(policy: PolicyInput = {}): Promise<string> {
  const made = rig([{ id: 'a', title: 'Do a', writes: ['a.txt'] }], {
    policy,
    script: (vcs) => (start) => {
      vcs.edit(start.directory, { 'a.txt': `${start.environment.ORCH_ATTEMPT}\n` })
      if (start.environment.ORCH_ATTEMPT !== '1') return { exit: 0 }
      vcs.userCommit({ 'other.txt': 'other\n' }, 'Add another file\n\nAt length.')
      return { exit: 1 }
    },
  })
  expect((await made.orch.run()).outcome).toBe('done')
  const [first, second] = made.runner.starts
  expect(first?.prompt).not.toContain(heading)
  return second?.prompt ?? ''
}

/** Two agents, the first of which stays at work. */
function stage(policy: PolicyInput) {
  let agent: MemoryAgent | null = null
  const tasks = [
    { id: 'a', title: 'Do a', writes: ['a/**', '!a/b/**'], reads: ['docs/**', 'a/b/api.txt'] },
    { id: 'b', title: 'Do b', writes: ['a/b/**', 'docs/b.md'] },
  ]
  const made = rig(tasks, {
    policy: { onTargetMoved: 'in-scope', ...policy },
    script: (vcs) => (start, own) => {
      if (start.environment.ORCH_TASK === 'a') {
        agent = own
        return undefined
      }
      vcs.edit(start.directory, { 'docs/b.md': 'b\n' })
      return { exit: 0 }
    },
  })
  const orch = made.orchestrator({ clock: handClock() })
  return {
    ...made,
    orch,
    async look() {
      for (let pass = 0; pass < 20; pass++) await orch.pass()
    },
    heard: () => agent?.inbox.map(({ text }) => text) ?? [],
  }
}

describe('a target that moves on below a branch', () => {
  it('is what the next turn begins with', async () => {
    const prompt = await secondPrompt()
    expect(prompt).toMatch(/`main` has moved on.*newest first:\n- "Add another file" \([0-9a-f]{12}\)\n/)
  })

  it('is not told by the policy never', async () => {
    expect(await secondPrompt({ onTargetMoved: 'never' })).not.toContain(heading)
  })

  it('is told to an agent at work, once, when it was about files that its task writes or reads', async () => {
    const made = stage({ maxAgents: 1 })
    await made.look()
    made.vcs.userCommit({ 'a/b/x.txt': 'x\n', 'z.txt': 'z\n' }, 'Nothing of a')
    await made.look()
    expect(made.heard()).toEqual([])
    made.vcs.userCommit({ 'docs/guide.md': 'new\n', 'a/b/api.txt': 'api\n', 'z.txt': 'zz\n' }, 'Write a guide')
    await made.look()
    await made.look()
    expect(made.heard()).toEqual([
      expect.stringMatching(/changed there: a\/b\/api\.txt, docs\/guide\.md\.\n- "Write a guide" \(/),
    ])
    made.vcs.userCommit({ 'a/one.txt': 'one\n' }, 'Help out')
    await made.look()
    expect(made.heard().slice(1)).toEqual([expect.stringContaining('changed there: a/one.txt.')])
  })

  it('names the task that landed', async () => {
    const made = stage({ maxAgents: 2 })
    await made.look()
    expect((await made.orch.show('b')).outcome).toBe('done')
    expect(made.heard()).toEqual([expect.stringContaining('\n- task b: "Do b" (')])
  })

  it('is told to nobody at work by default', async () => {
    const made = stage({ maxAgents: 1, onTargetMoved: 'next-turn' })
    await made.look()
    made.vcs.userCommit({ 'docs/guide.md': 'new\n' })
    await made.look()
    expect(made.heard()).toEqual([])
  })
})
