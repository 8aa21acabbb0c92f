import { OrchError } from '../model/error.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import type { TaskQueue } from '../ports/task-queue.ts'
import type { ClosedElsewhere } from './contract.ts'
import type { ClosingReport } from './reports.ts'

/**
 * Closes at their source what was done or given up elsewhere, those that others wait for first. Whoever is begun meanwhile reads as closed by a
 * person, which is what it is.
 */
export async function closeTasks(
  queue: TaskQueue,
  given: readonly ClosedElsewhere[],
  { dry, note }: { readonly dry: boolean; readonly note: string },
  signal: AbortSignal,
): Promise<ClosingReport> {
  if (queue.close === undefined)
    throw new OrchError('read-only-source', `tasks of ${queue.name} cannot be closed from here: close them there`)
  const { records } = await queue.read({ signal })
  const { tasks } = await queue.list({ signal })
  const open = new Map(tasks.filter(({ state }) => state === 'open').map((task) => [task.id, task]))
  const begun = new Set(records.filter(isBegun).map(({ id }) => id))
  const closed: TaskId[] = []
  let waiting = given.filter(({ id }) => open.has(id) && !begun.has(id))
  const waitsFor = ({ id, as }: ClosedElsewhere): readonly TaskId[] =>
    as === 'cancelled' ? [] : (open.get(id)?.dependsOn ?? []).filter((other) => open.has(other))
  const ready = () => waiting.find((each) => waitsFor(each).length === 0)
  for (let next = ready(); next !== undefined; next = ready()) {
    const { id, as } = next
    const answer = dry ? { ok: true } : await queue.close({ id, as, note, signal })
    if (answer.ok) closed.push(id)
    open.delete(id)
    waiting = waiting.filter((each) => each.id !== id)
  }
  return {
    closed,
    underWay: given.map(({ id }) => id).filter((id) => open.has(id) && begun.has(id)),
    waiting: waiting.map((each) => ({ id: each.id, for: waitsFor(each) })),
  }
}

function isBegun({ state }: RunRecord): boolean {
  return state.phase !== 'closed' && (state.phase !== 'open' || state.run.wants !== null)
}
