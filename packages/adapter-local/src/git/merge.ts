import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import type { Commit } from './objects.ts'
import { withView } from './view.ts'

export type Merged = { readonly tree: string } | { readonly conflicts: readonly string[] }

/** Merges two commits in memory, by the attributes of the first; no driver of the repository's runs. */
export async function merge(context: GitContext, ours: string, theirs: string, signal: AbortSignal): Promise<Merged> {
  const attributes = await context.attributes.of(ours)
  const answer = await withView(context.repository, { attributes, signal }, (view) =>
    view.git({
      arguments: [
        'merge-tree',
        '--write-tree',
        '-z',
        '--name-only',
        '--no-messages',
        '--allow-unrelated-histories',
        oidOf(ours),
        oidOf(theirs),
      ],
      answers: [0, 1],
    }),
  )
  const [tree = '', ...names] = answer.output.split('\0')
  if (answer.code === 0) return { tree: oidOf(tree) }
  return { conflicts: names.filter((name) => name !== '').map(textOf) }
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
