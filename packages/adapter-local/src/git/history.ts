import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Vcs } from '@orch/core'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { oidOf } from './names.ts'
import { targetOf } from './observe.ts'
import { withView } from './view.ts'

/** What `coChange` reads. */
const log = ['log', '--no-merges', '--no-renames', '--name-only', '-z', '--format=%x00%H']

type History = Awaited<ReturnType<Required<Vcs>['history']>>

/** Git reads no further ahead than it is taken from; it is ended when nobody takes any more. */
export async function history(context: GitContext, signal: AbortSignal): Promise<History> {
  const target = oidOf(await targetOf(context))
  const { repository } = context
  const listed = await withView(repository, { signal }, (view) =>
    view.git({ arguments: ['ls-tree', '-r', '-z', '--name-only', target] }),
  )
  const files = textOf(listed.output).split('\0').slice(0, -1)
  return { files, log: logOf(context, target, signal) }
}

async function* logOf({ repository }: GitContext, target: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const printed = new PassThrough()
  const left = new AbortController()
  const until = AbortSignal.any([signal, left.signal])
  const running = withView(repository, { signal: until }, (view) =>
    view.git({
      arguments: [...log, target, '--'],
      take: (part) => (printed.write(part) ? undefined : once(printed, 'drain', { signal: until })),
    }),
  )
  running.then(
    () => printed.end(),
    (error) => printed.destroy(error),
  )
  try {
    yield* printed
  } finally {
    left.abort()
    await running.catch(() => undefined)
  }
}
