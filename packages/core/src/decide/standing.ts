import type { Policy } from '../model/policy.ts'
import { turnKey } from '../model/process-key.ts'
import type { RunRecord, RunState } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Turn } from '../model/turn.ts'
import type { Standing } from '../plan/plan.ts'
import { waitsForConflict } from './apart.ts'
import { inReach, type Reach, type Sight, type World } from './world.ts'

const longestBackoffMs = 5 * 60_000

/** Where each task stands, for the planner's question what may start now. */
export function standings(sight: Sight): ReadonlyMap<TaskId, Standing> {
  const { world, policy, reach } = sight
  const found = new Map<TaskId, Standing>()
  for (const [id, task] of world.tasks) {
    const state = world.records.get(id)?.state ?? null
    found.set(id, standingOf(task, state, world, policy, reach))
  }
  return found
}

function standingOf(task: Task, state: RunState | null, world: World, policy: Policy, reach: Reach): Standing {
  const isHeld = state !== null && isHeldBack(state)
  if (state === null || (state.phase === 'open' && state.outcome === null)) {
    if (task.state !== 'open') return task.state
    // Whoever opens it in its source again has it until that is done.
    const owner = state?.run.owner ?? world.owner
    const isFree = owner === world.owner || !world.liveOwners.has(owner)
    const mayStart = reach.start && !isHeld && isFree && inReach(reach, task.id, task) && !world.busy.has(task.id)
    return mayStart ? 'open' : 'blocked'
  }
  if (state.phase === 'closed') return state.outcome === 'cancelled' ? 'cancelled' : 'done'
  // What has landed blocks nobody any more, though it is still being cleared away.
  if (state.phase === 'merged') return 'done'
  const turn = world.turns.get(turnKey(task.id, state.run.attempt, state.run.turn))
  if (state.outcome !== null) return atWork(state) && holdsSeat(turn) ? 'running' : 'holding'
  if (state.run.wants !== null) {
    const ours =
      task.state === 'open' &&
      !isHeld &&
      waitsForConflict(world, policy, state) === null &&
      reach.start &&
      world.owner === state.run.owner &&
      inReach(reach, task.id, task) &&
      !world.busy.has(task.id)
    if (ours && restsFor(state, task.id, world, policy) === 0) return 'open'
    // After `retry --fresh` nothing of it is left that could meet another's work.
    return state.branch === null ? 'blocked' : 'holding'
  }
  if (state.phase === 'spawned') return state.run.stuck === null || holdsSeat(turn) ? 'running' : 'holding'
  // A turn that is over gave its seat back, also when its owner is not there to seal it.
  if (state.phase === 'working') return holdsSeat(turn) ? 'running' : 'holding'
  return 'holding'
}

/** Seats of agents whose task has left its source: no task of the plan counts them. */
export function seatsOfGone(world: World): number {
  let seats = 0
  for (const { id, state } of world.records.values()) {
    if (world.tasks.has(id) || !atWork(state)) continue
    if (holdsSeat(world.turns.get(turnKey(id, state.run.attempt, state.run.turn)))) seats++
  }
  return seats
}

/** Agents that may be started, those of reviewers not counted. */
export function freeSeats(sight: Sight): number {
  const { world, policy } = sight
  const takesSeat = (id: TaskId): boolean => {
    const kind = world.tasks.get(id)?.kind
    return kind !== 'sync' && kind !== 'manual'
  }
  const running = [...standings(sight)].filter(([id, standing]) => standing === 'running' && takesSeat(id))
  return policy.maxAgents - running.length - seatsOfGone(world)
}

/** All tasks, with the priorities that people gave them later. */
export function prioritised({ tasks, records }: World): readonly Task[] {
  return [...tasks.values()].map((task) => {
    const priority = records.get(task.id)?.state.run.priority ?? task.priority
    return priority === task.priority ? task : { ...task, priority }
  })
}

/** A person keeps it from its next turn: it is theirs for now, or paused. */
export function isHeldBack({ run }: RunState): boolean {
  return run.taken != null || run.paused === true
}

/** A turn of it may be under way: in every other state its process has been seen to be gone. */
export function atWork(state: RunState): boolean {
  return (state.phase === 'spawned' || state.phase === 'working') && state.run.wants === null
}

/** A process that may be alive has its seat. */
function holdsSeat(turn: Turn | undefined): boolean {
  if (turn === undefined) return true
  return turn.is === 'alive' || turn.is === 'unknown' || (turn.is !== 'never' && turn.survivors)
}

/** Milliseconds that a failed attempt still rests before the next; by this observer's own clock. */
export function restsFor(state: RunState, id: TaskId, world: World, policy: Policy): number {
  return Math.max(0, restOf(state, policy) - (world.ages.record.get(id) ?? 0))
}

function restOf({ run }: RunState, policy: Policy): number {
  return run.wants === null ? 0 : backoffOf(run.failures, policy) * (1 - (run.jitter ?? 0))
}

/** Milliseconds that come after so many failures in a row. */
export function backoffOf(failures: number, { backoffMs }: Policy): number {
  return failures === 0 ? 0 : Math.min(backoffMs * 2 ** (failures - 1), longestBackoffMs)
}

/** Its owner starts its next turn, or its reviewer, in the pass that comes now. Longer than that something keeps it, which may be a person. */
export function isDue({ id, state }: RunRecord, { world, policy }: Sight): boolean {
  return (world.ages.record.get(id) ?? 0) < restOf(state, policy) + policy.leaseMs / 2
}
