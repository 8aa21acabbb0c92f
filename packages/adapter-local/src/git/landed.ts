import type { LandedQuestion } from '@orch/core'
import type { GitContext } from './context.ts'
import { merge, pick } from './merge.ts'
import { oidOf } from './names.ts'
import { withView } from './view.ts'

export type Landed = { readonly commit: string; readonly by: 'us' | 'other' }

/** Commits of the target that are looked at; a change that landed longer ago is found by its content. */
const depth = 1000

/** Whether changes are on the target. Answers hold for one value of the target, and are kept for that long. */
export function landedOracle(context: GitContext) {
  let trunk = trunkOf(context, '')
  let answers = new Map<string, Promise<Landed | null>>()
  return (target: string, question: LandedQuestion, signal: AbortSignal): Promise<Landed | null> => {
    if (trunk.target !== target) {
      trunk = trunkOf(context, target)
      answers = new Map()
    }
    const key = `${question.head} ${question.base} ${question.commit ?? ''}`
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = landed(context, trunk, question, signal)
    answers.set(key, answer)
    // A failure is not an answer.
    answer.catch(() => answers.delete(key))
    return answer
  }
}

async function landed(
  context: GitContext,
  trunk: Trunk,
  { head, base, commit }: LandedQuestion,
  signal: AbortSignal,
): Promise<Landed | null> {
  const { target } = trunk
  if (target === commit) return { commit, by: 'us' }
  if (target === base) return null
  const since = await trunk.since(base)
  if (commit !== null && since.has(commit)) return { commit, by: 'us' }
  // What this process landed itself has other tasks' changes in it: no need to look for this one there.
  if (since.complete && since.length <= trunk.mine) return null
  if (commit !== null && (await isAncestor(context, commit, target, signal))) return { commit, by: 'us' }
  const [change, start] = await Promise.all([context.objects.commit(head), context.objects.commit(base)])
  // A change that changes nothing is on every target, which says nothing.
  if (change === null || change.tree === start?.tree) return null
  const isAfter = async (oid: string) => since.complete || (await isAncestor(context, base, oid, signal))
  for (const oid of since.oids()) {
    const isSame = (await context.objects.commit(oid))?.tree === change.tree
    // What the target was before it had the base, it may be again without the base's changes.
    if (isSame && (await isAfter(oid))) return { commit: oid, by: 'other' }
  }
  if (await isAncestor(context, head, target, signal)) return { commit: target, by: 'other' }
  const now = await context.objects.commit(target)
  if (now === null) return null
  const merged =
    start === null || (await isAfter(target))
      ? await merge(context, target, head, { signal })
      : await pick(context, { onto: target, tree: now.tree, commit: change, oid: head, parents: [base] }, { signal })
  return 'tree' in merged && merged.tree === now.tree ? { commit: target, by: 'other' } : null
}

/** The target and its first parents, newest first, read as far as somebody asked. */
interface Trunk {
  readonly target: string
  /** How many of the newest this process landed. */
  readonly mine: number
  /** What came after `base`. */
  since(base: string): Promise<Since>
}

interface Since {
  readonly length: number
  /** False when the target does not come from the base, or not within `depth`. */
  readonly complete: boolean
  has(oid: string): boolean
  oids(): readonly string[]
}

function trunkOf(context: GitContext, target: string): Trunk {
  const oids: string[] = []
  const at = new Map<string, number>()
  let mine = 0
  let reading: Promise<unknown> = Promise.resolve()
  const parentOf = async (oid: string) => (await context.objects.commit(oid))?.parents[0]
  /** Until it has `base`, or there is no more. */
  const read = async (base: string): Promise<void> => {
    const last = oids.at(-1)
    const from = last === undefined ? target : await parentOf(last)
    if (at.has(base) || oids.length >= depth || from === undefined) return
    const more = (await context.objects.firstParents(from, base, depth - oids.length)).oids
    const end = more.at(-1) ?? last
    const isNext = end !== undefined && (await parentOf(end)) === base
    for (const oid of isNext ? [...more, base] : more) {
      at.set(oid, oids.length)
      oids.push(oid)
    }
    mine = landedHere(context, oids)
  }
  return {
    target,
    get mine() {
      return mine
    },
    async since(base) {
      const turn = reading.then(() => read(base))
      reading = turn.catch(() => undefined)
      await turn
      const length = at.get(base) ?? oids.length
      const has = (oid: string) => (at.get(oid) ?? length) < length
      return { length, complete: at.has(base), has, oids: () => oids.slice(0, length) }
    },
  }
}

/** How many commits from the newest on are landings of this process, with what they brought. */
function landedHere(context: GitContext, oids: readonly string[]): number {
  let until: string | undefined
  for (const [index, oid] of oids.entries()) {
    if (oid === until) until = undefined
    until ??= context.landedHere.get(oid)
    if (until === undefined) return index
  }
  return oids.length
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
