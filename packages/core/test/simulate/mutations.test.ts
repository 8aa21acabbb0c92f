import { describe, expect, it } from 'vitest'
import { playInThread } from './in-workers.ts'
import { mutations } from './mutations.ts'

describe('the simulator finds a loop that', () => {
  for (const mutation of mutations) {
    it(mutation.name, { timeout: 300_000 }, async () => {
      const { violations } = await playInThread({ first: 0, runs: 2000, untilViolation: true, mutation })
      expect(violations).toHaveLength(1)
    })
  }
})
