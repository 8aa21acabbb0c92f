import { describe, expect, it } from 'vitest'
import { boardSuite, handClock, memoryBoard } from '../../src/testing/index.ts'

const signal = new AbortController().signal

describe('memoryBoard', () => {
  boardSuite({ describe, it, expect }, () => memoryBoard())

  it('dates entries by the given clock', async () => {
    const clock = handClock({ now: Date.UTC(2026, 4, 1) })
    const board = memoryBoard({ clock })
    clock.advance(1500)
    await board.post({ key: 'a', author: 'ann', text: 'news', signal })
    expect((await board.read({ signal }))[0]?.at).toBe('2026-05-01T00:00:01.500Z')
  })
})
