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

/** Files that the branch changes, of those that are `noted`. What came with the target, when that was merged into it, is none of its doing, nor what it started on. */
export async function ownPaths(
  context: GitContext,
  view: View,
  { from, head, noted }: { readonly from: string; readonly head: string; readonly noted: (path: string) => boolean },
): Promise<readonly string[]> {
  const changed = async (since: string): Promise<readonly string[]> =>
    (await pathsBetween(view, since, head)).filter(noted)
  const found = await changed(from)
  if (found.length === 0) return found
  const target = await context.refs.read(context.target.ref)
  if (target === null) return found
  const meets = await view.git({ arguments: ['merge-base', oidOf(target), oidOf(head)], answers: [0, 1] })
  const met = meets.output.trim()
  if (met === '' || met === from) return found
  const own = new Set(await changed(met))
  return found.filter((path) => own.has(path))
}
