import { type FailPoint, failPoints } from '@orch/adapter-local'
import { describe, expect, it } from 'vitest'
import { expectSame, play, tell } from './play.ts'
import {
  beginning,
  cancelled,
  group,
  guided,
  life,
  locked,
  lost,
  nested,
  pruned,
  pushed,
  type Story,
} from './stories.ts'

/** In which story each place is reached, and how often; null: as often as there are writes. */
const reached: Readonly<Record<FailPoint, readonly [Story, number | null]>> = {
  'store-created': [beginning, 1],
  'store-adopted': [beginning, 1],
  'store-writing': [life, null],
  'store-written': [life, null],
  'workspace-filled': [life, 1],
  'workspace-entered': [life, 1],
  'workspace-made': [life, 1],
  'workspace-adopted': [lost, 1],
  'workspace-branched': [group, 1],
  'workspace-switched': [group, 1],
  'turn-prepared': [life, 4],
  'turn-started': [life, 4],
  'turn-asked-to-stop': [cancelled, 1],
  'turn-stopped': [cancelled, 1],
  'guidance-delivered': [guided, 1],
  'turn-put-away': [pruned, 1],
  'turn-forgotten': [pruned, 1],
  'seal-begun': [life, 1],
  'seal-staged': [life, 1],
  sealed: [life, 1],
  'preserve-written': [life, 2],
  preserved: [life, 2],
  'candidate-made': [life, 2],
  'checkout-filled': [life, 1],
  'checkout-made': [life, 1],
  'landing-begun': [life, 1],
  'landing-files-moved': [life, 1],
  'landing-index-moved': [life, 1],
  'landing-shown': [life, 1],
  'landing-moved': [life, 1],
  landed: [life, 1],
  'push-begun': [pushed, 1],
  pushed: [pushed, 1],
  'push-known': [pushed, 1],
  'retire-aside': [nested, 1],
  'retire-unfilled': [life, 1],
  'retire-put-away': [life, 1],
  'retire-removed': [life, 1],
  retired: [life, 1],
  'lock-taken': [life, 3],
  'lock-breaking': [locked, 1],
}

const cases = failPoints.flatMap((point) => {
  const [story, times] = reached[point]
  return Array.from({ length: times ?? 0 }, (_, index) => ({ point, story, time: index + 1 }))
})

describe.concurrent('killed with SIGKILL, the next run comes to the same end', { timeout: 300_000 }, () => {
  it.each(cases)('$point, time $time', async ({ point, story, time }) => {
    const { make, calm } = await tell(story)
    const { killed, outcome } = await play(story, make, [`${point}:${time}`])
    expect(killed).toBe(1)
    expectSame(outcome, calm)
  })

  it.each([
    ['store-writing', 'a task', life],
    ['store-written', 'a task', life],
    ['store-writing', 'adding it', beginning],
    ['store-written', 'adding it', beginning],
  ] as const)('%s, each time in %s', async (point, _, story) => {
    const { make, calm } = await tell(story)
    for (let time = 1; ; time++) {
      const { killed, outcome } = await play(story, make, [`${point}:${time}`])
      expectSame(outcome, calm)
      if (killed === 0) {
        expect(time).toBeGreaterThan(story === life ? 15 : 1)
        return
      }
    }
  })

  it.each([
    [['workspace-filled', 'workspace-entered', 'workspace-made']],
    [['seal-begun', 'seal-staged', 'sealed']],
    [['landing-files-moved', 'landing-index-moved', 'landing-shown', 'landing-moved']],
    [['retire-unfilled', 'retire-put-away', 'retire-removed']],
  ] as const satisfies [FailPoint[]][])('again and again: %s', async (points) => {
    const { make, calm } = await tell(life)
    const { killed, outcome } = await play(life, make, points)
    expect(killed).toBe(points.length)
    expectSame(outcome, calm)
  })

  it('and what landed half, of a task that is cancelled then, is taken back', async () => {
    const { make } = await tell(life)
    using stage = make()
    expect(await stage.orch(['run'], 'landing-index-moved')).toMatchObject({ exit: -1 })
    expect(stage.git('status', '--porcelain')).not.toBe('')
    expect(await stage.orch(['cancel', 'one'])).toMatchObject({ exit: 0 })
    await stage.orch(['run'])
    expect(stage.git('status', '--porcelain')).toBe('')
    expect(stage.git('log', '-1', '--format=%s', 'main')).toBe('Mine')
  })
})
