import { keyPrefixes } from '../model/process-key.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Leftover } from '../ports/vcs.ts'
import type { Setup } from './ports.ts'

/** What is left over of closed tasks; with `drop`, takes it away. What processes printed is evidence, not work: it goes without being listed. */
export async function prune({ ports }: Setup, drop: boolean, signal: AbortSignal): Promise<readonly Leftover[]> {
  const { records } = await ports.queue.read({ all: true, signal })
  const closed = records.filter(({ state }) => state.phase === 'closed')
  const prefixes = closed.flatMap(({ id }) => keyPrefixes(id))
  if (drop) await ports.runner.forget({ prefixes, signal })
  const branches = closed.flatMap(({ state }) => (state.branch === null ? [] : [state.branch.name]))
  return ports.vcs.prune({ keep: keptWorkspaces(records), branches, drop, signal })
}

/** Workspaces that still belong to somebody. */
function keptWorkspaces(records: readonly RunRecord[]): readonly string[] {
  return records.flatMap(({ state }) =>
    state.phase === 'closed' || state.branch === null ? [] : [state.branch.workspace],
  )
}
