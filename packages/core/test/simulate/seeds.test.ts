import { playSeed, shrinkSeed, shrunkText } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { playInProcesses } from './in-processes.ts'

const runs = Number(process.env.ORCH_SEEDS ?? 2000)
const first = Number(process.env.ORCH_SEED ?? 0)

describe('the invariants hold, whatever faults, agents and people do', () => {
  it(`over ${runs} seeds, which reach every row of the recovery table, every action and every fault`, {
    timeout: 600_000,
  }, async () => {
    const tally = await playInProcesses({ first, runs, processes: 2 })
    const [broken] = tally.violations
    const shrunk = broken === undefined ? null : await shrinkSeed(broken.seed)
    expect(tally.violations, shrunk === null ? '' : shrunkText(shrunk)).toEqual([])
    if (runs < 2000) return
    const counts = Object.entries({ ...tally.rows, ...tally.actions, ...tally.faults })
    expect(counts.filter(([, count]) => count === 0)).toEqual([])
  })

  it('the same seed gives the same run, step by step', async () => {
    for (const seed of [3, 17, 58]) {
      const [once, again] = [await playSeed(seed, { traced: true }), await playSeed(seed, { traced: true })]
      expect(again.trace).toEqual(once.trace)
      expect(again.steps).toBe(once.steps)
      expect(once.trace.length).toBeGreaterThan(10)
    }
  })
})
