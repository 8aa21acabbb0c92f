import { type FailPoint, failPoints } from '@orch/adapter-local'
import { describe, expect, it } from 'vitest'
import { epic, pushed, regenerated, reviewed, stack, train } from './landing-stories.ts'
import { expectSame, play, tell } from './play.ts'
import {
  beginning,
  cancelled,
  careless,
  cloned,
  group,
  guided,
  life,
  locked,
  lost,
  nested,
  pruned,
  type Story,
  takenBack,
  unlocked,
  violated,
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
  'clone-followed': [cloned, 3],
  'stash-kept': [careless, 1],
  'turn-prepared': [life, 4],
  'turn-started': [life, 4],
  'turn-asked-to-stop': [cancelled, 1],
  'turn-stopped': [cancelled, 1],
  'guidance-delivered': [guided, 1],
  'turn-put-away': [pruned, 1],
  'turn-forgotten': [pruned, 1],
  'branch-put-back': [careless, 1],
  'seal-begun': [life, 1],
  'seal-staged': [life, 1],
  sealed: [life, 1],
  'preserve-written': [life, 2],
  preserved: [life, 2],
  'candidate-made': [life, 2],
  'candidate-amended': [regenerated, 1],
  'checkout-filled': [life, 1],
  'checkout-made': [life, 1],
  'checkout-put-away': [life, 1],
  'target-made': [epic, 1],
  'landing-begun': [life, 1],
  'landing-files-moved': [life, 1],
  'landing-index-moved': [life, 1],
  'landing-shown': [life, 1],
  'landing-moved': [life, 1],
  landed: [life, 1],
  'landing-taken-back': [takenBack, 1],
  'violation-kept': [violated, 1],
  'remote-seen': [pushed, 1],
  'push-begun': [pushed, 1],
  pushed: [pushed, 1],
  'push-known': [pushed, 1],
  'retire-aside': [nested, 1],
  'retire-unfilled': [life, 1],
  'retire-put-away': [life, 1],
  'retire-removed': [life, 1],
  retired: [life, 1],
  'pins-dropped': [pruned, 1],
  pruned: [pruned, 1],
  // Below: called again it says something else.
  restored: [life, 0],
  unlocked: [unlocked, 1],
  swept: [life, 1],
  'lock-begun': [life, 3],
  'lock-taken': [life, 3],
  'lock-breaking': [locked, 1],
}

/** Each kill is of the next run, where that gets there for the first time. */
const chains: readonly { readonly name: string; readonly story: Story; readonly kills: readonly string[] }[] = [
  {
    name: 'a train',
    story: train,
    kills: ['turn-prepared', 'turn-started', 'candidate-made', 'checkout-made', 'landing-moved', 'landed', 'retired'],
  },
  {
    name: 'a stack',
    story: stack,
    kills: ['workspace-made:2', 'turn-started', 'candidate-made', 'landed', 'retired'],
  },
  {
    name: 'an epic',
    story: epic,
    kills: [
      'target-made',
      'workspace-made:2',
      'candidate-made',
      'landed',
      'workspace-made',
      'landing-files-moved',
      'landed',
    ],
  },
  {
    name: 'reviews',
    story: reviewed,
    kills: [
      'checkout-made',
      'turn-prepared',
      'turn-started',
      'store-written',
      'turn-started',
      'turn-started',
      'landed',
    ],
  },
  {
    name: 'a push',
    story: pushed,
    kills: ['push-begun', 'pushed', 'remote-seen', 'landing-files-moved', 'landing-index-moved', 'landing-moved'],
  },
  {
    name: 'made files',
    story: regenerated,
    kills: ['candidate-made', 'checkout-made', 'turn-prepared', 'turn-started', 'candidate-amended', 'landed'],
  },
]

const cases = failPoints.flatMap((point) => {
  const [story, times] = reached[point]
  return Array.from({ length: times ?? 0 }, (_, index) => ({ point, story, time: index + 1 }))
})

describe.concurrent('killed with SIGKILL, the next run comes to the same end', { timeout: 300_000 }, () => {
  it.each(cases)('$point, time $time', async ({ point, story, time }) => {
    const { make, calm } = await tell(story)
    const { missed, outcome } = await play(story, make, [`${point}:${time}`])
    expect(missed).toEqual([])
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
      const { missed, outcome } = await play(story, make, [`${point}:${time}`])
      expectSame(outcome, calm)
      if (missed.length > 0) {
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
    const { missed, outcome } = await play(life, make, points)
    expect(missed).toEqual([])
    expectSame(outcome, calm)
  })

  it.each(chains)('again and again in $name: $kills', async ({ story, kills }) => {
    const { make, calm } = await tell(story)
    const { missed, outcome } = await play(story, make, kills)
    expect(missed).toEqual([])
    expectSame(outcome, calm)
  })

  it('and what landed half, of a task that is cancelled then, is taken back', async () => {
    const { calm } = await tell(takenBack)
    expect(calm.status).toBe('')
    expect(calm.landed[0]).toMatch(/ Mine$/)
  })

  it('and what is not as it was tested is told, and kept', async () => {
    const { calm } = await tell(violated)
    expect(calm.tasks).toEqual([expect.stringMatching(/^one pr_created null .*its landing on main was violated/)])
    expect(calm.kept).toEqual(expect.arrayContaining([expect.stringMatching(/^landing head /)]))
  })

  it('but for kept work that was restored: that is there then, and said to be', async () => {
    const { make } = await tell(life)
    using stage = make()
    const words = ['kept', 'restore', 'one', '--branch', 'again']
    expect(await stage.orch(['run'])).toMatchObject({ exit: 0 })
    expect(await stage.orch(words, 'restored')).toMatchObject({ exit: -1 })
    const there = stage.git('rev-parse', 'again')
    expect(await stage.orch(words)).toMatchObject({ stderr: expect.stringContaining('is there already') })
    expect(stage.git('rev-parse', 'again')).toBe(there)
  })
})
