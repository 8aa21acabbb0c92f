import { turnKey } from '@orch/core'
import { handClock } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

const a = { id: 'a', title: 'A', writes: ['a.txt'] }
const b = { id: 'b', title: 'B', writes: ['b.txt'] }
const hour = 3_600_000
const turn = (attempt: number): string => turnKey('a', attempt, 1)
const { signal } = new AbortController()

async function passes(orch: { pass(): Promise<unknown> }, count = 8): Promise<void> {
  for (let pass = 0; pass < count; pass++) await orch.pass()
}

describe.each([hour, -hour])('a wall clock that jumps by %i ms', (jump) => {
  it('ends no turn early and none late', async () => {
    const made = rig([a], {
      script: () => () => undefined,
      policy: { idleMs: 60_000, turnMs: 10 * hour, maxAttempts: 1 },
    })
    const clock = handClock()
    const orch = made.orchestrator({ clock })
    await passes(orch)
    expect(made.runner.alive).toEqual([turn(1)])
    clock.stepWall(jump)
    clock.advance(59_000)
    await passes(orch)
    expect(made.runner.alive).toEqual([turn(1)])
    clock.stepWall(jump)
    clock.advance(2000)
    await passes(orch)
    expect(made.runner.alive).toEqual([])
    expect(await made.statuses()).toEqual(['a stuck'])
  })

  it('starts no attempt early and none late', async () => {
    const script = () => () => ({ exit: 3 })
    const made = rig([a], { script, policy: { backoffMs: 60_000, maxAttempts: 3 } })
    const clock = handClock()
    const orch = made.orchestrator({ clock })
    const attempts = async () => (await made.queue.read({ signal })).records[0]?.state.run.attempt
    await passes(orch)
    clock.stepWall(jump)
    clock.advance(59_000)
    await passes(orch)
    expect(await attempts()).toBe(1)
    clock.stepWall(jump)
    clock.advance(2000)
    await passes(orch)
    expect(await attempts()).toBe(2)
  })

  it('starts attempts of tasks that failed together apart from each other', async () => {
    const made = rig([a, b], { script: () => () => ({ exit: 3 }), policy: { backoffMs: 60_000, maxAttempts: 2 } })
    const clock = handClock()
    const dealt = [0, 0.5]
    const orch = made.orchestrator({ clock, random: () => dealt.shift() ?? 0 })
    await passes(orch)
    clock.advance(44_000)
    await passes(orch)
    expect(made.runner.starts).toHaveLength(2)
    clock.advance(2000)
    await passes(orch)
    expect(made.runner.starts).toHaveLength(3)
    clock.advance(15_000)
    await passes(orch)
    expect(made.runner.starts).toHaveLength(4)
  })

  it('ends no lease early and none late', async () => {
    const made = rig([a], { script: () => () => undefined, policy: { leaseMs: 60_000 } })
    const clock = handClock()
    const first = made.orchestrator({ clock, owner: 'first' })
    const second = made.orchestrator({ clock, owner: 'second' })
    const owner = async () => (await made.queue.read({ signal })).records[0]?.state.run.owner
    await passes(first)
    await passes(second)
    clock.stepWall(jump)
    clock.advance(59_000)
    await passes(second)
    expect(await owner()).toBe('first')
    clock.stepWall(jump)
    clock.advance(2000)
    await passes(second)
    expect(await owner()).toBe('second')
    expect(made.runner.alive).toEqual([turn(1)])
  })
})
