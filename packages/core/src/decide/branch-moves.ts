import type { Oid, RunState } from '../model/run-state.ts'
import type { TaskId } from '../model/task.ts'
import { askPerson, type Mover, moved } from './moves.ts'

/** The workspace of a task that was never tried is there already: somebody looks into it first. */
export function withFoundWorkspace(state: RunState): RunState {
  return { ...state, branch: state.branch && { ...state.branch, found: true } }
}

/** What was there before its first attempt: whatever that leaves as it is, it has not done. */
export function foundWork(state: RunState, mover: Mover, before: Oid | null): RunState {
  const next = moved(state, null, mover, 'what its workspace held already is noted', {})
  return { ...next, branch: state.branch && { ...state.branch, before, found: false } }
}

/** It starts on another's branch, and what is on that comes with it. */
export function startedOn(state: RunState, on: readonly TaskId[], base: Oid): RunState {
  return { ...state, branch: state.branch && { ...state.branch, base, on } }
}

/** A session goes on only where it began. */
export function inWorkspace(state: RunState, mover: Mover, workspace: string): RunState {
  return withWorkspace(moved(state, null, mover, `its workspace is ${workspace}`, { resume: null }), workspace)
}

export function withWorkspace(state: RunState, workspace: string): RunState {
  if (state.branch === null || state.branch.workspace === workspace) return state
  // Of the one before.
  const { directory: _, ...branch } = state.branch
  return { ...state, branch: { ...branch, workspace } }
}

/** Some of those that it started on are on the target, or never will be. */
export function without(state: RunState, mover: Mover, gone: readonly TaskId[], why: string): RunState {
  const next = moved(state, null, mover, why, {})
  if (state.branch === null) return next
  const { on = [], ...branch } = state.branch
  const left = on.filter((id) => !gone.includes(id))
  return { ...next, branch: left.length === 0 ? branch : { ...branch, on: left } }
}

export function startedOnLost(gone: readonly TaskId[]): string {
  return `started on the work of ${gone.join(', ')}, which will not land`
}

/** Whether it is to land without what it started on is asked anew, also when a person has let it land before. */
export function askedAlone(state: RunState, mover: Mover, gone: readonly TaskId[]): RunState {
  const names = gone.join(', ')
  const reason = `it ${startedOnLost(gone)}`
  const context = `\`orch land\` lands what it changed itself, without the changes of ${names}.`
  const options = ['land', 'guide', 'cancel']
  const asked = askPerson(without(state, mover, gone, reason), mover, reason, options, context)
  const branch = asked.branch && { ...asked.branch, lost: [...(asked.branch.lost ?? []), ...gone] }
  return { ...asked, branch, review: state.review && { ...state.review, approved: false, candidate: null } }
}
