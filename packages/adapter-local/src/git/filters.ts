import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { pathsBetween } from './outside.ts'
import { type Difference, shortened } from './status.ts'
import type { View } from './view.ts'

/**
 * Why the change cannot be stored and landed without running a filter of the repository's, which is never done: a file would be stored as it lies there, a
 * secret readable, and be written into the user's check-out as it is stored. Null when no file of it has one.
 */
export async function whyFiltered(
  { repository: { filters } }: GitContext,
  view: View,
  { from, head, found }: { readonly from: string; readonly head: string; readonly found: readonly Difference[] },
): Promise<string | null> {
  if (filters.length === 0) return null
  const committed = from === head ? [] : await pathsBetween(view, from, head)
  const paths = [
    ...found.filter(({ deleted }) => !deleted).map(({ bytes }) => bytes),
    ...committed.map((path) => Buffer.from(path).toString('latin1')),
  ]
  if (paths.length === 0) return null
  const asked = {
    arguments: ['check-attr', '-z', '--stdin', 'filter'],
    input: paths.map((path) => `${path}\0`).join(''),
  }
  const fields = (await view.git(asked)).output.split('\0')
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const name = textOf(fields[at + 2] ?? '')
    const key = filters.find((each) => each.split('.').slice(1, -1).join('.') === name.toLowerCase())
    if (key === undefined) continue
    const path = shortened(textOf(fields[at] ?? ''))
    return `${path} has the attribute filter=${name}, and a filter (${key} in your configuration) is never run here; change it yourself, or take the attribute away`
  }
  return null
}
