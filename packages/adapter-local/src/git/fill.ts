import { mkdir, rename } from 'node:fs/promises'
import type { Filled } from './check-folders.ts'
import type { GitContext } from './context.ts'
import { oidOf } from './names.ts'
import { withView } from './view.ts'

/** Writes all files of a commit into an empty folder. No filter and no hook runs. */
export async function fillFresh(context: GitContext, to: Filled, commit: string, signal: AbortSignal): Promise<void> {
  await mkdir(to.files, { recursive: true })
  await withView(context.repository, { worktree: to.files, signal }, async (view) => {
    await view.git({ arguments: ['read-tree', '-m', '-u', oidOf(commit)] })
    await rename(view.index, to.index)
  })
}
