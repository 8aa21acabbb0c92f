import type { Task } from '@orch/core'
import type { HistoryHints } from '@orch/core/plan'
import type { Call } from './answer.ts'
import { grouped } from './print/hints.ts'
import { UsageError } from './usage-error.ts'

/** Milliseconds of reading that nobody is told about. */
const quietMs = 1000

/** What the history of the repository that the command is called in says about these tasks. */
export async function historyOf(call: Call, tasks: readonly Task[]): Promise<HistoryHints> {
  const { open } = await import('./open.ts')
  await using opened = await open(call)
  using progress = progressLine(process.stderr)
  const hints = await opened.orchestrator.hints({ tasks, onProgress: progress.tell })
  if (hints === null)
    throw new UsageError('usage', '--history: the `vcs` of the configuration tells nothing of the past.')
  return hints
}

/** One line at a terminal that is written anew and gone in the end. */
function progressLine(stream: NodeJS.WriteStream): Disposable & { tell(commits: number): void } {
  const begun = performance.now()
  let told = false
  return {
    tell(commits) {
      if (!stream.isTTY || performance.now() - begun < quietMs) return
      stream.write(`\rReading the history: ${grouped(commits)} commits`)
      told = true
    },
    [Symbol.dispose]() {
      if (told) stream.write('\r\u001b[K')
    },
  }
}
