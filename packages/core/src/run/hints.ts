import { coChange } from '../plan/co-change.ts'
import { type HistoryHints, historyHints } from '../plan/history-hints.ts'
import type { HintOptions } from './contract.ts'
import type { Setup } from './ports.ts'

/** What the past of the target says about tasks; null where it is not told. */
export async function readHints(
  { ports, policy }: Setup,
  { tasks, onProgress }: Omit<HintOptions, 'signal'>,
  signal: AbortSignal,
): Promise<HistoryHints | null> {
  const history = await ports.vcs.history?.({ signal })
  if (history === undefined) return null
  const changes = await coChange(history.log, { signal, ...(onProgress !== undefined && { onProgress }) })
  const about = tasks ?? (await ports.queue.list({ all: true, signal })).tasks
  return historyHints(about, changes, history.files, policy)
}
