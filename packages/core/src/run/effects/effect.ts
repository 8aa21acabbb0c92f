import type { EventEmitter } from 'eventemitter3'
import type { Action } from '../../decide/action.ts'
import type { Mover } from '../../decide/moves.ts'
import type { LaneLanding } from '../../decide/roots.ts'
import type { Judged } from '../../decide/window.ts'
import { OrchError } from '../../model/error.ts'
import type { OrchErrorCode } from '../../model/errors/list.ts'
import type { Result } from '../../model/result.ts'
import type { Oid, RunRecord, RunState } from '../../model/run-state.ts'
import type { TaskId } from '../../model/task.ts'
import type { Written } from '../../ports/run-store.ts'
import type { Checkouts } from '../checkouts.ts'
import type { OrchestratorEvents } from '../events.ts'
import type { Setup } from '../ports.ts'

/** How long a process that is asked to stop may take, in milliseconds, before it is killed. */
export const graceMs = 5000

/** What an effect may use. */
export interface EffectContext extends Setup {
  readonly events: EventEmitter<OrchestratorEvents>
  readonly signal: AbortSignal
  /** This orchestrator, and the wall clock of now. */
  mover(): Mover
  /**
   * Throws when our lease may have run out: then somebody else may own the task. Called right before everything that moves
   * the world.
   */
  fence(): void
  /** Writes the record by compare-and-swap; null when somebody else was first, and then nothing more is done. */
  write(id: TaskId, record: RunRecord | null, next: RunState, answered?: readonly string[]): Promise<RunRecord | null>
  /** The same, and the reason why it was not written is an answer. */
  tryWrite(id: TaskId, record: RunRecord | null, next: RunState): Promise<Result<Written, 'stale' | 'gone' | 'taken'>>
  /** Tells the user; the next pass looks again. */
  problem(id: TaskId, message: string): void
  /** A program that does not exist would fail every task in turn: no new work is started by this run. */
  startNothingMore(): void
  readonly checkouts: Checkouts
  landingTried(id: TaskId): void
  judged(what: Judged): void
  /** What waits in other lanes need not be checked again for it. */
  landsInLane(landing: LaneLanding): void
  /** What is now the target was seen to pass its checks so many milliseconds before this pass. */
  passed(commit: Oid, ago: number): void
  /** Nothing comes of it on that candidate of another change. */
  unstackable(id: TaskId, on: Oid): void
}

/** Something outside the task is in its way: told, and tried again after a rest that grows. */
export function notNow(code: OrchErrorCode, port: string, message: string): OrchError {
  return new OrchError(code, message, { port, retryable: true })
}

/** The branch that it lands on, by the name that people know. */
export function targetName({ ports }: Pick<EffectContext, 'ports'>, { branch }: RunState): string {
  return branch?.target ?? ports.vcs.target
}

export type ActionOf<Name extends Action['do']> = Extract<Action, { do: Name }>
