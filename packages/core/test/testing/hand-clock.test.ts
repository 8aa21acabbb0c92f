import { describe, expect, it } from 'vitest'
import { handClock } from '../../src/testing/index.ts'

describe('handClock', () => {
  it('wakes who is due, in order, and nobody else', async () => {
    const clock = handClock()
    const { signal } = new AbortController()
    const woken: number[] = []
    const sleepers = [300, 100, 200].map((ms) => clock.sleep(ms, { signal }).then(() => woken.push(ms)))
    expect(clock.untilNext()).toBe(100)
    clock.advance(200)
    await Promise.all([sleepers[1], sleepers[2]])
    expect(woken).toEqual([100, 200])
    expect(clock.untilNext()).toBe(100)
  })

  it('moves both clocks, and a step moves the wall clock alone', () => {
    const clock = handClock({ now: 1000 })
    clock.advance(50)
    clock.stepWall(-500)
    expect([clock.now(), clock.elapsed()]).toEqual([550, 50])
  })

  it('wakes on abort and does not sleep when aborted already', async () => {
    const clock = handClock()
    const stop = new AbortController()
    const sleeping = clock.sleep(1000, { signal: stop.signal })
    stop.abort()
    await sleeping
    await clock.sleep(1000, { signal: stop.signal })
    expect(clock.untilNext()).toBe(null)
  })

  it('tells when somebody sleeps', async () => {
    const clock = handClock()
    const told = clock.asleep()
    const sleeping = clock.sleep(10, { signal: new AbortController().signal })
    await told
    clock.advance(10)
    await sleeping
  })
})
