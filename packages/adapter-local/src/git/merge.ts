import type { ConflictFile, ConflictSides, Glob } from '@orch/core'
import { unionLines } from './attributes.ts'
import { withLines } from './conflict-lines.ts'
import type { GitContext } from './context.ts'
import { mergeAnswers } from './merge-output.ts'
import { oidOf } from './names.ts'
import type { Commit } from './objects.ts'
import { withView } from './view.ts'

export type Merged = { readonly tree: string } | NotMerged

export interface NotMerged {
  readonly conflicts: readonly ConflictFile[]
  readonly sides: readonly ConflictSides[]
}

export interface Merging {
  /** Files that get the lines of both sides where these do not merge. Default none. */
  readonly union?: readonly Glob[] | undefined
  readonly signal: AbortSignal
}

interface MergingBy {
  readonly attributes: string
  readonly union: readonly Glob[]
  readonly signal: AbortSignal
}

/** Merges two commits in memory, by the attributes of the first; no driver of the repository's runs. */
export async function merge(
  context: GitContext,
  ours: string,
  theirs: string,
  { union = [], signal }: Merging,
): Promise<Merged> {
  const attributes = await context.attributes.of(ours)
  return mergeBy(context, [ours, theirs], { attributes, union, signal })
}

async function mergeBy(
  context: GitContext,
  sides: readonly [string, string],
  { attributes, union, signal }: MergingBy,
): Promise<Merged> {
  const merged = await withView(context.repository, { attributes, signal }, async (view) => {
    const { output } = await view.git({
      arguments: ['merge-tree', '--write-tree', '--stdin', '--allow-unrelated-histories'],
      input: `${oidOf(sides[0])} ${oidOf(sides[1])}\n`,
    })
    const [answer] = mergeAnswers(output, [sides])
    if (answer?.isClean) return { tree: answer.tree }
    const more = unionLines(answer?.files ?? [], union)
    if (more !== '') return { more }
    const [found] = await withLines(view, answer === undefined ? [] : [{ answer, sides }])
    return { conflicts: found?.files ?? [], sides: found?.sides ?? [] }
  })
  if (!('more' in merged)) return merged
  return mergeBy(context, sides, { attributes: attributes + merged.more, union: [], signal })
}

export interface Pick {
  readonly onto: string
  /** Of `onto`. */
  readonly tree: string
  readonly commit: Commit
  readonly oid: string
  /** Of what `onto` stands in for; the first one is where the change starts. */
  readonly parents: readonly string[]
}

/** What `commit` changes, on `onto`. Git can only be told the common ancestor by history, so a child of `parents` stands in for `onto`. */
export async function pick(
  context: GitContext,
  { onto, tree, commit, oid, parents }: Pick,
  merging: Merging,
): Promise<Merged> {
  const { author, committer } = commit
  const message = `Stands for ${onto}\n`
  const standIn = await context.objects.writeCommit({ tree, parents, author, committer, message })
  return merge(context, standIn, oid, merging)
}
