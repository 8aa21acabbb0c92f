import { failed, type Kept, ok, type Result, type Since } from '@orch/core'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import { pathsBetween } from './outside.ts'
import { withView } from './view.ts'

interface SinceOptions {
  readonly before: Kept
  readonly after: Kept
  readonly paths?: readonly string[]
  readonly signal: AbortSignal
}

/** Commits that are named. */
const most = 50

/** Compares what a workspace was kept as at two times. Nothing of its files is looked at. */
export async function since(
  context: GitContext,
  { before, after, paths = [], signal }: SinceOptions,
): Promise<Result<Since, 'gone'>> {
  const oids = [before.head, before.oid, after.head, after.oid].map(oidOf)
  const there = await Promise.all(oids.map((oid) => context.objects.exists(oid)))
  if (there.includes(false)) return failed('gone', 'what was kept of the workspace is not in the repository any more')
  return withView(context.repository, { signal }, async (view) => {
    const literal = paths.map((path) => `:(top,literal)${path}`)
    const words = ['log', '-z', '--first-parent', `--max-count=${most}`, '--no-show-signature', '--format=%H %s']
    const log = await view.git({ arguments: [...words, oidOf(after.head), `^${oidOf(before.head)}`, '--', ...literal] })
    const commits = log.output.split('\0').flatMap((line) => {
      const [oid = '', ...subject] = textOf(line).split(' ')
      return oid === '' ? [] : [{ oid, subject: subject.join(' ') }]
    })
    return ok({ commits, files: await pathsBetween(view, before.oid, after.oid) })
  })
}
