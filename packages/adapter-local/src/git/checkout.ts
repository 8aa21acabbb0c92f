import { rename } from 'node:fs/promises'
import { OrchError } from '@orch/core'
import { moved } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import type { CheckFolder } from './check-folders.ts'
import type { GitContext } from './context.ts'
import { fillFresh } from './fill.ts'
import { oidOf } from './names.ts'
import { withView } from './view.ts'
import { refuseNoFolder } from './worktrees.ts'

/**
 * A folder of its own for each call, until it is released. One that is released and that nobody has changed since is made over, so that only
 * the files that differ are written; one that was changed, be it back and forth, is not: git looks through links, obeys attributes that
 * were left, and keeps what it takes for unchanged.
 */
export async function checkout(
  context: GitContext,
  commit: string,
  signal: AbortSignal,
): Promise<{ readonly directory: string; release(): void }> {
  const { checkFolders } = context
  if ((await context.objects.commit(oidOf(commit))) === null)
    throw new OrchError('object-missing', `the commit ${commit} is not in the repository`, { port: 'vcs' })
  refuseNoFolder(context.worktrees)
  await checkFolders.clear()
  const folder = (await madeOver(context, commit, signal)) ?? (await filled(context, commit, signal))
  failPoint('checkout-made')
  return {
    directory: folder.files,
    release: () => checkFolders.release(folder),
  }
}

async function filled(context: GitContext, commit: string, signal: AbortSignal): Promise<CheckFolder> {
  const made = await context.checkFolders.fresh(commit)
  try {
    await fillFresh(context, made, commit, signal)
    failPoint('checkout-filled')
    return await context.checkFolders.place(made)
  } catch (error) {
    await context.checkFolders.drop(made)
    throw error
  }
}

/** Null when there is none, or git or its result leaves a doubt. */
async function madeOver(context: GitContext, commit: string, signal: AbortSignal): Promise<CheckFolder | null> {
  const { repository, checkFolders } = context
  // Where two names may be one file, what is there depends on the order in which it was written.
  if (repository.settings.some(([key, value]) => key === 'core.ignorecase' && value === 'true')) return null
  const taken = await checkFolders.take(commit)
  if (taken === null) return null
  const { made, before } = taken
  try {
    const isMade = await withView(repository, { worktree: made.files, signal }, async (view) => {
      if (!(await moved(made.index, view.index))) return false
      const read = ['read-tree', '-m', '-u', oidOf(before.commit), oidOf(commit)]
      const { code } = await view.git({ arguments: read, answers: [0, 128] })
      if (code !== 0) return false
      await rename(view.index, made.index)
      return true
    })
    const placed = isMade ? await checkFolders.place(made) : made
    // Other attributes would have made other bytes of files that are the same in both commits.
    if (isMade && placed.sight?.attributes === before.sight?.attributes) return placed
    await checkFolders.drop(placed)
    return null
  } catch (error) {
    await checkFolders.drop(made)
    throw error
  }
}
