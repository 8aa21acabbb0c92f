import * as moves from '../../decide/moves.ts'
import * as reviews from '../../decide/review-moves.ts'
import { OrchError } from '../../model/error.ts'
import type { ReviewVerdict } from '../../model/review-verdict.ts'
import type { RunRecord } from '../../model/run-state.ts'
import { shown, shownUpTo } from '../../model/shown.ts'
import type { KeptChanges } from '../../ports/kept-work.ts'
import { reviewPrompt } from '../review-prompt.ts'
import { type ActionOf, type EffectContext, targetName } from './effect.ts'
import { sendBack } from './landing.ts'
import { marked } from './quote.ts'
import { inCheckout } from './turn.ts'

/** In a check-out of its own, from which nothing lands. */
export async function startReview(context: EffectContext, action: ActionOf<'start-review'>): Promise<void> {
  const { id, record, task, key } = action
  const { ports, signal } = context
  const { review } = record.state
  if (review === null) throw new OrchError('bug', `${id} has no review`)
  const { head } = review
  const prompt = reviewPrompt(
    task,
    record.state,
    targetName(context, record.state),
    await changesOf(context, record, head),
  )
  const started = await inCheckout(context, { key, commit: head }, (directory) => {
    context.fence()
    return ports.runner.start({
      key,
      profile: context.reviewer,
      directory,
      prompt,
      isReader: true,
      environment: { ORCH_TASK: id, ORCH_REVIEW: String(review.round) },
      signal,
    })
  })
  if (started.ok) context.events.emit('review-started', { task: id, head })
  if (started.ok || started.reason !== 'no-command') return
  const next = reviews.reviewerLost(record.state, context.mover(), 'its reviewer cannot be started')
  const reason = `its reviewer cannot be started: ${started.detail ?? context.reviewer.argv[0]}`
  await context.write(id, record, moves.askPerson(next, context.mover(), reason, ['land', 'retry', 'guide', 'cancel']))
}

async function changesOf(
  { ports, signal }: EffectContext,
  { state }: RunRecord,
  head: string,
): Promise<KeptChanges | null> {
  const { base = null, target } = state.branch ?? {}
  const changes = await ports.vcs.keptChanges?.({ oid: head, from: base, target, patch: true, signal })
  return changes?.ok === true ? changes.value : null
}

export async function takeVerdict(context: EffectContext, action: ActionOf<'take-verdict'>): Promise<void> {
  const { id, record, key, verdict } = action
  context.events.emit('review-ended', { task: id, head: record.state.review?.head ?? '', verdict })
  if (verdict.verdict === 'approve') {
    await context.write(id, record, reviews.reviewerApproved(record.state, context.mover(), verdict))
    return
  }
  const why = `its reviewer asks for changes: ${shown(verdict.summary)}`
  const said = saidText(verdict)
  const text =
    'Your change is not landed: a reviewer asks for changes. Lines that begin with `|` are what it said. Change what is right about it, and commit that; ' +
    `where it is wrong, tell that you are stuck and why.\n\n${said}`
  await sendBack(context, record, text, why, `reviewer-${key}`, said, ['land', 'guide', 'retry --fresh', 'cancel'])
}

function saidText({ summary, findings }: ReviewVerdict): string {
  const lines = findings.map(({ file, line, text }) => {
    const where = line === undefined ? file : `${file}:${line}`
    return `- ${shownUpTo(where, 320)}: ${text.replaceAll(/\s+/g, ' ')}`
  })
  return marked([summary, ...lines].join('\n'), { lines: 60, characters: 1400 })
}
