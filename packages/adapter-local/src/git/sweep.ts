import { join } from 'node:path'
import { freshFolder, lookAt, moved, namesIn, remove } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { occupantsOf } from './occupants.ts'
import { viewsOf } from './view.ts'

/** Hours after which what an interrupted call left is taken for dead. */
const hours = 1

/** Takes away half-made things that a crash left behind. */
export async function sweep(context: GitContext): Promise<void> {
  const { commonDirectory } = context.repository
  for (const folder of [viewsOf(context.repository), join(commonDirectory, 'orch', 'tmp'), context.making]) {
    for (const name of namesIn(folder)) {
      // Stays for everybody, whoever uses it now.
      if (name.startsWith('view.')) continue
      const path = join(folder, name)
      const found = lookAt(path)
      if (found === null || Date.now() - found.mtimeMs <= hours * 3_600_000 || occupantsOf(path).length > 0) continue
      // In one step: should somebody come back to it after all, they find nothing instead of half of it.
      const trash = await freshFolder(folder, 'trash')
      await moved(path, join(trash, name))
      await remove(trash)
    }
  }
}

const swept = new WeakSet<GitContext>()

/** For calls that only a run makes, after their work: nothing waits for it, and a look at the repository is spared it. */
export async function sweepOnce(context: GitContext): Promise<void> {
  if (swept.has(context)) return
  swept.add(context)
  // What is in the way of it is for `prune` to tell.
  await sweep(context).catch(() => undefined)
}
