import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { OrchError } from '@orch/core'
import type { GitContext } from './context.ts'
import { freshFolder, isFolder, moved, namesIn, remove } from './files.ts'
import { oidOf } from './names.ts'
import { occupantsOf } from './occupants.ts'
import { withView } from './view.ts'

/** Check-outs that stay beside the newest one: another orchestrator may be about to use them. */
const spares = 4

/**
 * A folder for each tree, made anew for each call, so that nothing that earlier checks left is in it; while a process works in it, it
 * stays as it is.
 */
export async function checkout(
  context: GitContext,
  commit: string,
  signal: AbortSignal,
): Promise<{ readonly directory: string }> {
  const tree = (await context.objects.commit(oidOf(commit)))?.tree
  if (tree === undefined)
    throw new OrchError('object-missing', `the commit ${commit} is not in the repository`, { port: 'vcs' })
  const checks = join(context.worktrees.folder, '.checks')
  const directory = join(checks, tree)
  if ((await isFolder(directory)) && (await occupantsOf(directory)).length > 0) return { directory }
  await mkdir(checks, { recursive: true })
  const made = await freshFolder(context.making, 'check')
  const trash = await freshFolder(context.making, 'trash')
  try {
    await withView(context.repository, { head: commit, worktree: made, signal }, (view) =>
      view.git({ arguments: ['read-tree', '-m', '-u', commit] }),
    )
    await context.locked('checks', signal, async () => {
      await moved(directory, join(trash, tree))
      await rename(made, directory)
      for (const old of await outdated(checks, tree)) {
        if ((await occupantsOf(join(checks, old))).length === 0) await moved(join(checks, old), join(trash, old))
      }
    })
  } finally {
    await Promise.all([remove(made), remove(trash)])
  }
  return { directory }
}

async function outdated(checks: string, tree: string): Promise<readonly string[]> {
  const names = (await namesIn(checks)).filter((name) => name !== tree)
  if (names.length <= spares) return []
  const dated = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(checks, name))).mtimeMs })))
  return dated
    .sort((a, b) => b.at - a.at)
    .slice(spares)
    .map(({ name }) => name)
}
