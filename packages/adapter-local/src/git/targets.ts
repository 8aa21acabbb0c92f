import { failed, ok, type Result } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import { clashing } from './create.ts'
import { branchRef, oidOf } from './names.ts'

export interface CreateTargetOptions {
  readonly branch: string
  readonly from: string
  readonly signal: AbortSignal
}

/** By compare-and-swap from nothing: what somebody made meanwhile stays. */
export async function createTarget(
  context: GitContext,
  { branch, from, signal }: CreateTargetOptions,
): Promise<Result<void, 'clash'>> {
  signal.throwIfAborted()
  const { refs } = context
  const ref = branchRef(branch)
  if ((await refs.read(ref)) !== null) return ok()
  const clash = await clashing(context, branch)
  if (clash !== null) return failed('clash', `${branch} cannot exist beside the branch ${clash}; rename one of them`)
  await refs.change([{ ref, to: oidOf(from), from: null }], 'orch: a branch for an epic')
  failPoint('target-made')
  return ok()
}

/** Where they are; without those that are not there. */
export async function headsOf({ refs }: GitContext, branches: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const heads = new Map<string, string>()
  for (const branch of branches) {
    const head = await refs.read(branchRef(branch))
    if (head !== null) heads.set(branch, head)
  }
  return heads
}
