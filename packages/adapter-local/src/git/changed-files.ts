import type { Vcs } from '@orch/core'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import { withView } from './view.ts'

type Asked = Parameters<Required<Vcs>['changedFiles']>[0]

/** Each commit as if the other one were its only parent. One that is missing is left out; one whose parent is missing ends the list. */
const listing = ['diff-tree', '--stdin', '-r', '-z', '--no-renames', '--name-only', '--always', '--format=%x00%H']

/** In one process for all pairs. */
export async function changedFiles(
  { repository }: GitContext,
  { pairs, signal }: Asked,
): Promise<readonly (readonly string[] | null)[]> {
  if (pairs.length === 0) return []
  const input = pairs.map(({ from, to }) => `${oidOf(to)} ${oidOf(from)}\n`).join('')
  const { output } = await withView(repository, { signal }, (view) =>
    view.git({ arguments: listing, input, answers: [0, 128] }),
  )
  const told = listed(output)
  let next = 0
  return pairs.map(({ to }) => (told[next]?.commit === to ? (told[next++]?.files ?? null) : null))
}

interface Listed {
  readonly commit: string
  readonly files: string[]
}

/** An empty field announces a commit, because a file may be called like one; the line feed before the first name is not the name's. */
function listed(output: string): readonly Listed[] {
  const out: Listed[] = []
  const fields = output.split('\0')
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? ''
    if (field === '') {
      const commit = fields[++at]
      if (commit !== undefined && commit !== '') out.push({ commit, files: [] })
      continue
    }
    const files = out.at(-1)?.files
    files?.push(textOf(files.length === 0 ? field.slice(1) : field))
  }
  return out
}
