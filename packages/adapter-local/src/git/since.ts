import { failed, type Kept, ok, type Result, type Since } from '@orch/core'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import { withView } from './view.ts'

/** Commits that are named. */
const most = 50

/** Compares what a workspace was kept as at two times. Nothing of its files is looked at. */
export async function since(
  context: GitContext,
  { before, after, signal }: { readonly before: Kept; readonly after: Kept; readonly signal: AbortSignal },
): Promise<Result<Since, 'gone'>> {
  const oids = [before.head, before.oid, after.head, after.oid].map(oidOf)
  const there = await Promise.all(oids.map((oid) => context.objects.exists(oid)))
  if (there.includes(false)) return failed('gone', 'what was kept of the workspace is not in the repository any more')
  return withView(context.repository, { signal }, async (view) => {
    const words = ['log', '-z', '--first-parent', `--max-count=${most}`, '--no-show-signature', '--format=%H %s']
    const log = await view.git({ arguments: [...words, oidOf(after.head), `^${oidOf(before.head)}`, '--'] })
    const differing = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', oidOf(before.oid), oidOf(after.oid)]
    const paths = await view.git({ arguments: differing })
    return ok({
      commits: parts(log.output).map((line) => {
        const [oid = '', ...subject] = line.split(' ')
        return { oid, subject: subject.join(' ') }
      }),
      files: parts(paths.output),
    })
  })
}

function parts(output: string): readonly string[] {
  return output.split('\0').flatMap((part) => (part === '' ? [] : [textOf(part)]))
}
