import { comparable, conflictPairs, isSealed } from '../decide/conflict-pairs.ts'
import { targetOf } from '../decide/targets.ts'
import type { SeenConflicts, World } from '../decide/world.ts'
import type { Conflict } from '../model/conflict.ts'
import type { Policy } from '../model/policy.ts'
import type { Oid, RunRecord } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { regeneratedGlobs, unionGlobs } from '../plan/hot-files.ts'
import type { Vcs } from '../ports/vcs.ts'

export interface Compared extends Pick<World, 'tasks' | 'records' | 'revision' | 'vcs'> {
  readonly policy: Policy
}

/**
 * What does not go together of the changes in flight as they are now, with each other and with the target. Null: git did not answer.
 * @param thorough also looks at what nobody can be in the way of. Default false.
 */
export async function lookForConflicts(
  vcs: Vcs,
  compared: Compared,
  { signal, thorough = false }: { readonly signal: AbortSignal; readonly thorough?: boolean },
): Promise<SeenConflicts | null> {
  if (compared.vcs === null) return null
  const { revision } = compared
  if (vcs.predict === undefined) return { found: [], seen: new Set(), revision }
  const commits = await commitsOf(vcs, compared, { signal, thorough })
  const asked = conflictPairs(compared).flatMap((pair) => {
    const target = targetFor(compared, pair.later)
    const first = pair.first === null ? target : commits.get(pair.first)
    const later = commits.get(pair.later)
    if (first === undefined || later === undefined) return []
    return pair.first === null && isOn(compared, pair.later, target) ? [] : [{ ...pair, oids: [first, later] as const }]
  })
  const { policy } = compared
  const [union, regenerate] = [unionGlobs(policy), regeneratedGlobs(policy)]
  const answers =
    asked.length === 0 ? [] : await vcs.predict({ pairs: asked.map(({ oids }) => oids), union, regenerate, signal })
  const seen = new Set(commits.keys())
  const found = asked.flatMap(({ first, later }, index): readonly Conflict[] => {
    const files = answers[index] ?? null
    // One of both has gone since.
    if (files === null) seen.delete(later)
    if (files === null || files.length === 0) return []
    const state = compared.records.get(later)?.state
    const isLanding = first === null && state !== undefined && isSealed(state)
    return [{ when: isLanding ? 'landing' : 'live', task: later, with: first, files }]
  })
  return { found, seen, revision }
}

function targetFor({ vcs, records }: Compared, id: TaskId): Oid | undefined {
  const state = records.get(id)?.state
  return vcs === null || state === undefined ? undefined : targetOf(vcs, state)
}

/** It has not moved since the branch began: nothing to be asked. */
function isOn({ records }: Compared, id: TaskId, target: Oid | undefined): boolean {
  return records.get(id)?.state.branch?.base === target
}

/** What each change in flight is: the sealed commit, or one of all that its workspace holds. */
async function commitsOf(
  vcs: Vcs,
  compared: Compared,
  { signal, thorough }: { readonly signal: AbortSignal; readonly thorough: boolean },
): Promise<ReadonlyMap<TaskId, Oid>> {
  const records = comparable(compared)
  const commits = new Map<TaskId, Oid>()
  for (const { id, state } of records)
    if (isSealed(state) && state.branch?.head != null) commits.set(id, state.branch.head)
  // Alone and on a target that has not moved, nobody is in anybody's way.
  const [only] = records
  const isAlone =
    !thorough && only !== undefined && records.length === 1 && isOn(compared, only.id, targetFor(compared, only.id))
  const open = isAlone ? [] : records.filter((record) => !commits.has(record.id) && isReady(compared, record))
  if (open.length === 0 || vcs.snapshots === undefined) return commits
  const workspaces = open.map(({ id, state }) => ({
    workspace: state.branch?.workspace ?? '',
    include: compared.tasks.get(id)?.writes ?? compared.policy.seal,
  }))
  const oids = await vcs.snapshots({ workspaces, signal })
  for (const [index, { id }] of open.entries()) {
    const oid = oids[index] ?? null
    if (oid !== null) commits.set(id, oid)
  }
  return commits
}

function isReady({ vcs }: Compared, { state }: RunRecord): boolean {
  const workspace = vcs?.workspaces.get(state.branch?.workspace ?? '')
  return workspace?.state === 'ready' && workspace.branch === state.branch?.name
}
