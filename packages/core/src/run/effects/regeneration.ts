import * as landings from '../../decide/landing-moves.ts'
import * as moves from '../../decide/moves.ts'
import { regenerationOf, staleText } from '../../decide/stale.ts'
import { OrchError } from '../../model/error.ts'
import type { Candidate, RunRecord } from '../../model/run-state.ts'
import type { TaskId } from '../../model/task.ts'
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
      return makeAgain(context, { id, record, candidate })
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

/** A command may take its own check-out away, and would each time: a bounded number of runs, then a person. A commit that is gone is found so when the next run begins. */
async function makeAgain(
  context: EffectContext,
  { id, record, candidate }: { readonly id: TaskId; readonly record: RunRecord; readonly candidate: Candidate },
): Promise<void> {
  const { state } = record
  const lost = candidate.lost + 1
  if (lost < context.policy.maxAttempts) {
    await context.write(id, record, landings.withCandidate(state, context.mover(), { ...candidate, lost }))
    return
  }
  const commands = regenerationOf(context.policy, candidate)
    .commands.map((command) => `\`${command}\``)
    .join(', ')
  const times = lost === 1 ? 'once' : `${lost} times`
  const reason = `${staleText(candidate)} cannot be made anew: the directory in which ${commands} ran was gone afterwards, ${times}; mend it, then land it`
  await context.write(id, record, moves.askPerson(state, context.mover(), reason, ['land', 'guide', 'cancel']))
}
