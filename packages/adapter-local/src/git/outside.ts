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

/**
 * Files that the branch changes, of those that are `noted`. What came with the target, when that was merged into it, is none of its doing, nor what it
 * started on. What the target changed meanwhile and the branch has taken back is: it would be taken back on the target.
 */
export async function ownPaths(
  context: GitContext,
  view: View,
  { from, head, noted }: { readonly from: string; readonly head: string; readonly noted: (path: string) => boolean },
): Promise<readonly string[]> {
  const changed = async (before: string, after: string): Promise<readonly string[]> =>
    before === after ? [] : (await pathsBetween(view, before, after)).filter(noted)
  const found = await changed(from, head)
  const target = await context.refs.read(context.target.ref)
  if (target === null || (found.length === 0 && target === from)) return found
  const met = await meeting(view, target, head)
  if (met === null || met === from) return found
  const own = await changed(met, head)
  if (own.length === 0) return own
  const ours = new Set(found)
  const started = new Set(await changed((await meeting(view, from, met)) ?? met, from))
  return own.filter((path) => ours.has(path) || !started.has(path))
}

async function meeting(view: View, one: string, other: string): Promise<string | null> {
  const { output } = await view.git({ arguments: ['merge-base', oidOf(one), oidOf(other)], answers: [0, 1] })
  return output.trim() || null
}
