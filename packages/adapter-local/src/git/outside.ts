import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import type { View } from './view.ts'

/** Paths that differ between two commits. */
export async function pathsBetween(view: View, before: string, after: string): Promise<readonly string[]> {
  const differing = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', oidOf(before), oidOf(after)]
  const { output } = await view.git({ arguments: differing })
  return output.split('\0').flatMap((path) => (path === '' ? [] : [textOf(path)]))
}

interface Branch {
  /** Where it started. */
  readonly from: string
  readonly head: string
}

/** What a branch changes by itself. */
export interface OwnChange {
  /** What it is held against: where it last left the target, or what it started on when it has not met the target since. */
  readonly since: string
  readonly paths: readonly string[]
}

/**
 * What the branch changes, of the files that are `noted`. What came with the target, when that was merged into it, is none of its doing, nor what it
 * started on. What the target changed meanwhile and the branch has taken back is: it would be taken back on the target.
 */
export async function ownChange(
  context: GitContext,
  view: View,
  { from, head, noted }: Branch & { readonly noted: (path: string) => boolean },
): Promise<OwnChange> {
  const changed = async (before: string, after: string): Promise<readonly string[]> =>
    before === after ? [] : (await pathsBetween(view, before, after)).filter(noted)
  const found = await changed(from, head)
  if (found.length === 0 && (await context.refs.read(context.target.ref)) === from) return { since: from, paths: [] }
  const met = await lastMet(context, view, { from, head })
  if (met === null || met.at === from) return { since: from, paths: found }
  const own = await changed(met.at, head)
  const ours = new Set(found)
  const started = new Set(own.length === 0 ? [] : await changed(met.began, from))
  return { since: met.since, paths: own.filter((path) => ours.has(path) || !started.has(path)) }
}

/** Where the branch last left the target, or what it started on when it has not met the target since. */
export async function leftAt(context: GitContext, view: View, branch: Branch): Promise<string> {
  return (await lastMet(context, view, branch))?.since ?? branch.from
}

interface Met {
  /** The last that the branch has of the target. */
  readonly at: string
  /** The last that what it started on has of that. */
  readonly began: string
  readonly since: string
}

async function lastMet({ refs, target }: GitContext, view: View, { from, head }: Branch): Promise<Met | null> {
  const there = await refs.read(target.ref)
  if (from === head || there === null) return null
  const at = await meeting(view, there, head)
  if (at === null || at === from) return at === null ? null : { at, began: at, since: at }
  const began = (await meeting(view, from, at)) ?? at
  return { at, began, since: began === at ? ((await meeting(view, from, head)) ?? from) : at }
}

/** The last commit that both have; null: there is none. */
export async function meeting(view: View, one: string, other: string): Promise<string | null> {
  const { output } = await view.git({ arguments: ['merge-base', oidOf(one), oidOf(other)], answers: [0, 1] })
  return output.trim() || null
}
