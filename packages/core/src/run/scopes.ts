import { OrchError } from '../model/error.ts'
import type { Oid, RunRecord } from '../model/run-state.ts'
import { regeneratedGlobs } from '../plan/hot-files.ts'
import { covers } from '../plan/scope.ts'
import { type DoneTask, scoreScopes } from '../plan/score-scopes.ts'
import type { Setup } from './ports.ts'
import type { ScopeReport } from './reports.ts'

/** Tasks that are looked at: pairs of them are compared. */
const most = 500

/** Declared scopes against what landed. A repository that does not answer now tells nothing. */
export async function readScopes({ ports, policy }: Setup, signal: AbortSignal): Promise<ScopeReport | null> {
  const { queue, vcs } = ports
  const { records } = await queue.read({ all: true, signal })
  const landed = new Map(newest(records).map((record) => [record.id, record]))
  if (landed.size === 0 || vcs.changedFiles === undefined) return null
  const { tasks } = await queue.list({ all: true, signal })
  const known = tasks.filter(({ id, writes }) => writes !== undefined && landed.has(id))
  const pairs = known.map(({ id }) => changeOf(landed.get(id)))
  let changed: Awaited<ReturnType<typeof vcs.changedFiles>>
  try {
    changed = await vcs.changedFiles({ pairs: pairs.filter((pair) => pair !== null), signal })
  } catch (error) {
    if (!OrchError.is(error) || !error.retryable) throw error
    return null
  }
  const done: DoneTask[] = []
  const lost: string[] = []
  let next = 0
  const made = regeneratedGlobs(policy)
  const filesOf = new Map(known.map(({ id }, at) => [id, pairs[at] === null ? null : (changed[next++] ?? null)]))
  for (const { id, writes, kind } of tasks) {
    // What an epic lands as a whole is told of its tasks.
    if (!landed.has(id) || kind === 'manual') continue
    const files = filesOf.get(id)
    if (writes === undefined) done.push({ id, changed: [] })
    else if (files == null) lost.push(id)
    // What a command made is none of the task's.
    else done.push({ id, writes, changed: files.filter((path) => !covers(made, path) || covers(writes, path)) })
  }
  return { ...scoreScopes(done, policy), lost }
}

function newest(records: readonly RunRecord[]): readonly RunRecord[] {
  return records
    .filter(({ state }) => state.outcome === 'done' && state.review?.landed != null)
    .sort((a, b) => (a.state.run.movedAt < b.state.run.movedAt ? 1 : -1))
    .slice(0, most)
}

/** Without what else came to the branch, where we built the commit; it is kept as long as the target is. */
function changeOf(record: RunRecord | undefined): { readonly from: Oid; readonly to: Oid } | null {
  const { branch, review } = record?.state ?? {}
  if (review?.landed == null || branch == null) return null
  const { candidate, landed, head } = review
  if (landed.by === 'us' && candidate?.commit === landed.commit) return { from: candidate.base, to: landed.commit }
  return { from: branch.base, to: head }
}
