import type { Oid, RunState } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { VcsWorld } from '../model/vcs-world.ts'
import { hasLanded, isEpic } from './epic-tasks.ts'
import type { Sight } from './world.ts'

/** Where the branch is that the task lands on; undefined: it is gone. */
export function targetOf(vcs: VcsWorld, { branch }: RunState): Oid | undefined {
  return branch?.target === undefined ? vcs.target : vcs.targets?.get(branch.target)
}

/** Where a task starts that has no branch yet. */
export type Start =
  | { readonly is: 'there'; readonly at: Oid; readonly target?: string; readonly head?: Oid }
  /** The branch of its epic comes first. */
  | { readonly is: 'begin'; readonly epic: TaskId; readonly target: string }
  /** The branch of its epic is gone, holds nothing that could land, or nobody knows yet whether it is to land. */
  | { readonly is: 'nowhere' }

/** @param on whose branch it starts on: it lands where that does, though its epic may have landed since */
export function startOf({ world, policy }: Sight, vcs: VcsWorld, task: Task, on?: TaskId): Start {
  const { epic } = task
  const below = on === undefined ? undefined : world.records.get(on)?.state
  if (below !== undefined) {
    const at = targetOf(vcs, below)
    const own = below.branch?.target
    return at === undefined ? { is: 'nowhere' } : { is: 'there', at, ...(own !== undefined && { target: own }) }
  }
  const choices = epic !== undefined && Object.hasOwn(policy.epics, epic) ? policy.epics[epic] : undefined
  if (epic === undefined || choices === undefined || hasLanded(world.records, epic))
    return { is: 'there', at: vcs.target }
  const { target } = choices
  const head = vcs.targets?.get(target)
  if (task.id === epic) {
    if (head === undefined || world.records.get(epic)?.state.run.listed === undefined) return { is: 'nowhere' }
    return { is: 'there', at: vcs.target, head }
  }
  if (!world.records.has(epic)) return { is: 'begin', epic, target }
  return head === undefined ? { is: 'nowhere' } : { is: 'there', at: head, target }
}

/** A claim with the branch that it is to land on, or with what an epic is to land. */
export function headingFor(claimed: RunState, { target, head }: Extract<Start, { is: 'there' }>): RunState {
  const { branch } = claimed
  if (branch === null) return claimed
  return {
    ...claimed,
    branch: { ...branch, ...(target !== undefined && { target }), ...(head !== undefined && { head }) },
  }
}

/** On one branch, once both are done. An epic is on its own: what it lands is only what its tasks did. */
export function landTogether(sight: Sight, task: Task, on: TaskId): boolean {
  const { vcs, records } = sight.world
  const start = vcs === null || isEpic(sight.policy, task.id) ? null : startOf(sight, vcs, task)
  return start?.is === 'there' && start.target === records.get(on)?.state.branch?.target
}
