import { comparable } from '../decide/conflict-pairs.ts'
import type { World } from '../decide/world.ts'
import type { Conflict } from '../model/conflict.ts'
import type { Policy } from '../model/policy.ts'
import type { Task, TaskId } from '../model/task.ts'
import { exclusiveScopes } from '../plan/hot-files.ts'
import { intersections } from '../plan/intersections.ts'
import { overlapOf } from '../plan/overlap.ts'
import { lookForConflicts } from './conflicts.ts'
import type { Setup } from './ports.ts'
import type { ConflictReport } from './reports.ts'
import { look } from './status.ts'

/** Planned ones that are told: a witness takes a while to be found. */
const mostPlanned = 1000

/** Conflicts at all three times, read anew. */
export async function readConflicts(setup: Setup, signal: AbortSignal): Promise<ConflictReport> {
  const { world, policy } = await look(setup, signal)
  const { vcs } = setup.ports
  const seen = await lookForConflicts(vcs, { ...world, policy }, { signal, thorough: true })
  const inFlight = comparable(world).map(({ id }) => id)
  const compared = inFlight.filter((id) => seen?.seen.has(id))
  const planned = plannedConflicts(world, policy, new Set(compared))
  return {
    target: vcs.target,
    compared,
    unseen: inFlight.filter((id) => !compared.includes(id)),
    conflicts: [...(seen?.found ?? []), ...planned.conflicts],
    planned: planned.count,
  }
}

/** Open tasks whose scopes meet; what is seen of two changes that are there already says more. */
function plannedConflicts(
  { tasks, records }: World,
  policy: Policy,
  compared: ReadonlySet<TaskId>,
): { readonly conflicts: readonly Conflict[]; readonly count: number } {
  const isOver = ({ id, state }: Task): boolean => {
    const phase = records.get(id)?.state.phase
    return state !== 'open' || phase === 'merged' || phase === 'closed'
  }
  const open = [...tasks.values()].filter((task) => task.writes !== undefined && !isOver(task))
  const exclusive = exclusiveScopes(policy)
  const scopes = open.map(({ writes = [] }) => exclusive(writes))
  const { at, items } = intersections(scopes)
  const conflicts: Conflict[] = []
  let count = 0
  for (const [index, first] of open.entries()) {
    for (let place = at[index] ?? 0; place < (at[index + 1] ?? 0); place++) {
      const other = items[place] ?? 0
      const later = open[other]
      if (other <= index || later === undefined) continue
      if (isBefore(first, later) || (compared.has(first.id) && compared.has(later.id))) continue
      if (++count > mostPlanned) continue
      const [one, two] = [scopes[index], scopes[other]]
      const met = one === undefined || two === undefined ? null : overlapOf(one, two)
      const path = met?.is === 'overlap' ? met.path : null
      const files = path === null ? [] : [{ path, kind: 'scope' as const, lines: [] }]
      conflicts.push({ when: 'planned', task: later.id, with: first.id, files })
    }
  }
  return { conflicts, count }
}

/** One waits for the other anyway. */
function isBefore(one: Task, other: Task): boolean {
  return one.dependsOn.includes(other.id) || other.dependsOn.includes(one.id)
}
