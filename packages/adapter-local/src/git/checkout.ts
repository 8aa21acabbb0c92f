import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { OrchError } from '@orch/core'
import type { GitContext } from './context.ts'
import { freshFolder, lookAt, moved, namesIn, remove } from './files.ts'
import { fillFresh } from './fill.ts'
import { oidOf } from './names.ts'
import { occupantsOf } from './occupants.ts'

/** Check-outs that stay beside the newest one: another orchestrator may be about to use them. */
const spares = 4

/**
 * A folder of its own for each call, so that nothing that earlier checks left is in it and no two checks meet in it. Making an older one
 * over would be quicker, and wrong: git looks through links, obeys attributes that were left, and keeps what it takes for unchanged.
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
  await mkdir(checks, { recursive: true })
  const made = freshFolder(context.making, tree.slice(0, 12))
  const trash = freshFolder(context.making, 'trash')
  const directory = join(checks, made.slice(context.making.length + 1))
  const index = join(context.repository.commonDirectory, 'orch', 'git', `index.${made.slice(-12)}`)
  try {
    await fillFresh(context, { files: made, index }, commit, signal)
    await context.locked('checks', signal, async () => {
      await rename(made, directory)
      for (const old of outdated(checks)) {
        if (occupantsOf(join(checks, old)).length === 0) await moved(join(checks, old), join(trash, old))
      }
    })
  } finally {
    await Promise.all([remove(made), remove(index), remove(trash)])
  }
  return { directory }
}

function outdated(checks: string): readonly string[] {
  return (
    namesIn(checks)
      // Moving a folder to its place is what changes this time.
      .map((name) => ({ name, at: lookAt(join(checks, name))?.ctimeMs ?? 0 }))
      .sort((a, b) => b.at - a.at)
      .slice(1 + spares)
      .map(({ name }) => name)
  )
}
