import { join } from 'node:path'
import { failed, type Kept, ok, type Result } from '@orch/core'
import { lookAt } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { mirrorBranch } from './clones.ts'
import { signature } from './commit.ts'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { otherHeads } from './heads.ts'
import { addToIndex, disguised } from './index-add.ts'
import { headPin, pinRef, type RefName } from './names.ts'
import { secondsOf } from './objects.ts'
import { repositoriesIn } from './repositories-in.ts'
import { differences, type Standing, shortened, standingOf, withWorkspace } from './status.ts'
import type { View } from './view.ts'
import { branchOfEntry } from './worktrees.ts'

export interface PreserveOptions {
  readonly workspace: string
  readonly as: string
  readonly signal: AbortSignal
}

/** Keeps a workspace under pins. The commit of its files has the time of HEAD, so the same files make the same commit. */
export async function preserve(
  context: GitContext,
  { workspace, as, signal }: PreserveOptions,
): Promise<Result<Kept, 'not-representable' | 'gone'>> {
  const standing = await standingOf(context, workspace)
  if (standing === null) return failed('gone', `the workspace ${workspace} is not there`)
  const branch = branchOfEntry(standing.place.entry)
  if (branch !== null) await mirrorBranch(context, standing.place, branch)
  const made = await withWorkspace(context, standing, signal, (view) => snapshot(context, standing, view))
  if (!made.ok) return made
  const { head, place } = standing
  const { oid, staged } = made.value
  const wanted = new Map<RefName, string>([[headPin(as, head), head]])
  if (oid !== head) wanted.set(pinRef(as, `tree-${oid.slice(0, 16)}`), oid)
  if (staged !== null) wanted.set(pinRef(as, `index-${staged.slice(0, 16)}`), staged)
  for (const other of await otherHeads(context, standing)) wanted.set(headPin(as, other), other)
  const missing: { ref: RefName; to: string }[] = []
  for (const [ref, to] of wanted) if ((await context.refs.read(ref)) !== to) missing.push({ ref, to })
  failPoint('preserve-written')
  if (missing.length > 0) await context.refs.change(missing, `orch: preserve ${place.name}`)
  failPoint('preserved')
  return ok({ head, oid })
}

interface Snapshot {
  /** HEAD when the files are as in HEAD, otherwise a commit on top of it with all of them. */
  readonly oid: string
  /** A commit with what is only in the index: staged, and then changed or deleted. Null when there is nothing such. */
  readonly staged: string | null
}

async function snapshot(
  context: GitContext,
  { head, place }: Standing,
  view: View,
): Promise<Result<Snapshot, 'not-representable'>> {
  const [found, hidden] = await Promise.all([differences(view), hiddenRepositories(view, place.files)])
  const unrepresentable = found.filter(({ is }) => is === 'unrepresentable').map(({ path }) => path)
  const nested = [...new Set([...unrepresentable, ...hidden, ...disguised(place.files, found)])]
  if (nested.length > 0)
    return failed(
      'not-representable',
      `${nested.map(shortened).join(', ')} is a repository of its own, or cannot be read`,
    )
  if (found.length === 0) return ok({ oid: head, staged: null })
  const parent = await context.objects.commit(head)
  const commit = async (tree: string, message: string): Promise<string> => {
    if (parent === null || parent.tree === tree) return head
    const by = signature(context.repository, secondsOf(parent.committer))
    return context.objects.writeCommit({ tree, parents: [head], author: by, committer: by, message })
  }
  // Not with conflicts in it: then the files hold both sides.
  const index = found.some(({ between }) => between)
    ? await view.git({ arguments: ['write-tree'], answers: [0, 128] })
    : null
  const staged = index?.code === 0 ? await commit(index.output.trim(), 'What was in the index\n') : null
  const added = await addToIndex(view, found)
  if (!added.ok) return added
  const tree = (await view.git({ arguments: ['write-tree'] })).output.trim()
  return ok({ oid: await commit(tree, 'What was in the working tree\n'), staged })
}

/**
 * Repositories that `status` does not show: populated submodules, and a `.git` in a folder that has tracked files. Git is asked
 * only when there is a `.git` to be found.
 */
async function hiddenRepositories(view: View, files: string): Promise<readonly string[]> {
  const { repositories, unseen } = await repositoriesIn(files)
  // The workspace's own is a file; a folder is a repository that was made over it.
  const own = lookAt(join(files, '.git'))
  const certain = [...(own?.isDirectory() === true ? ['.'] : []), ...unseen.map(textOf)]
  if (repositories.length === 0) return certain
  const listed = (await view.git({ arguments: ['ls-files', '-z'] })).output.split('\0')
  const isTracked = (folder: string) => listed.some((path) => path === folder || path.startsWith(`${folder}/`))
  return [...certain, ...repositories.filter(isTracked).map(textOf)]
}
