import { join } from 'node:path'
import { failed, type Glob, OrchError, ok, type Result, type Sealed } from '@orch/core'
import { covers } from '@orch/core/plan'
import { failPoint } from '../fail-point.ts'
import { mirrorBranch, moveCloneBranch } from './clones.ts'
import { messageOf, signature } from './commit.ts'
import type { GitContext } from './context.ts'
import { whyFiltered } from './filters.ts'
import { textOf } from './git.ts'
import { addToIndex, disguised, dropFromIndex } from './index-add.ts'
import { copyIndex } from './index-copy.ts'
import { installIndex, takeWorkspaceIndex } from './index-lock.ts'
import { type ChangedLink, changedLinks, whyLoose } from './links.ts'
import { branchRef, headPin, oidOf } from './names.ts'
import { ownChange, pathsBetween } from './outside.ts'
import type { RefChange } from './refs.ts'
import { type Difference, differences, type Standing, shortened, standingOf, withWorkspace } from './status.ts'
import type { View } from './view.ts'

export interface SealOptions {
  readonly workspace: string
  readonly branch: string
  readonly from: string
  readonly before: string | null
  readonly include: readonly Glob[]
  readonly guard?: readonly Glob[]
  readonly message: string
  readonly signal: AbortSignal
}

type Refused = 'not-on-branch' | 'not-representable' | 'gone'

export async function seal(context: GitContext, options: SealOptions): Promise<Result<Sealed, Refused>> {
  const standing = await standingOf(context, options.workspace)
  if (standing === null) {
    const { files } = context.worktrees.place(options.workspace)
    return failed(
      'gone',
      `the worktree ${files} is gone; what was committed is on ${options.branch}, a retry goes on there`,
    )
  }
  await mirrorBranch(context, standing.place, options.branch)
  const astray = await whyAstray(context, standing, options.branch)
  if (astray !== null) return failed('not-on-branch', astray)
  return withWorkspace(context, standing, options.signal, async (view) => {
    const found = await differences(view)
    const unrepresentable = found.filter(({ is }) => is === 'unrepresentable').map(({ path }) => path)
    const nested = [...unrepresentable, ...disguised(standing.place.files, found)]
    if (nested.length > 0) return failed('not-representable', notRepresentable(nested.map(shortened).join(', ')))
    const unmerged = found.filter(({ is }) => is === 'unmerged')
    if (unmerged.length > 0)
      return failed('not-on-branch', `conflicts are not resolved in ${standing.place.files}: ${pathsOf(unmerged)}`)
    const sorted = sort(found, options.include)
    const filtered = await whyFiltered(context, view, {
      from: options.from,
      head: standing.head,
      found: sorted.include,
      files: standing.place.files,
    })
    if (filtered !== null) return failed('not-representable', filtered)
    const { head, left } = { head: standing.head, left: sorted.left.map(({ path }) => path) }
    if (sorted.include.length === 0 && sorted.unstage.length === 0) {
      await pinHead(context, standing, head, [])
      return sealed(context, view, options, { head, left })
    }
    const tree = await write(view, sorted)
    if (typeof tree !== 'string') return tree
    const made = await commit(context, standing, view, tree, options)
    return sealed(context, view, options, { head: made, left })
  })
}

