import { describe, expect, it } from 'vitest'
import { findMutation } from './found.ts'
import { mutations } from './mutations.ts'

describe('the simulator finds a loop that', () => {
  for (const mutation of mutations) {
    it(mutation.name, { timeout: 600_000 }, async () => {
      expect((await findMutation(mutation)).seed).not.toBeNull()
    })
  }
})
