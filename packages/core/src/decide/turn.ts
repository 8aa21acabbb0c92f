import type { Policy } from '../model/policy.ts'
import type { ProcessKey } from '../model/process-key.ts'
import { turnKey } from '../model/process-key.ts'
import type { RunRecord } from '../model/run-state.ts'
import type { Task } from '../model/task.ts'
import type { Action } from './action.ts'
import { inWorkspace } from './branch-moves.ts'
import { isEpic } from './epic-tasks.ts'
import { groupWorkspace, holders } from './in-flight.ts'
import { judge, stuckReport } from './judge.ts'
import { withResumeOf } from './liveness.ts'
import * as moves from './moves.ts'
import { newsForTurn } from './target-news.ts'
import type { Sight } from './world.ts'

/** What one record asks for: something to do, something to wait for, or a person. */
export type Verdict = Action | { readonly wait: number } | { readonly person: true }

/** How often a living process is looked at when no hint comes. */
export const lookMs = 1000

/** The rows of the recovery table for a task whose agent is at work: phases `spawned` and `working`. */
export function decideTurn(sight: Sight, task: Task, record: RunRecord): Verdict {
  const { world, policy } = sight
  const { id, state } = record
  const mover = { owner: world.owner, at: world.now }
  const key = turnKey(id, state.run.attempt, state.run.turn)
  const turn = world.turns.get(key)
  if (turn === undefined) return { wait: lookMs }
  const directory = world.vcs?.workspaces.get(state.branch?.workspace ?? '')?.directory

  switch (turn.is) {
    case 'never': {
      // Starting it came to nothing, and says why: the same again would come to the same.
      if (state.run.stuck !== null) return { person: true }
      if (state.phase === 'working' && isGathering(policy, record))
        return { do: 'seal', id, record, task, noChanges: 'its tasks have changed nothing', said: true, gathered: true }
      if (state.phase === 'working') {
        return {
          do: 'fail-attempt',
          id,
          record,
          why: 'its process was never started',
          last: isLast(sight, record),
          quote: false,
        }
      }
      return startTurn(sight, task, record)
    }
    case 'unknown': {
      if (state.run.stuck !== null) return { person: true }
      const left = policy.leaseMs - (world.ages.turn.get(key) ?? 0)
      if (left > 0) return { wait: left }
      const reason = `it cannot be told whether its agent still runs: ${turn.why}`
      return write(record, moves.askPerson(state, mover, reason, ['retry', 'cancel']))
    }
    case 'alive': {
      if (state.phase === 'spawned') return write(record, moves.started(state, mover, { pid: turn.pid, directory }))
      const asks = stuckReport(turn, state)
      if (asks !== null && state.run.stuck?.report !== asks.report)
        return write(record, moves.stuck(state, mover, asks))
      const untold = state.run.guidance.find((g) => g.turn === null)
      if (untold !== undefined) return { do: 'send', id, record, key, guidance: untold }
      return overdue(sight, record, key) ?? { wait: lookMs }
    }
    case 'ended':
    case 'vanished': {
      if (turn.survivors) return { do: 'stop', id, key, why: 'its agent has ended and left processes behind' }
      if (state.phase === 'spawned') return write(record, moves.started(state, mover, { directory }))
      if (state.run.stuck !== null) return { person: true }
      const judgement = judge(turn, state)
      const kept = { ...record, state: withResumeOf(state, turn) }
      switch (judgement.is) {
        case 'stuck':
          return write(record, moves.stuck(state, mover, judgement.stuck))
        case 'failed':
          return {
            do: 'fail-attempt',
            id,
            record: kept,
            why: state.run.stopping ?? judgement.why,
            last: task.kind === 'sync' || judgement.hopeless || isLast(sight, record),
            quote: true,
          }
        case 'done':
          if (state.run.guidance.some((g) => g.turn === null && g.isNews !== true)) {
            return write(record, moves.wantsTurn(kept.state, mover, 'guidance came after its agent had ended'))
          }
          return task.kind === 'sync'
            ? write(record, moves.ending(state, mover, 'done', 'its checks passed'))
            : {
                do: 'seal',
                id,
                record: kept,
                task,
                noChanges: judgement.noChanges ?? (task.kind === 'read' ? 'a read task' : null),
                said: judgement.said,
                gathered: false,
              }
      }
    }
  }
}