/** Why the workspace is not where its branch can be sealed; null when it is. A branch that was deleted under it is put back. */
async function whyAstray(context: GitContext, standing: Standing, branch: string): Promise<string | null> {
  const { files } = standing.place
  if (standing.inProgress !== null)
    return `${standing.inProgress} is in progress in ${files}; finish it or abort it there`
  const ref = branchRef(branch)
  const exists = (await context.refs.read(ref)) !== null
  if (standing.branch === ref) {
    if (!exists) {
      await context.refs.change([{ ref, to: standing.head, from: null }], 'orch: put back a deleted branch')
      failPoint('branch-put-back')
    }
    return null
  }
  const instead = standing.branch === null ? 'no branch' : standing.branch.replace(/^refs\/heads\//, '')
  const back = `git switch ${exists ? '' : '-c '}${branch}`
  return `${files} has ${instead} checked out instead of ${branch}; take the work back there with '${back}'`
}

function notRepresentable(paths: string): string {
  return `${paths} is a repository of its own, or cannot be read; take its .git away, make it readable, or move it out`
}

/** The answer for a head, unless what it adds would be missing wherever it lands: links to commits of a nested repository. */
async function sealed(
  context: GitContext,
  view: View,
  options: SealOptions,
  { head, left }: Pick<Sealed, 'head' | 'left'>,
): Promise<Result<Sealed, 'not-representable'>> {
  const tree = async (commit: string) => (await context.objects.commit(oidOf(commit)))?.tree
  const changed = (await tree(options.from)) !== (await tree(head))
  const links = changed ? await changedLinks(view, options.from, head) : []
  const loose = await whyLoose(context, view, { ...options, head }, links)
  if (loose !== null) return failed('not-representable', loose)
  const facts = await ownChanges(context, view, { ...options, head, changed, links })
  return ok({ head, left, changed, ...facts })
}

interface Head {
  readonly head: string
  /** It holds anything beside what the branch started on. */
  readonly changed: boolean
  readonly links: readonly ChangedLink[]
}

/** Whether this attempt did any of it, and what of it needs a second look. */
async function ownChanges(
  context: GitContext,
  view: View,
  { from, before, include, guard = [], head, changed, links }: SealOptions & Head,
): Promise<Pick<Sealed, 'changedSince' | 'outside' | 'guarded'>> {
  const isOutside = (path: string) => !covers(include, path)
  // Which commit a submodule is at is as much as where it comes from.
  const guardedLinks = new Set(covers(guard, '.gitmodules') ? links.map(({ path }) => textOf(path)) : [])
  const isGuarded = (path: string) => guardedLinks.has(path) || covers(guard, path)
  const noted = (path: string) => isOutside(path) || isGuarded(path)
  const own = changed ? (await ownChange(context, view, { from, head, noted })).paths : []
  const [outside, guarded] = [own.filter(isOutside), own.filter(isGuarded)]
  if (before === null) return { changedSince: true, outside, guarded }
  const paths = await pathsBetween(view, before, head)
  return { changedSince: paths.some((path) => covers(include, path)), outside, guarded }
}

interface Sorted {
  readonly include: readonly Difference[]
  readonly unstage: readonly Difference[]
  readonly left: readonly Difference[]
}

function sort(found: readonly Difference[], include: readonly Glob[]): Sorted {
  const tracked = new Set(found.filter(({ is }) => is === 'changed').map(({ bytes }) => bytes))
  // Taken out of the index but still there: it is in HEAD, so it counts as tracked, once.
  const once = found.filter(({ is, bytes }) => is !== 'new' || !tracked.has(bytes))
  const inside = ({ is, path }: Difference) => is === 'changed' || covers(include, path)
  const left = once.filter((difference) => !inside(difference))
  return { include: once.filter(inside), unstage: left.filter(({ staged }) => staged), left }
}

/** The tree of what is sealed; the view's index has it too. */
async function write(
  view: View,
  { include, unstage }: Sorted,
): Promise<string | ReturnType<typeof failed<'not-representable'>>> {
  await dropFromIndex(view, unstage)
  const added = await addToIndex(view, include)
  if (!added.ok) return added
  return (await view.git({ arguments: ['write-tree'] })).output.trim()
}

/** The index moves before the branch: interrupted in between, the changes are just staged. */
async function commit(
  context: GitContext,
  standing: Standing,
  view: View,
  tree: string,
  { branch, message }: SealOptions,
): Promise<string> {
  const { place, head } = standing
  const parent = await context.objects.commit(head)
  await takeWorkspaceIndex(place)
  failPoint('seal-begun')
  const before = `${view.index}.before`
  await copyIndex(join(place.entry, 'index'), before)
  await installIndex(place.entry, view.index)
  failPoint('seal-staged')
  if (parent?.tree === tree) {
    await pinHead(context, standing, head, [])
    return head
  }
  const by = signature(context.repository, Math.floor(Date.now() / 1000))
  const made = await context.objects.writeCommit({
    tree,
    parents: [head],
    author: by,
    committer: by,
    message: messageOf(message),
  })
  const move = { ref: branchRef(branch), to: made, from: head }
  // The agent's own first: what the repository says follows it.
  const moved = !place.isClone || (await moveCloneBranch(context, place, move))
  if (moved && (await pinHead(context, standing, made, [move]))) {
    failPoint('sealed')
    return made
  }
  await takeWorkspaceIndex(place)
  await installIndex(place.entry, before)
  throw new OrchError('branch-moved', `${branch} moved while it was sealed; look again`, {
    port: 'vcs',
    retryable: true,
  })
}

async function pinHead(
  context: GitContext,
  { place }: Standing,
  head: string,
  changes: readonly RefChange[],
): Promise<boolean> {
  const pin = headPin(place.name, head)
  const pinned = (await context.refs.read(pin)) === head
  if (pinned && changes.length === 0) return true
  return context.refs.change([...changes, ...(pinned ? [] : [{ ref: pin, to: head }])], 'orch: seal')
}

function pathsOf(found: readonly Difference[]): string {
  return found.map(({ path }) => path).join(', ')
}
