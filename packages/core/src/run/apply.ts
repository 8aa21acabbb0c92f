import type { Action } from '../decide/action.ts'
import { type Revision, untouched } from '../model/run-state.ts'
import type { RunStore } from '../ports/run-store.ts'
import { carry } from './effects/carrying.ts'
import { awaitTarget, reject, startChecks } from './effects/checks.ts'
import { tellConflicts } from './effects/conflicts.ts'
import type { EffectContext } from './effects/effect.ts'
import { finish, reopen } from './effects/end.ts'
import { beginEpic } from './effects/epic.ts'
import { give, take } from './effects/hand-over.ts'
import { buildCandidate, land, openReview } from './effects/landing.ts'
import { amendCandidate } from './effects/regeneration.ts'
import { startReview, takeVerdict } from './effects/reviewing.ts'
import { tellTarget } from './effects/target-news.ts'
import { sendGuidance, setAside, startTurn, stopTurn } from './effects/turn.ts'
import { verifyLanding } from './effects/verification.ts'
import { createWorkspace, failAttempt, seal, startFresh } from './effects/workspace.ts'

export type Claim = Extract<Action, { do: 'claim' }>

/**
 * Takes seats one after the other, each write bound to the snapshot that all of them were decided on. Tells each claim
 * that was written and answers why it ended early, if it did: the first refusal ends it, because the snapshot is old then.
 */
export async function applyClaims(
  context: Pick<EffectContext, 'signal'> & { readonly claim: RunStore['write'] },
  claims: readonly Claim[],
  revision: Revision,
  onWritten: (claim: Claim) => void,
): Promise<'stale' | 'gone' | 'taken' | null> {
  let seen = revision
  for (const claim of claims) {
    const { id, record, next } = claim
    const written = await context.claim({
      id,
      expect: record?.version ?? null,
      seen,
      next,
      signal: context.signal,
    })
    if (!written.ok) return written.reason
    seen = written.value.revision
    onWritten(claim)
  }
  return null
}

/** One effect and the write that says so. Idempotent: done twice it is done once. */
export async function applyAction(context: EffectContext, action: Exclude<Action, { do: 'claim' }>): Promise<void> {
  switch (action.do) {
    case 'begin-epic':
      return beginEpic(context, action)
    case 'write':
      await context.write(action.id, action.record, action.next, action.answered)
      return
    case 'drop-requests':
      await context.write(
        action.id,
        action.record,
        action.record?.state ?? untouched(context.mover().at),
        action.answered,
      )
      return
    case 'create-workspace':
      return createWorkspace(context, action)
    case 'start-turn':
      return startTurn(context, action)
    case 'send':
      return sendGuidance(context, action)
    case 'stop':
      return stopTurn(context, action)
    case 'seal':
      return seal(context, action)
    case 'fail-attempt':
      return failAttempt(context, action)
    case 'open-review':
      return openReview(context, action)
    case 'start-review':
      return startReview(context, action)
    case 'take-verdict':
      return takeVerdict(context, action)
    case 'build-candidate':
      return buildCandidate(context, action)
    case 'amend-candidate':
      return amendCandidate(context, action)
    case 'start-checks':
      return startChecks(context, action)
    case 'await-target':
      return awaitTarget(context, action)
    case 'reject':
      return reject(context, action)
    case 'land':
      return land(context, action)
    case 'carry':
      return carry(context, action)
    case 'verify-landing':
      return verifyLanding(context, action)
    case 'start-fresh':
      return startFresh(context, action)
    case 'reopen':
      return reopen(context, action)
    case 'take':
      return take(context, action)
    case 'give':
      return give(context, action)
    case 'set-aside':
      return setAside(context, action)
    case 'tell-conflicts':
      return tellConflicts(context, action)
    case 'tell-target':
      return tellTarget(context, action)
    case 'finish':
      return finish(context, action)
  }
}
