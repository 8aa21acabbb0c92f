import type { LandedQuestion } from '@orch/core'
import type { GitContext } from './context.ts'
import { merge } from './merge.ts'
import { oidOf } from './names.ts'
import { withView } from './view.ts'

export type Landed = { readonly commit: string; readonly by: 'us' | 'other' }

/** Commits of the target that are looked at; a change that landed longer ago is found by its content. */
const depth = 1000

/** Whether changes are on the target. Answers hold for one value of the target, and are kept for that long. */
export function landedOracle(context: GitContext) {
  let at = ''
  let answers = new Map<string, Promise<Landed | null>>()
  return (target: string, question: LandedQuestion, signal: AbortSignal): Promise<Landed | null> => {
    if (at !== target) {
      at = target
      answers = new Map()
    }
    const key = `${question.head} ${question.base} ${question.commit ?? ''}`
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = landed(context, target, question, signal)
    answers.set(key, answer)
    // A failure is not an answer.
    answer.catch(() => answers.delete(key))
    return answer
  }
}

async function landed(
  context: GitContext,
  target: string,
  { head, base, commit }: LandedQuestion,
  signal: AbortSignal,
): Promise<Landed | null> {
  if (target === commit) return { commit, by: 'us' }
  if (target === base) return null
  const [change, start] = await Promise.all([context.objects.commit(head), context.objects.commit(base)])
  const { oids: since, complete } = await context.objects.firstParents(target, base, depth)
  if (commit !== null && since.includes(commit)) return { commit, by: 'us' }
  const mine = landedBetween(context, since)
  if (complete && since.every((oid) => mine.has(oid))) return null
  if (commit !== null && (await isAncestor(context, commit, target, signal))) return { commit, by: 'us' }
  // A change that changes nothing is on every target, which says nothing.
  if (change === null || change.tree === start?.tree) return null
  for (const oid of since)
    if ((await context.objects.commit(oid))?.tree === change.tree) return { commit: oid, by: 'other' }
  if (await isAncestor(context, head, target, signal)) return { commit: target, by: 'other' }
  const merged = await merge(context, target, head, signal)
  const now = await context.objects.commit(target)
  return 'tree' in merged && merged.tree === now?.tree ? { commit: target, by: 'other' } : null
}

/** What this process landed itself, with other tasks' changes in it: no need to look for this one there. */
function landedBetween(context: GitContext, since: readonly string[]): ReadonlySet<string> {
  const mine = new Set<string>()
  let until: string | undefined
  for (const oid of since) {
    if (oid === until) until = undefined
    until ??= context.landedHere.get(oid)
    if (until === undefined) break
    mine.add(oid)
  }
  return mine
}

export async function isAncestor(
  context: GitContext,
  commit: string,
  of: string,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await withView(context.repository, { signal }, (view) =>
    view.git({ arguments: ['merge-base', '--is-ancestor', oidOf(commit), oidOf(of)], answers: [0, 1, 128] }),
  )
  return answer.code === 0
}
