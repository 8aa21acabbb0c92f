import type { ProcessKey } from '../../../model/process-key.ts'
import type { Board } from '../../../ports/board.ts'
import type { MemoryRunner } from '../../memory-runner.ts'
import type { MemoryVcs } from '../../memory-vcs.ts'
import type { Mirror } from '../mirror.ts'
import type { Setting } from '../setting.ts'
import type { WorkLedger } from '../work-ledger.ts'

/** A value that agents are given and that nobody else may ever read. */
export const secret = 'hunter2-3f9c'

/** What checkers look at. */
export interface Scene {
  readonly setting: Setting
  readonly mirror: Mirror
  readonly ledger: WorkLedger
  readonly vcs: MemoryVcs
  readonly runner: MemoryRunner
  /** Processes of which nobody can tell what became of them. */
  readonly hidden: ReadonlySet<ProcessKey>
  /** When those that could not be seen could be seen again: who had looked before does not know. */
  readonly shownAt: ReadonlyMap<ProcessKey, number>
  /** Those of which nobody could tell when their task went on. */
  readonly givenUp: Set<ProcessKey>
  /** Those that were started by who had been paused for longer than its lease: they may carry a dead attempt, until the next pass. */
  readonly late: Set<ProcessKey>
  /** Keys of which a person has deleted every trace: they may run once more. */
  readonly forgotten: ReadonlySet<ProcessKey>
  readonly board: Required<Board>
  /** Says that one of the design's invariants is broken. */
  violate(invariant: number, what: string): void
}
