import type { RunRecord, RunState } from '../model/run-state.ts'
import { slugOf } from '../model/slug.ts'
import type { Task, TaskId } from '../model/task.ts'
import { chainOf } from '../plan/stacks.ts'
import * as branches from './branch-moves.ts'
import { groupWorkspace, holders, stacksIn } from './in-flight.ts'
import { stopReviewer } from './reviewing.ts'
import { type Verdict, write } from './turn.ts'
import type { Sight, World } from './world.ts'

/** A claim of `task` with the branch and the workspace that its turn is to have. */
export function placed(
  sight: Sight,
  task: Task,
  claimed: RunState,
  before: RunState,
  on: TaskId | undefined,
): RunState {
  const { records } = sight.world
  const branch = claimed.branch
  if (branch === null || task.kind === 'sync') return claimed
  if (before.branch !== null) {
    const workspace = workspaceOf(sight.world, task.id, branch.workspace)
    return workspace === branch.workspace ? claimed : withSession(branches.withWorkspace(claimed, workspace), null)
  }
  const below = on === undefined ? undefined : records.get(on)?.state
  const head = below?.branch?.head
  const chain = on === undefined ? [] : chainOf(stacksIn(sight.world), on)
  const started = head == null ? claimed : branches.startedOn(claimed, chain, head)
  if (task.group === undefined) return started
  const workspace = groupWorkspace(task.group)
  if (holders(sight.world, task.id, workspace).some(({ id }) => !chain.includes(id))) return started
  const shared = branches.withWorkspace(started, workspace)
  // One agent: its session goes on with the next task.
  const isNext = below?.branch?.workspace === workspace
  return isNext ? withSession(shared, below.run.resume) : shared
}

/** Its workspace; one of its own where another one of its group goes on in that, or has gone back to its own work there. */
export function workspaceOf(world: World, id: TaskId, workspace: string): string {
  const stacks = stacksIn(world)
  const there = world.vcs?.workspaces.get(workspace)?.branch
  const isTaken = holders(world, id, workspace).some(
    (other) =>
      chainOf(stacks, other.id).includes(id) || (other.state.branch?.name === there && !stacks.finished.has(other.id)),
  )
  return isTaken ? slugOf(id) : workspace
}

function withSession(state: RunState, resume: RunState['run']['resume']): RunState {
  return { ...state, run: { ...state.run, resume } }
}

/** What has to be done about the tasks that this one started on; `waits`: they have to land first. */
export function decideBase(sight: Sight, record: RunRecord): Verdict | 'waits' | null {
  const { world } = sight
  const { state } = record
  const { on = [] } = state.branch ?? {}
  if (on.length === 0) return null
  const mover = { owner: world.owner, at: world.now }
  const { left, lost } = notLanded(world, on)
  const landed = on.filter((id) => !left.includes(id))
  if (landed.length > 0) {
    return write(record, branches.without(state, mover, landed, `${landed.join(', ')} landed, on which it started`))
  }
  if (lost.length === 0 || state.phase !== 'pr_created') return 'waits'
  return (
    stopReviewer(sight, record, branches.startedOnLost(lost)) ?? write(record, branches.askedAlone(state, mover, lost))
  )
}

/** Those of them that have not landed, and which of these never will, as the world is now: a record says it a pass later. */
export function notLanded(
  world: World,
  on: readonly TaskId[],
): { readonly left: readonly TaskId[]; readonly lost: readonly TaskId[] } {
  const left = on.filter((id) => endOf(world, id) !== 'landed')
  return { left, lost: left.filter((id) => endOf(world, id) === 'lost') }
}

function endOf({ tasks, records, complete }: World, id: TaskId): 'landed' | 'lost' | null {
  const state = records.get(id)?.state
  if (state === undefined) return complete ? 'lost' : null
  if (state.phase === 'merged') return 'landed'
  // Nobody lands a task that has left its source.
  if (state.phase !== 'closed') return complete && !tasks.has(id) ? 'lost' : null
  return state.outcome === 'cancelled' ? 'lost' : 'landed'
}
