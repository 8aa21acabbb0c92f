import { parseReport } from '../../model/report.ts'
import type { MemoryAgent, MemoryEnd } from '../memory-process.ts'
import type { MemoryVcs } from '../memory-vcs.ts'
import type { Dice } from './dice.ts'
import { secret } from './invariants/scene.ts'

/** What one agent has at hand. Nothing of it does anything once its process is over. */
export interface Hand {
  readonly agent: MemoryAgent
  readonly vcs: MemoryVcs
  readonly dice: Dice
  readonly directory: string
  /** Works for a while. */
  work(): Promise<void>
  /** Writes a file inside its scope that nobody else writes. */
  edit(): void
  /** The same outside of it. */
  stray(): void
  commit(): void
}

type Acts = (hand: Hand) => Promise<MemoryEnd | undefined>

const asks = { tell: 'stuck', reason: 'which of the two?', options: ['this', secret], context: secret } as const

async function draft(hand: Hand): Promise<void> {
  hand.edit()
  hand.commit()
  await hand.work()
}

/** What agents have been seen to do. */
export const conducts = {
  /** Commits some of it, leaves the rest for us to commit, and ends well without a word. */
  async works(hand) {
    await draft(hand)
    hand.edit()
    return { exit: 0 }
  },
  async 'says-done'(hand) {
    await draft(hand)
    return { exit: 0, report: { tell: 'done' } }
  },
  async hangs() {
    return undefined
  },
  async 'ends-without-commits'() {
    return { exit: 0 }
  },
  async 'leaves-a-dirty-tree'(hand) {
    hand.edit()
    hand.stray()
    return { exit: 0 }
  },
  async fails(hand) {
    hand.edit()
    return { exit: 1 }
  },
  /** As the OOM killer leaves it: commits are there, an end is not. */
  async 'dies-after-commits'(hand) {
    await draft(hand)
    hand.edit()
    hand.agent.vanish({ survivors: hand.dice.chance(0.3) })
    return undefined
  },
  async 'dies-at-once'(hand) {
    hand.agent.vanish()
    return undefined
  },
  async strays(hand) {
    hand.edit()
    hand.stray()
    hand.commit()
    return { exit: 0 }
  },
  async 'leaves-its-branch'(hand) {
    await draft(hand)
    hand.vcs.detach(hand.directory)
    return { exit: 0 }
  },
  async 'moves-its-branch'(hand) {
    await draft(hand)
    const target = hand.vcs.branches().get(hand.vcs.target)
    if (target !== undefined) hand.vcs.reset(hand.directory, target)
    return { exit: 0 }
  },
  async 'reports-garbage'(hand) {
    hand.agent.print('{"tell":"done"', '{"tell":["done"]}', '\u0000\ud800', 'null')
    for (const line of ['{"tell":"done"', '{"tell":["done"]}', '{"tell":"finished"}', 'null']) {
      const report = parseReport(line)
      if (report !== null) hand.agent.report(report)
    }
    await draft(hand)
    return { exit: hand.dice.chance(0.5) ? 0 : 3 }
  },
  async 'is-stuck-and-exits-0'(hand) {
    hand.edit()
    return { exit: 0, report: asks }
  },
  async 'asks-and-waits'(hand) {
    hand.agent.report(asks)
    while (hand.agent.inbox.length === 0 && !hand.agent.signal.aborted) await hand.work()
    await draft(hand)
    return { exit: 0, report: { tell: 'done' } }
  },
  async 'says-no-changes'() {
    return { exit: 0, report: { tell: 'done', noChanges: 'nothing to do' } }
  },
  async 'says-no-changes-and-lies'(hand) {
    await draft(hand)
    return { exit: 0, report: { tell: 'done', noChanges: 'nothing to do' } }
  },
  async 'leaves-processes'(hand) {
    await draft(hand)
    return { exit: 0, survivors: true }
  },
  /** It can be stopped only by force. */
  async 'resists-its-end'(hand) {
    hand.agent.resist('killed')
    return undefined
  },
  async 'changes-what-others-change'(hand) {
    if (!hand.agent.signal.aborted) hand.vcs.edit(hand.directory, { 'README.md': `${hand.agent.start.key}\n` })
    for (let times = hand.dice.below(15); times > 0 && !hand.agent.signal.aborted; times--) {
      await hand.work()
      hand.agent.print('still at it')
    }
    return { exit: 0 }
  },
  /** Beside its own work, and for long. */
  async 'works-where-others-work'(hand) {
    hand.edit()
    for (let times = hand.dice.below(15); times > 0 && !hand.agent.signal.aborted; times--) {
      hand.vcs.edit(hand.directory, { 'README.md': `${hand.agent.start.key} ${times}\n` })
      await hand.work()
      hand.agent.print('still at it')
    }
    return { exit: 0, report: { tell: 'done' } }
  },
  async 'leaves-what-git-cannot-hold'(hand) {
    hand.edit()
    if (!hand.agent.signal.aborted) hand.vcs.spoil(hand.directory, 'nested/.git')
    return { exit: 0 }
  },
} satisfies Record<string, Acts>

export type Conduct = keyof typeof conducts

export const misconducts = (Object.keys(conducts) as Conduct[]).filter((name) => !name.startsWith('works'))
