import type { PendingRequest } from '../model/request.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import type { Action } from './action.ts'
import * as branches from './branch-moves.ts'
import { liveJudging, seesJudging } from './judging.ts'
import { cannotTell, liveTurn, withItsResume } from './liveness.ts'
import * as moves from './person-moves.ts'
import { workspaceOf } from './stacking.ts'
import type { Sight } from './world.ts'

type Plain = 'take' | 'give' | 'pause' | 'resume' | 'prioritise' | 'release'
export type PersonRequest = PendingRequest & { readonly request: Extract<PendingRequest['request'], { do: Plain }> }

/** What a person asks of when and by whom a task is worked on; null when it has to wait for something that is under way. */
export function decidePersonRequest(
  sight: Sight,
  task: Task | undefined,
  { id, state }: Pick<RunRecord, 'id' | 'state'>,
  { key, request }: PersonRequest,
): Action | null {
  const { world } = sight
  const record = world.records.get(id) ?? null
  const mover = { owner: world.owner, at: world.now }
  const answered = [key]
  const write = (next: RunRecord['state']): Action => ({ do: 'write', id, record, next, answered })
  const drop: Action = { do: 'drop-requests', id, record, answered }
  if (state.outcome !== null || state.phase === 'merged' || state.phase === 'closed') return drop
  const isTaken = state.run.taken != null

  switch (request.do) {
    case 'take': {
      if (record === null || isTaken || state.branch === null || task?.kind === 'sync') return drop
      if (cannotTell(sight, id, state) || !seesJudging(sight, { id, state })) return null
      const live = liveTurn(sight, id, state) ?? liveJudging(sight, { id, state })
      if (live !== null) return { do: 'stop', id, key: live, why: 'a person takes it over' }
      const here = branches.withWorkspace(state, workspaceOf(world, id, state.branch.workspace))
      return { do: 'take', id, record: { ...record, state: withItsResume(sight, id, here) }, answered }
    }
    case 'give':
      return record !== null && isTaken ? { do: 'give', id, record, key } : drop
    case 'pause':
    case 'resume': {
      const isPaused = request.do === 'pause'
      return (state.run.paused ?? false) === isPaused ? drop : write(moves.paused(state, mover, isPaused))
    }
    case 'prioritise':
      return write(moves.prioritised(state, mover, request.priority))
    case 'release': {
      const isHeld = state.phase === 'open' && task?.hold === true && !state.run.released
      return isHeld ? write(moves.released(state, mover)) : drop
    }
  }
}
