import { failed, ok, type Result } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import { isAncestor } from './landed.ts'
import { oidOf, pinRef } from './names.ts'
import { targetOf } from './observe.ts'

export interface VerifyOptions {
  readonly base: string
  readonly commit: string
  readonly tree: string
  readonly signal: AbortSignal
}

/** Read anew: nothing that landing itself believes is asked. */
export async function verifyLanding(context: GitContext, options: VerifyOptions): Promise<Result<void, 'violated'>> {
  const { base, commit, tree, signal } = options
  const now = await targetOf(context)
  const broken: string[] = []
  if (now !== commit && !(await isAncestor(context, commit, now, signal)))
    broken.push(`${context.target.name} is at ${now}, which does not hold ${commit}`)
  const found = (await context.objects.commit(oidOf(commit)))?.tree
  if (found !== tree) broken.push(`${commit} has the tree ${found ?? 'none'}, and ${tree} was tested`)
  if (!(await isAncestor(context, base, commit, signal)))
    broken.push(`${commit} does not come from ${base}, where ${context.target.name} was`)
  if (broken.length === 0) return ok()
  const pins = [...new Set([commit, now])].filter((oid) => oid === now || found !== undefined)
  for (const oid of pins) {
    const ref = pinRef('landing', `head-${oid.slice(0, 16)}`)
    if ((await context.refs.read(ref)) === null)
      await context.refs.change([{ ref, to: oid, from: null }], 'orch: a landing was violated')
  }
  failPoint('violation-kept')
  return failed('violated', broken.join('; '))
}
