import { basename, dirname, join } from 'node:path'
import { freshFolder, lookAt, moved, namesIn, remove } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { leftIn } from './lock.ts'
import { occupantsOf } from './occupants.ts'
import { viewsOf } from './view.ts'

/** Hours after which what an interrupted call left is taken for dead. */
const hours = 1

/** Takes away half-made things that a crash left behind. */
export async function sweep(context: GitContext): Promise<void> {
  for (const path of await leftOfLocks(context)) await remove(path)
  for (const path of halfMade(context)) {
    // In one step: should somebody come back to it after all, they find nothing instead of half of it.
    const trash = await freshFolder(dirname(path), 'trash')
    await moved(path, join(trash, basename(path)))
    await remove(trash)
  }
}

/** What processes that have died left on the way to a lock: ours, and git's on an index. */
export async function leftOfLocks({ locks, repository, worktrees }: GitContext): Promise<readonly string[]> {
  const folders = [locks, repository.commonDirectory, ...worktrees.all().map(({ directory }) => directory)]
  return (await Promise.all(folders.map(leftIn))).flat()
}

/** What an interrupted call left, in places where nothing is for long. */
export function halfMade({ repository, making }: GitContext): readonly string[] {
  const folders = [viewsOf(repository), join(repository.commonDirectory, 'orch', 'tmp'), making]
  return folders.flatMap((folder) =>
    namesIn(folder)
      // A view stays for everybody, whoever uses it now.
      .filter((name) => !name.startsWith('view.'))
      .map((name) => join(folder, name))
      .filter((path) => {
        const found = lookAt(path)
        return found !== null && Date.now() - found.mtimeMs > hours * 3_600_000 && occupantsOf(path).length === 0
      }),
  )
}
