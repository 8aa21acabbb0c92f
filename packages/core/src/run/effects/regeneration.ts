import * as landings from '../../decide/landing-moves.ts'
import * as moves from '../../decide/moves.ts'
import { regenerationOf, staleText } from '../../decide/stale.ts'
import { OrchError } from '../../model/error.ts'
import type { ActionOf, EffectContext } from './effect.ts'

export async function amendCandidate(
  context: EffectContext,
  { id, record, key, stacked }: ActionOf<'amend-candidate'>,
): Promise<void> {
  const candidate = record.state.review?.candidate
  if (candidate == null) throw new OrchError('bug', `${id} has no candidate to amend`)
  const { base, commit, tree } = candidate
  const checkout = context.checkouts.take(key)
  // Who has started it may be dead, and where it worked is not known then: it runs once more, and a run has a number.
  if (checkout === null) {
    await context.write(id, record, landings.withCandidate(record.state, context.mover(), candidate))
    return
  }
  const { files: include } = regenerationOf(context.policy, candidate)
  const { directory } = checkout
  const amended = await context.ports.vcs
    .amendCandidate({ base, commit, directory, include, signal: context.signal })
    .finally(() => checkout.release())
  if (amended.ok) {
    await context.write(
      id,
      record,
      landings.withCandidate(record.state, context.mover(), { base, ...amended.value, lost: 0 }),
    )
    return
  }
  // On what may never land nothing of this is for anybody to decide.
  if (stacked && (amended.reason === 'empty' || amended.reason === 'not-representable')) {
    context.unstackable(id, base)
    return
  }
  switch (amended.reason) {
    case 'gone':
      await context.write(id, record, landings.withoutCandidate(record.state, context.mover()))
      return
    case 'empty':
      await context.write(id, record, landings.landed(record.state, context.mover(), base, 'other'))
      return
    case 'not-representable': {
      const reason = `${staleText(candidate)} cannot be committed as it was made: ${amended.detail ?? tree}`
      const options = ['land', 'guide', 'cancel']
      await context.write(id, record, moves.askPerson(record.state, context.mover(), reason, options))
    }
  }
}
