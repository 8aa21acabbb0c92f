import type { World } from '../decide/world.ts'
import { OrchError } from '../model/error.ts'
import { turnKey } from '../model/process-key.ts'
import type { Request } from '../model/request.ts'
import type { RunState } from '../model/run-state.ts'
import type { Task, TaskId } from '../model/task.ts'
import type { StatusRow } from './reports.ts'
import { stateIn } from './status.ts'

export interface Refusal {
  readonly code: 'task-closed' | 'task-stuck' | 'task-not-ready' | 'task-taken'
  /** One sentence. */
  readonly message: string
}

/** Why a request makes no sense for this task as it stands; null when it does. */
export function refusal(world: World, task: Task, request: Request): Refusal | null {
  const state = stateIn(world, task.id)
  const closed = state.phase === 'closed' || (state.phase === 'open' && task.state !== 'open')
  const ended = closed ? (state.outcome === 'cancelled' || task.state === 'cancelled' ? 'cancelled' : 'closed') : null
  const refused = (code: Refusal['code'], message: string): Refusal => ({ code, message: `task ${task.id} ${message}` })
  const isTaken = state.run.taken != null
  if (isTaken && (request.do === 'land' || request.do === 'retry' || request.do === 'take'))
    return refused('task-taken', `is taken by a person: \`orch give ${task.id}\` hands it back`)
  const { stuck } = state.run
  // Of an epic without its branch: what it waits for is no answer, and nobody would be told one.
  if (state.phase === 'open' && stuck !== null && (request.do === 'guide' || request.do === 'retry'))
    return refused('task-stuck', `has no agent that could go on: ${stuck.reason}. ${stuck.context}`)
  switch (request.do) {
    case 'guide':
      return ended === null ? null : refused('task-closed', `is ${ended}: \`orch retry ${task.id}\` opens it again`)
    case 'cancel':
      return ended === null && state.phase !== 'merged'
        ? null
        : refused('task-closed', `is ${ended ?? 'landed'} already`)
    case 'retry':
      if (ended !== null || state.run.stuck !== null || state.phase !== 'open') return null
      return refused('task-not-ready', 'has not been tried yet: `orch run` starts it')
    case 'land':
      if (ended !== null || state.phase === 'merged') return refused('task-closed', `is ${ended ?? 'landed'} already`)
      if (state.run.stuck !== null && !state.run.stuck.options.includes('land'))
        return refused('task-stuck', `is stuck: ${state.run.stuck.reason}. \`orch guide ${task.id} "…"\` answers it`)
      if (state.phase === 'open' && (task.kind === 'manual' || (task.hold && !state.run.released))) return null
      if (state.run.wants !== null) return refused('task-not-ready', `goes back to its agent first: ${state.run.why}`)
      if (state.phase === 'committed' || state.phase === 'pr_created') return null
      return refused('task-not-ready', `is not ready to land: its agent is not done (${state.run.why})`)
    default:
      if (ended !== null || state.phase === 'merged') return refused('task-closed', `is ${ended ?? 'landed'} already`)
      return misplaced(state, task, request, refused)
  }
}

/** Of when and by whom a task is worked on: what does not fit where it is. */
function misplaced(
  state: RunState,
  task: Task,
  request: Extract<Request, { do: 'take' | 'give' | 'pause' | 'resume' | 'prioritise' | 'release' }>,
  refused: (code: Refusal['code'], message: string) => Refusal,
): Refusal | null {
  const { run } = state
  switch (request.do) {
    case 'take':
      if (task.kind !== 'sync' && state.branch !== null) return null
      return refused(
        'task-not-ready',
        task.kind === 'sync' ? 'has no workspace' : 'has no workspace yet: `orch run` starts it',
      )
    case 'give':
      return run.taken != null
        ? null
        : refused('task-not-ready', `is not taken: \`orch take ${task.id}\` stops its agent`)
    case 'resume':
      return run.paused === true
        ? null
        : refused('task-not-ready', 'is not paused; `orch resume` without a task resumes the whole run')
    case 'release':
      return state.phase === 'open' && task.hold && !run.released ? null : refused('task-not-ready', 'is not on hold')
    case 'pause':
    case 'prioritise':
      return null
  }
}

/** What a request that was carried out here came to. */
export function doneNote(request: Request, state: RunState): string {
  switch (request.do) {
    case 'guide':
      return state.run.guidance.every(({ turn }) => turn !== null) ? 'handed to its agent' : 'its next turn is told'
    case 'take':
      return 'its agent is stopped, and its workspace is yours'
    case 'give':
      return 'handed back: its next turn, which `orch run` starts, is told what you changed'
    case 'pause':
      return 'paused: no further turn of it starts'
    case 'resume':
      return 'goes on with the next `orch run`'
    case 'prioritise':
      return `has priority ${request.priority} now`
    case 'release':
      return 'may start with the next `orch run`'
    default:
      return 'done'
  }
}

/** Why what was asked has not come about although the request was taken up; null when it has. */
export function undone(request: Request, row: StatusRow): string | null {
  if (request.do === 'land') return unlanded(row)
  if (request.do !== 'take' || row.waitsFor === 'taken') return null
  return `not taken: ${row.stuckReason ?? row.waits ?? `it is ${row.status}`}`
}

/** Why a change that was let through is not on the target all the same; null when it is, or when there is nothing to land. */
function unlanded(row: StatusRow): string | null {
  if (row.status === 'stuck') return `not landed: ${row.stuckReason ?? 'it is stuck'}`
  if (row.status !== 'complete' && row.status !== 'working') return null
  return `not landed yet: ${row.waits ?? 'it goes back to its agent'}`
}

/** Whether a request has been carried out as far as it can be without starting an agent. */
export function isSettled(world: World, task: Task, key: string, request: Request): boolean {
  if (world.requests.some((pending) => pending.key === key)) return false
  // What is closed leaves the snapshot, unless something still names it.
  if (!world.tasks.has(task.id) && !world.records.has(task.id)) return true
  const state = stateIn(world, task.id)
  switch (request.do) {
    case 'guide': {
      const turn = world.turns.get(turnKey(task.id, state.run.attempt, state.run.turn))
      return turn?.is !== 'alive' || state.run.guidance.every((guidance) => guidance.turn !== null)
    }
    case 'cancel':
      return state.phase === 'closed'
    case 'land':
      if (state.outcome !== null) return state.phase === 'closed'
      return (
        state.phase === 'open' || state.run.stuck !== null || state.run.wants !== null || state.review?.waits != null
      )
    default:
      return true
  }
}

/** Throws `invalid-tasks`. */
export function checkedPriority(id: TaskId, priority: number): number {
  if (Number.isFinite(priority) && priority >= 0) return priority
  const message = `the priority of ${id} is a number from 0, not ${priority}; nothing was changed`
  throw new OrchError('invalid-tasks', message)
}
