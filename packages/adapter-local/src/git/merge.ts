import type { ConflictFile, ConflictSides } from '@orch/core'
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

/** Merges two commits in memory, by the attributes of the first; no driver of the repository's runs. */
export async function merge(context: GitContext, ours: string, theirs: string, signal: AbortSignal): Promise<Merged> {
  const attributes = await context.attributes.of(ours)
  return withView(context.repository, { attributes, signal }, async (view) => {
    const { output } = await view.git({
      arguments: ['merge-tree', '--write-tree', '--stdin', '--allow-unrelated-histories'],
      input: `${oidOf(ours)} ${oidOf(theirs)}\n`,
    })
    const [answer] = mergeAnswers(output, [[ours, theirs]])
    if (answer?.isClean) return { tree: answer.tree }
    const asked = answer === undefined ? [] : [{ answer, sides: [ours, theirs] as const }]
    const [found] = await withLines(view, asked)
    return { conflicts: found?.files ?? [], sides: found?.sides ?? [] }
  })
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
  signal: AbortSignal,
): Promise<Merged> {
  const { author, committer } = commit
  const message = `Stands for ${onto}\n`
  const standIn = await context.objects.writeCommit({ tree, parents, author, committer, message })
  return merge(context, standIn, oid, signal)
}
