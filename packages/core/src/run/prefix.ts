import { OrchError } from '../model/error.ts'
import type { Setup } from './ports.ts'

/**
 * Throws `branch-in-the-way` when no branch of a task can be made. Said before anything is claimed: otherwise every task in turn would be
 * stuck for the same reason.
 */
export async function checkPrefix({ ports, policy }: Setup, signal: AbortSignal): Promise<void> {
  const prefix = policy.branchPrefix
  const admitted = await ports.vcs.admits({ prefix, signal })
  if (admitted.ok) return
  const name = admitted.detail ?? prefix
  throw new OrchError(
    'branch-in-the-way',
    `the branch ${name} is in the way: git cannot have ${prefix}… beside it. Rename it (git branch -m ${name} NEW-NAME), ` +
      'or set another policy.branchPrefix in the configuration.',
    { port: 'vcs' },
  )
}
