import { join } from 'node:path'
import { type Glob, OrchError, type Vcs } from '@orch/core'
import { covers } from '@orch/core/plan'
import { signatureOf } from '../disk/files.ts'
import { signature } from './commit.ts'
import type { GitContext } from './context.ts'
import { sightOf } from './folder-sight.ts'
import { addToIndex, dropFromIndex } from './index-add.ts'
import { secondsOf } from './objects.ts'
import { type Difference, differences, type Standing, standingOf, withWorkspace } from './status.ts'
import type { Throwaway } from './throwaway.ts'
import type { View } from './view.ts'
import { entrySignature } from './worktrees.ts'

type Snapshots = Required<Vcs>['snapshots']
type Asked = Parameters<Snapshots>[0]['workspaces'][number]

/** Workspaces that are looked at side by side: most of their time is git's. */
const atOnce = 4
/** Two changes so close together may bear the same time, in milliseconds. */
const tickMs = 20

/** Commits of workspaces as they are now, in a throw-away object folder. What was seen of one is kept as long as none of its files has moved. */
export function snapshotter(context: GitContext, throwaway: Throwaway): Snapshots {
  const known = new Map<string, { readonly sight: string; readonly oid: string }>()
  const look = async ({ workspace, include }: Asked, signal: AbortSignal): Promise<string | null> => {
    const standing = await standingOf(context, workspace)
    if (standing === null) return null
    const sight = sightOfWorkspace(standing, include)
    const before = known.get(workspace)
    if (sight !== null && before?.sight === sight) return before.oid
    const oid = await snapshot(context, throwaway, { standing, include, signal })
    if (sight === null || oid === null) known.delete(workspace)
    else known.set(workspace, { sight, oid })
    return oid
  }
  return async ({ workspaces, signal }) => {
    throwaway.renew()
    if (!throwaway.begin()) known.clear()
    const found: (string | null)[] = []
    let next = 0
    const work = async (): Promise<void> => {
      for (let at = next++; at < workspaces.length; at = next++) {
        const asked = workspaces[at]
        if (asked !== undefined) found[at] = await orNull(look(asked, signal))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    return found
  }
}

/** Null where it proves nothing, as when something was changed this very moment. */
function sightOfWorkspace({ place, head, branch }: Standing, include: readonly Glob[]): string | null {
  const files = sightOf(place.files)
  if (files === null || files.changedAt > Date.now() - tickMs) return null
  const index = signatureOf(join(place.entry, 'index'))
  return JSON.stringify([head, branch, entrySignature(place), index, files.everything, include])
}

/** As sealing would do it, in an index and an object folder of our own. What cannot be committed is left out: sealing says so when it comes to that. */
async function snapshot(
  context: GitContext,
  throwaway: Throwaway,
  { standing, include, signal }: { standing: Standing; include: readonly Glob[]; signal: AbortSignal },
): Promise<string | null> {
  const { head } = standing
  return withWorkspace(
    context,
    standing,
    signal,
    async (view) => {
      const found = await differences(view)
      const isIn = ({ is, path }: Difference) =>
        is === 'changed' || is === 'unmerged' || (is === 'new' && covers(include, path))
      if (!found.some(isIn)) return head
      const tree = await treeOf(view, found, isIn)
      const parent = await context.objects.commit(head)
      if (tree === null || parent === null) return null
      if (tree === parent.tree) return head
      // The same files make the same commit.
      const by = signature(context.repository, secondsOf(parent.committer))
      const message = 'What a workspace holds\n'
      return throwaway.objects.writeCommit({ tree, parents: [head], author: by, committer: by, message })
    },
    throwaway.folders,
  )
}

async function treeOf(
  view: View,
  found: readonly Difference[],
  isIn: (difference: Difference) => boolean,
): Promise<string | null> {
  await dropFromIndex(
    view,
    found.filter((difference) => difference.staged && difference.is === 'new' && !isIn(difference)),
  )
  if (!(await addToIndex(view, found.filter(isIn))).ok) return null
  return (await view.git({ arguments: ['write-tree'] })).output.trim()
}

/** An agent works in it: what git meets half-done now is whole a moment later, and what it has left there on purpose is no reason to miss the others. */
async function orNull(work: Promise<string | null>): Promise<string | null> {
  try {
    return await work
  } catch (error) {
    if (!OrchError.is(error) || error.code === 'bug') throw error
    return null
  }
}
