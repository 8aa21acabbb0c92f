import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { OrchError } from '@orch/core'
import type { GitContext } from './context.ts'
import { freshFolder, isFolder, lookAt, moved, namesIn, remove } from './files.ts'
import { oidOf } from './names.ts'
import { occupantsOf } from './occupants.ts'
import { fillFresh, type Made, makeOver } from './over.ts'

/** Check-outs that stay beside the newest one: another orchestrator may be about to use them. */
const spares = 3

/**
 * A folder for each tree with exactly its files, whatever earlier checks left; while a process works in it, it stays as it is. An
 * older one is made over where there is one, so that only the files that differ are written.
 */
export async function checkout(
  context: GitContext,
  commit: string,
  signal: AbortSignal,
): Promise<{ readonly directory: string }> {
  const tree = (await context.objects.commit(oidOf(commit)))?.tree
  if (tree === undefined)
    throw new OrchError('object-missing', `the commit ${commit} is not in the repository`, { port: 'vcs' })
  const place = placeOf(context, tree)
  if (isFolder(place.files) && occupantsOf(place.files).length > 0) return { directory: place.files }
  const working = freshFolder(context.making, 'check')
  const trash = freshFolder(context.making, 'trash')
  const made: Made = { files: join(working, 'files'), index: `${place.index}.${working.slice(-12)}` }
  try {
    await mkdir(join(place.files, '..'), { recursive: true })
    await mkdir(join(place.index, '..'), { recursive: true })
    const older = await context.locked('checks', signal, () => take(context, tree, made, trash))
    if (!older || !(await makeOver(context, made, commit, signal))) {
      await moved(made.files, join(trash, 'over'))
      await fillFresh(context, made, commit, signal)
    }
    await context.locked('checks', signal, async () => {
      await moved(place.files, join(trash, 'same'))
      await rename(made.index, place.index)
      await rename(made.files, place.files)
    })
  } finally {
    await Promise.all([remove(working), remove(made.index), remove(trash)])
  }
  return { directory: place.files }
}

function placeOf(context: GitContext, tree: string): Made {
  return {
    files: join(context.worktrees.folder, '.checks', tree),
    // Not beside the files, where what is checked could reach it without looking for it.
    index: join(context.repository.commonDirectory, 'orch', 'checks', tree),
  }
}

/** The check-out of this very tree or one that is not needed, moved to where it is made over. False when there is none. */
async function take(context: GitContext, tree: string, made: Made, trash: string): Promise<boolean> {
  const checks = join(context.worktrees.folder, '.checks')
  const others = namesIn(checks)
    .filter((name) => name !== tree)
    // Moving a folder changes this time, and nobody can set it.
    .map((name) => ({ name, at: lookAt(join(checks, name))?.ctimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at)
    .slice(spares)
  const free = [tree, ...others.map(({ name }) => name)].filter(
    (name) => isFolder(join(checks, name)) && occupantsOf(join(checks, name)).length === 0,
  )
  const [first, ...more] = free
  for (const name of more) {
    await moved(join(checks, name), join(trash, name))
    await remove(placeOf(context, name).index)
  }
  if (first === undefined) return false
  await moved(placeOf(context, first).index, made.index)
  return moved(join(checks, first), made.files)
}
