import {
  type BuiltCandidate,
  type Conflicting,
  conflictText,
  failed,
  OrchError,
  ok,
  type Result,
  type Vcs,
} from '@orch/core'
import { covers } from '@orch/core/plan'
import { changedFiles } from './changed-files.ts'
import { messageOf, signature } from './commit.ts'
import type { GitContext } from './context.ts'
import { isAncestor } from './landed.ts'
import { merge, type NotMerged, pick } from './merge.ts'
import { type Commit, secondsOf } from './objects.ts'

export type CandidateOptions = Parameters<Vcs['buildCandidate']>[0]

type Built = Result<BuiltCandidate, 'empty'> | Conflicting

/** Commits followed back from a head before its branch is taken to be no straight line. */
const longest = 1000

export async function buildCandidate(context: GitContext, options: CandidateOptions): Promise<Built> {
  const [base, head] = await Promise.all([known(context, options.base), known(context, options.head)])
  const line = await straightLine(context, options)
  if (options.method === 'rebase' && line !== null) return replay(context, options, base, line)
  // What was made on the base needs no merging.
  const apart = await isApart(context, options, line !== null)
  const merged = apart
    ? await pick(
        context,
        // As a child of the target, too: what the branch has merged of that is no change of its own.
        { onto: options.base, tree: base.tree, commit: head, oid: options.head, parents: [options.from, options.base] },
        options,
      )
    : line !== null && options.from === options.base
      ? { tree: head.tree }
      : await merge(context, options.base, options.head, options)
  if ('conflicts' in merged) return conflict(merged)
  const { tree } = merged
  if (tree === base.tree) return empty(merged)
  // Both times come from the input, so the same input makes the same commit.
  const seconds = Math.max(secondsOf(base.committer), secondsOf(head.committer))
  const by = signature(context.repository, seconds)
  // What it started on is not part of the target, and would come with its history.
  const withHistory = options.method === 'merge' && !apart
  const parents = withHistory ? [options.base, options.head] : [options.base]
  const author = withHistory ? by : head.author
  const commit = await context.objects.writeCommit({
    tree,
    parents,
    author,
    committer: by,
    message: messageOf(options.message),
  })
  return ok({ commit, tree, touched: await touched(context, options) })
}

/** Each commit anew, on top of the one before. */
async function replay(
  context: GitContext,
  options: CandidateOptions,
  start: Commit,
  line: readonly string[],
): Promise<Built> {
  const { base, from } = options
  let at = base
  let { tree } = start
  let parent = from
  let instead: NotMerged | undefined
  for (const oid of line) {
    const commit = await known(context, oid)
    if (parent === at) {
      // It stands where it would be put.
      at = oid
      tree = commit.tree
    } else {
      const picked = await pick(context, { onto: at, tree, commit, oid, parents: [parent] }, options)
      if ('conflicts' in picked) return conflict(picked)
      instead ??= picked.instead
      if (picked.tree !== tree) {
        tree = picked.tree
        const seconds = Math.max(secondsOf(start.committer), secondsOf(commit.committer))
        const committer = signature(context.repository, seconds)
        const { author, message } = commit
        at = await context.objects.writeCommit({ tree, parents: [at], author, committer, message })
      }
    }
    parent = oid
  }
  if (tree === start.tree) return empty({ ...(instead && { instead }) })
  return ok({ commit: at, tree, touched: await touched(context, options) })
}

/** What is in nothing but files that were left as they are on the target has not landed. */
function empty({ instead }: { readonly instead?: NotMerged }): Built {
  return instead === undefined ? failed('empty', 'the target already has what it changes') : conflict(instead)
}

/** Changed by the branch, or by the target since that began. */
async function touched(
  context: GitContext,
  { from, head, base, regenerate = [], signal }: CandidateOptions,
): Promise<readonly string[]> {
  if (regenerate.length === 0) return []
  const pairs = [head, base].filter((to) => to !== from).map((to) => ({ from, to }))
  const changed = (await changedFiles(context, { pairs, signal })).flatMap((paths) => paths ?? [])
  return [...new Set(changed)].filter((path) => covers(regenerate, path)).sort()
}

/** What it started on is not part of the target, and is none of what lands. */
async function isApart(
  context: GitContext,
  { base, head, from, alone = false, signal }: CandidateOptions,
  straight: boolean,
): Promise<boolean> {
  if (!straight && !alone) return false
  if (await isPartOf(context, from, base, signal)) return false
  return straight || isAncestor(context, from, head, signal)
}

/** Most changes start on the target itself, which is seen without a process. */
async function isPartOf(context: GitContext, from: string, of: string, signal: AbortSignal): Promise<boolean> {
  if (from === of) return true
  const { oids } = await context.objects.firstParents(of, from, longest)
  const last = oids.at(-1)
  if (last !== undefined && (await context.objects.commit(last))?.parents[0] === from) return true
  return isAncestor(context, from, of, signal)
}

/** The commits from `from` (not part of it) to `head`, oldest first; null when merges are among them or `from` is not below. */
async function straightLine(context: GitContext, { from, head }: CandidateOptions): Promise<readonly string[] | null> {
  const line: string[] = []
  for (let at = head; at !== from; ) {
    const commit = await context.objects.commit(at)
    const [parent, second] = commit?.parents ?? []
    if (parent === undefined || second !== undefined || line.length === longest) return null
    line.push(at)
    at = parent
  }
  return line.reverse()
}

async function known(context: GitContext, oid: string): Promise<Commit> {
  const commit = await context.objects.commit(oid)
  if (commit === null)
    throw new OrchError('object-missing', `the commit ${oid} is not in the repository`, { port: 'vcs' })
  return commit
}

function conflict({ conflicts: files, sides }: NotMerged): Conflicting {
  return { ...failed('conflict', conflictText(files)), files, sides }
}
