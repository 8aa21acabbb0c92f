import { parseReport } from '../../model/report.ts'
import type { ReviewVerdict } from '../../model/review-verdict.ts'
import type { MemoryAgent, MemoryEnd } from '../memory-process.ts'
import type { Dice } from './dice.ts'
import { secret } from './invariants/scene.ts'
import type { Mishaps } from './mishaps.ts'

/** What reviewers do beside approving, the likely more often. */
export const reviewMishaps = [
  'reviewer-asks-for-changes',
  'reviewer-asks-for-changes',
  'reviewer-asks-for-changes',
  'reviewer-says-garbage',
  'reviewer-says-nothing',
  'reviewer-hangs',
  'reviewer-is-killed',
  'reviewer-cannot-run',
  'reviewer-leaves-processes',
] as const

/** One reviewer, which mostly approves. */
export async function review(
  { dice, mishaps }: { readonly dice: Dice; readonly mishaps: Mishaps },
  agent: MemoryAgent,
  work: () => Promise<void>,
): Promise<MemoryEnd | undefined> {
  const mishap = mishaps.deal(reviewMishaps, 0.4)
  await work()
  await work()
  switch (mishap) {
    case 'reviewer-asks-for-changes':
      return { report: told('changes') }
    case 'reviewer-says-garbage':
      for (const line of garbage) {
        const report = parseReport(line)
        if (report !== null) agent.report(report)
      }
      await work()
      return { exit: 0, report: { tell: 'done' } }
    case 'reviewer-says-nothing':
      return { exit: dice.below(2) }
    case 'reviewer-hangs':
      return undefined
    case 'reviewer-is-killed':
      agent.vanish()
      return undefined
    case 'reviewer-cannot-run':
      return { exit: 127 }
    case 'reviewer-leaves-processes':
      return { report: told('approve'), survivors: true }
    case null:
      return { exit: 0, report: told('approve') }
  }
}

function told(verdict: ReviewVerdict['verdict']): { readonly tell: 'verdict' } & ReviewVerdict {
  return {
    tell: 'verdict',
    verdict,
    summary: `seen ${secret}`,
    findings: [{ file: 'README.md', line: 1, text: secret }],
  }
}

/** None of these is a verdict. */
const garbage = [
  '{"tell":"verdict"}',
  '{"tell":"verdict","verdict":"approved","summary":"fine","findings":[]}',
  '{"tell":"verdict","verdict":"approve","summary":"","findings":[]}',
  '{"tell":"verdict","verdict":"approve","summary":"fine","findings":[{"file":"a"}]}',
  '{"tell":"verdict","verdict":"approve","summary":"fine","findings":[],"land":true}',
  '{"tell":["verdict"],"verdict":"approve","summary":"fine","findings":[]}',
]