function startTurn(sight: Sight, task: Task, record: RunRecord): Verdict {
  const { world } = sight
  if (world.vcs === null) return { wait: lookMs }
  if (task.kind === 'sync' && sight.policy.landing.checks.length === 0) {
    const mover = { owner: world.owner, at: world.now }
    return write(record, moves.ending(record.state, mover, 'done', 'everything before it has landed'))
  }
  if (task.kind === 'sync') return { do: 'start-turn', id: record.id, record, task, directory: null, news: null }
  const workspace = world.vcs.workspaces.get(record.state.branch?.workspace ?? '')
  const unclear = record.state.branch?.found === true
  const handing = handedOver(sight, task, record)
  if (handing !== null) return handing
  const ready = workspace?.state === 'ready' && workspace.branch === record.state.branch?.name
  if (workspace === undefined || !ready || unclear) return { do: 'create-workspace', id: record.id, record }
  if (isGathering(sight.policy, record))
    return write(record, moves.gathered(record.state, { owner: world.owner, at: world.now }))
  return {
    do: 'start-turn',
    id: record.id,
    record,
    task,
    directory: workspace.directory,
    news: newsForTurn(sight, record.state),
  }
}

/** The first turn of an epic is nobody's: all that is to land is done. An agent follows where it does not merge, or is red. */
export function isGathering(policy: Policy, { id, state }: Pick<RunRecord, 'id' | 'state'>): boolean {
  return isEpic(policy, id) && state.run.turn === 1
}

/** Its branch is still out in the workspace of its group, where the next one is about to go on; or was, and is given up. */
function handedOver({ world }: Sight, task: Task, record: RunRecord): Verdict | null {
  const { branch } = record.state
  if (task.group === undefined || branch === null) return null
  const shared = world.vcs?.workspaces.get(groupWorkspace(task.group))
  if (shared?.branch !== branch.name || shared.name === branch.workspace) return null
  const goesOn = ({ state }: RunRecord): boolean => state.run.stuck === null && state.run.wants === null
  if (holders(world, record.id, shared.name).some(goesOn)) return { wait: lookMs }
  const mover = { owner: world.owner, at: world.now }
  return write(record, inWorkspace(record.state, mover, shared.name))
}

function overdue(sight: Sight, record: RunRecord, key: ProcessKey): Action | null {
  const why = pastLimit(sight, record, key)
  return why === null ? null : stopBecause(sight, record, key, why)
}

/** Why its process is to be stopped; null within its limits. A turn that waits for a person's answer may be silent. */
export function pastLimit({ world, policy }: Sight, { state }: RunRecord, key: ProcessKey): string | null {
  const { idleMs, turnMs } = policy
  if ((world.ages.turn.get(key) ?? 0) > turnMs) return `it was stopped: it had run for more than ${span(turnMs)}`
  const isSilent = state.run.stuck === null && (world.ages.sign.get(key) ?? 0) > idleMs
  return isSilent ? `it was stopped: it had shown no sign for more than ${span(idleMs)}` : null
}

/** The reason first: once it has ended, its exit status is all that is left. */
export function stopBecause({ world }: Sight, record: RunRecord, key: ProcessKey, why: string): Action {
  const { id, state } = record
  if (state.run.stopping === null)
    return write(record, moves.stopping(state, { owner: world.owner, at: world.now }, why))
  return { do: 'stop', id, key, why }
}

export function isLast(sight: Sight, record: RunRecord): boolean {
  return record.state.run.failures + 1 >= sight.policy.maxAttempts
}

export function write(record: RunRecord, next: RunRecord['state'], answered: readonly string[] = []): Action {
  return { do: 'write', id: record.id, record, next, answered }
}

export function span(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 360_000) / 10} h`
}
