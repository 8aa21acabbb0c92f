import PQueue from 'p-queue'
import { describe, expect, it } from 'vitest'
import { findMutation } from './found.ts'
import { mutations } from './mutations.ts'

/** Each has a process of its own; two cores are what one can count on. */
const looking = new PQueue({ concurrency: 2 })

describe.concurrent('the simulator finds a loop that', () => {
  for (const mutation of mutations)
    it(mutation.name, { timeout: 600_000 }, async () => {
      expect((await looking.add(() => findMutation(mutation))).seed).not.toBeNull()
    })
})
