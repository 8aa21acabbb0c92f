import { failed, ok, type Result, type Vcs } from '@orch/core'
import { covers } from '@orch/core/plan'
import { isFolder } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { whyFiltered } from './filters.ts'
import { addToIndex, disguised } from './index-add.ts'
import { copyIndex } from './index-copy.ts'
import { oidOf } from './names.ts'
import { differences, shortened } from './status.ts'
import { withView } from './view.ts'

type Options = Parameters<Vcs['amendCandidate']>[0]
type Amended = { readonly commit: string; readonly tree: string }

/** Looks by an index of our own: what the command may have written into a git directory says nothing here. */
export async function amendCandidate(
  context: GitContext,
  { base, commit, directory, include, signal }: Options,
): Promise<Result<Amended, 'empty' | 'not-representable' | 'gone'>> {
  const [before, built] = await Promise.all([
    context.objects.commit(oidOf(base)),
    context.objects.commit(oidOf(commit)),
  ])
  if (before === null || built === null || !isFolder(directory)) return failed('gone')
  const made = await withView(context.repository, { head: commit, worktree: directory, signal }, async (view) => {
    // It knows which files nobody has written to since.
    if (!(await copyIndex(context.checkFolders.indexOf(directory), view.index)))
      await view.git({ arguments: ['read-tree', oidOf(commit)] })
    const found = (await differences(view)).filter(({ path }) => covers(include, path.replace(/\/$/, '')))
    const closed = [
      ...found.filter(({ is }) => is === 'unrepresentable').map(({ path }) => path),
      ...disguised(directory, found),
    ]
    if (closed.length > 0)
      return failed(
        'not-representable',
        `${shortened(closed.join(', '))} is a repository of its own, or cannot be read`,
      )
    const filtered = await whyFiltered(context, view, { from: commit, head: commit, found, files: directory })
    if (filtered !== null) return failed('not-representable', filtered)
    const added = await addToIndex(view, found)
    return added.ok ? ok((await view.git({ arguments: ['write-tree'] })).output.trim()) : added
  })
  if (!made.ok) return made
  const tree = made.value
  if (tree === before.tree) return failed('empty', 'the target already has what it changes')
  return ok({ commit: tree === built.tree ? commit : await context.objects.writeCommit({ ...built, tree }), tree })
}
