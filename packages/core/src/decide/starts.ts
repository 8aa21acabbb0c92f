import { untouched } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { Ready } from '../plan/plan.ts'
import { ready } from '../plan/ready.ts'
import type { Action } from './action.ts'
import { withFoundWorkspace } from './branch-moves.ts'
import { gateOf, letsStart } from './gate.ts'
import { isInFlight, stacksIn } from './in-flight.ts'
import { isBacklogged } from './landing.ts'
import * as moves from './moves.ts'
import { seatsKept, seatsOfReviewers } from './reviewing.ts'
import { placed } from './stacking.ts'
import { prioritised, seatsOfGone, standings } from './standing.ts'
import { headingFor, landTogether, startOf, targetOf } from './targets.ts'
import type { Sight } from './world.ts'

/** What the planner says of every open task now: which may start, and why the others wait. */
export function readyNow(sight: Sight): Ready {
  const { policy, world } = sight
  const begun = new Set([...world.records.values()].flatMap(({ id, state }) => (isInFlight(state) ? [id] : [])))
  const strays = seatsOfGone(world) + seatsOfReviewers(sight) + seatsKept(sight)
  const mayStack = (task: Task, on: TaskId): boolean => landTogether(sight, task, on)
  const options = { ...policy, strays, stacks: stacksIn(world), begun, mayStack }
  return withoutNowhere(sight, ready(startable(sight), standings(sight), options))
}

/** What starts on the branch of its epic waits while that is gone. */
function withoutNowhere(sight: Sight, now: Ready): Ready {
  const { vcs, records } = sight.world
  const isNowhere = (task: Task): boolean =>
    vcs !== null &&
    records.get(task.id)?.state.branch == null &&
    startOf(sight, vcs, task, now.on.get(task.id)).is === 'nowhere'
  const nowhere = now.start.filter(isNowhere)
  if (nowhere.length === 0) return now
  const waits = nowhere.map(({ id, epic = id }) => [id, [{ for: 'dependency', task: epic } as const]] as const)
  return {
    ...now,
    start: now.start.filter((task) => !nowhere.includes(task)),
    waits: new Map([...now.waits, ...waits]),
  }
}

/** Tasks as the planner is to see them: released from their hold, and those with work on a branch, or with a group that has begun, before others. */
function startable({ world }: Sight): readonly Task[] {
  const begun = new Set(
    [...world.records.values()].flatMap(({ id, state }) =>
      isInFlight(state) ? (world.tasks.get(id)?.group ?? []) : [],
    ),
  )
  return prioritised(world).map((task) => {
    const run = world.records.get(task.id)?.state.run
    const goesOn = (run !== undefined && run.wants !== null) || (task.group !== undefined && begun.has(task.group))
    if (run === undefined && !goesOn) return task
    const hold = task.hold && !(run?.released ?? false) && (run?.attempt ?? 0) === 0
    const priority = goesOn ? Number.MIN_SAFE_INTEGER : task.priority
    return hold === task.hold && priority === task.priority ? task : { ...task, hold, priority }
  })
}

/** Claims of all that may start now and fits together, each from where it is to land. */
export function decideStarts(sight: Sight, taken: ReadonlySet<TaskId>, now: Ready): readonly Action[] {
  const { world, policy } = sight
  if (world.vcs === null || !world.complete) return []
  const mover = { owner: world.owner, at: world.now }
  const actions: Action[] = []
  const gate = gateOf(sight)
  // Branches that are older than all that waits to land mostly cost a repair, and thousands of worktrees make git slow for everybody.
  const isFull = isBacklogged(sight)
  const begun = new Set<TaskId>()
  for (const task of now.start) {
    const { id, kind } = task
    if (taken.has(id)) continue
    const record = world.records.get(id) ?? null
    if (!letsStart(gate, record?.state)) continue
    // Those that wait to land may be waiting for what is back with its agent.
    if (isFull && (record === null || record.state.phase === 'open')) continue
    const state = record?.state ?? untouched(world.now)
    // A sync point has no work on a branch: it checks what the target holds now.
    const from = kind === 'sync' ? { ...state, branch: null } : state
    const start = from.branch === null ? startOf(sight, world.vcs, task, now.on.get(id)) : null
    if (start?.is === 'begin') {
      const { epic, target } = start
      if (!taken.has(epic) && !begun.has(epic))
        actions.push({ do: 'begin-epic', id: epic, record: null, target, from: world.vcs.target })
      begun.add(epic)
      continue
    }
    if (start?.is === 'nowhere') continue
    const at = start?.at ?? targetOf(world.vcs, from) ?? world.vcs.target
    const fresh = moves.claim(id, from, mover, at, policy.branchPrefix)
    const claimed = start === null ? fresh : headingFor(fresh, start)
    const next = placed(sight, task, claimed, from, now.on.get(id))
    const there = world.vcs.workspaces.get(next.branch?.workspace ?? '')
    const found = from.branch === null && there !== undefined
    actions.push({ do: 'claim', id, record, next: found ? withFoundWorkspace(next) : next })
  }
  return actions
}
