import { landsByHost } from '../../decide/landing.ts'
import * as landings from '../../decide/landing-moves.ts'
import { OrchError } from '../../model/error.ts'
import type { Candidate, Oid, RunRecord } from '../../model/run-state.ts'
import { type ActionOf, type EffectContext, targetName } from './effect.ts'

export async function verifyLanding(
  context: EffectContext,
  { id, record, commit }: ActionOf<'verify-landing'>,
): Promise<void> {
  const candidate = record.state.review?.candidate
  if (candidate == null) throw new OrchError('bug', `${id} has no candidate that could have landed`)
  const { base, tree } = candidate
  if (await isThere(context, record, { base, commit, tree })) await tellLanded(context, record, commit)
}

/** Of what is on the target for certain. */
export async function tellLanded(context: EffectContext, record: RunRecord, commit: Oid): Promise<void> {
  const landed = landings.landed(record.state, context.mover(), commit, 'us')
  const written = await context.write(record.id, record, landed)
  if (written === null || !landsByHost(context.policy, record.state)) return
  context.fence()
  // It is there: nothing moves but the user's own branch, which follows.
  await context.ports.vcs.land({ expect: commit, commit, signal: context.signal })
}

/** Asks git itself for a landing; when that is not as it was to be, writes so. */
export async function isThere(
  context: EffectContext,
  record: RunRecord,
  landing: Pick<Candidate, 'base' | 'commit' | 'tree'>,
): Promise<boolean> {
  const { target } = record.state.branch ?? {}
  const seen = await context.ports.vcs.verifyLanding({ target, ...landing, signal: context.signal })
  if (seen.ok) return true
  const name = targetName(context, record.state)
  const reason = `its landing on ${name} was violated, and nothing else lands: ${seen.detail ?? seen.reason}`
  const isByHost = landsByHost(context.policy, record.state)
  const kept = `Both what was landed and what ${name} holds are kept: \`orch kept list landing\`. Once ${name} is as you want it, \`orch land\` ${isByHost ? 'goes on; its review is not merged twice' : 'lands this once more'}.`
  await context.write(record.id, record, landings.violated(record.state, context.mover(), reason, kept))
  return false
}
