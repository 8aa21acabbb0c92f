import * as landings from '../../decide/landing-moves.ts'
import { askPerson } from '../../decide/moves.ts'
import { OrchError } from '../../model/error.ts'
import type { LandingWait } from '../../model/run-state.ts'
import { type ActionOf, type EffectContext, targetName } from './effect.ts'
import { isThere, tellLanded } from './verification.ts'

/** The review host merges what passed. What it says counts for nothing before git shows the same. */
export async function landByHost(context: EffectContext, { id, record, greenFor }: ActionOf<'land'>): Promise<void> {
  const { review } = context.ports
  const { branch } = record.state
  const candidate = record.state.review?.candidate
  if (review?.merge === undefined || branch?.head == null || candidate == null)
    throw new OrchError('bug', `${id} cannot be merged by a review host`)
  const asking = landings.asked(record.state, context.mover())
  const asked = candidate.asked === true ? record : await context.write(id, record, asking)
  if (asked === null) return
  context.fence()
  const { base, tree } = candidate
  const { method, checks } = context.policy.landing
  const { signal } = context
  const merged = await review.merge({ branch: branch.name, head: branch.head, base, method, signal })
  if (merged.ok) {
    const { commit } = merged.value
    if (!(await isThere(context, asked, { base, commit, tree }))) return
    if (checks.length > 0) context.passed(commit, greenFor)
    await tellLanded(context, asked, commit)
    return
  }
  const words = merged.detail === undefined ? '' : `: ${merged.detail}`
  const refused = landings.notMerged(asked.state)
  const wait = (state: typeof refused, why: string) => {
    const waits: LandingWait = { for: 'host', why, check: null }
    return context.write(id, asked, landings.held(state, context.mover(), waits))
  }
  switch (merged.reason) {
    case 'unknown':
      await wait(asked.state, `${review.name} has not said yet whether it is merged${words}`)
      return
    case 'target-moved':
      await wait(
        refused,
        `${targetName(context, asked.state)} has moved at ${review.name} since it was checked${words}`,
      )
      return
    case 'unmet':
      await wait(refused, `${review.name} does not merge it yet${words}`)
      return
    case 'head-moved':
    case 'not-mergeable': {
      const isMoved = merged.reason === 'head-moved'
      const why = isMoved ? 'its review is not at the commit that was judged' : `${review.name} does not merge it`
      const options = ['land', 'guide', 'cancel']
      await context.write(id, asked, askPerson(refused, context.mover(), `${why}${words}`, options, branch.name))
    }
  }
}
