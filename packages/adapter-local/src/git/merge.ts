import type { ConflictFile, ConflictSides, Glob } from '@orch/core'
import { covers } from '@orch/core/plan'
import { unionLines } from './attributes.ts'
import { withLines } from './conflict-lines.ts'
import type { GitContext } from './context.ts'
import { type MergeAnswer, mergeAnswers, type Unmerged } from './merge-output.ts'
import { oidOf } from './names.ts'
import type { Commit } from './objects.ts'
import { type View, withView } from './view.ts'

/** `instead`: what would be a conflict if the files that it is about were not made of others. */
export type Merged = { readonly tree: string; readonly instead?: NotMerged } | NotMerged

export interface NotMerged {
  readonly conflicts: readonly ConflictFile[]
  readonly sides: readonly ConflictSides[]
}

export interface Merging {
  /** Files that get the lines of both sides where these do not merge. Default none. */
  readonly union?: readonly Glob[] | undefined
  /** Files that stay as they are in the first one, where both sides changed them and do not merge. Default none. */
  readonly regenerate?: readonly Glob[] | undefined
  readonly signal: AbortSignal
}

interface MergingBy {
  readonly attributes: string
  readonly union: readonly Glob[]
  readonly regenerate: readonly Glob[]
  readonly signal: AbortSignal
}

/** Merges two commits in memory, by the attributes of the first; no driver of the repository's runs. */
export async function merge(
  context: GitContext,
  ours: string,
  theirs: string,
  { union = [], regenerate = [], signal }: Merging,
): Promise<Merged> {
  const attributes = await context.attributes.of(ours)
  return mergeBy(context, [ours, theirs], { attributes, union, regenerate, signal })
}

async function mergeBy(
  context: GitContext,
  sides: readonly [string, string],
  { attributes, union, regenerate, signal }: MergingBy,
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
    if (answer === undefined) return { conflicts: [], sides: [] }
    const others = withoutMade(answer, regenerate)
    const [found] = await withLines(view, [{ answer: others.files.length === 0 ? answer : others, sides }])
    const conflict = { conflicts: found?.files ?? [], sides: found?.sides ?? [] }
    return others.files.length > 0 ? conflict : { tree: await withOurs(view, answer), instead: conflict }
  })
  if (!('more' in merged)) return merged
  return mergeBy(context, sides, { attributes: attributes + merged.more, union: [], regenerate, signal })
}

/** Without the files that are made of others. What one side took away or moved is no other version of it. */
export function withoutMade(answer: MergeAnswer, regenerate: readonly Glob[]): MergeAnswer {
  const isMade = ({ kind, path, ours, theirs }: Unmerged) =>
    (kind === 'content' || kind === 'binary' || kind === 'both-added' || kind === 'mode') &&
    ours !== undefined &&
    theirs !== undefined &&
    covers(regenerate, path)
  return { ...answer, files: answer.files.filter((file) => !isMade(file)) }
}

async function withOurs(view: View, { tree, files }: MergeAnswer): Promise<string> {
  await view.git({ arguments: ['read-tree', oidOf(tree)] })
  const input = files.map(({ bytes, mode, ours }) => `${mode} ${ours}\t${bytes}\0`).join('')
  await view.git({ arguments: ['update-index', '-z', '--index-info'], input })
  return (await view.git({ arguments: ['write-tree'] })).output.trim()
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
