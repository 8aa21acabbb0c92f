import * as landings from '../../decide/landing-moves.ts'
import { staleOf } from '../../decide/stale.ts'
import { OrchError } from '../../model/error.ts'
import type { Candidate } from '../../model/run-state.ts'
import { unionGlobs } from '../../plan/hot-files.ts'
import { covers } from '../../plan/scope.ts'
import type { ActionOf, EffectContext } from './effect.ts'
import { candidateOn } from './landing.ts'

type Carried = Pick<Candidate, 'base' | 'commit' | 'tree'>

/** All of the train or nothing of it: what does not go together with what has landed is built and judged like any other. */
export async function carry(context: EffectContext, action: ActionOf<'carry'>): Promise<void> {
  const { id, train, beside } = action
  const [first] = train
  if (first === undefined) throw new OrchError('bug', `${id} has no train to be carried with`)
  const carried = (await areApart(context, action)) ? await builtOn(context, action) : null
  if (carried === null) {
    const { record } = first
    const why = `it cannot go beside ${beside.join(', ')}, which landed in other lanes: it is built and checked again`
    await context.write(record.id, record, landings.displaced(record.state, context.mover(), why))
    return
  }
  for (const [at, { record }] of train.entries()) {
    const candidate = carried[at]
    if (candidate === undefined) return
    const next = landings.carried(record.state, context.mover(), candidate, beside)
    if ((await context.write(record.id, record, next)) === null) return
    const { tree = '', beside: all = [] } = next.review?.candidate?.checked ?? {}
    context.events.emit('checks-carried', { task: record.id, tree, beside: all })
  }
}

/** Scopes are what tasks say, and people change them: whether both have changed one file is asked of the repository. */
async function areApart(
  { ports, policy, signal }: EffectContext,
  { train, onto }: ActionOf<'carry'>,
): Promise<boolean> {
  const from = train[0]?.record.state.review?.candidate?.base
  const to = train.at(-1)?.record.state.review?.candidate?.commit
  if (from === undefined || to === undefined || ports.vcs.changedFiles === undefined) return false
  const pairs = [
    { from, to: onto },
    { from, to },
  ]
  const [landed, own] = await ports.vcs.changedFiles({ pairs, signal })
  if (landed == null || own == null) return false
  const theirs = new Set(landed)
  return !own.some((path) => theirs.has(path) && !covers(unionGlobs(policy), path))
}

async function builtOn(context: EffectContext, { train, onto }: ActionOf<'carry'>): Promise<readonly Carried[] | null> {
  const carried: Carried[] = []
  let base = onto
  for (const change of train) {
    const built = await candidateOn(context, { ...change, base })
    if (!built.ok || staleOf(context.policy, built.value.touched).length > 0) return null
    const { commit, tree } = built.value
    carried.push({ base, commit, tree })
    base = commit
  }
  return carried
}
