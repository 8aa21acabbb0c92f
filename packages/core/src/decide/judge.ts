import type { Stuck } from '../model/request.ts'
import type { RunState } from '../model/run-state.ts'
import type { Turn } from '../model/turn.ts'

type Over = Extract<Turn, { is: 'ended' | 'vanished' }>

/** What a turn that is over came to. Done needs positive evidence: a `done` report, or exit 0 on record. */
export type Judgement =
  /** `said`: by a report of its own, not by exit 0 alone. */
  | { readonly is: 'done'; readonly said: boolean; readonly noChanges: string | null }
  | { readonly is: 'stuck'; readonly stuck: Stuck }
  /** `hopeless`: the same command would end in the same way once more. */
  | { readonly is: 'failed'; readonly why: string; readonly hopeless: boolean }

export function judge(turn: Over, state: RunState): Judgement {
  const asks = stuckReport(turn, state)
  if (asks !== null) return { is: 'stuck', stuck: asks }
  if (turn.report?.tell === 'done') return { is: 'done', said: true, noChanges: turn.report.noChanges ?? null }
  if (turn.is === 'ended' && turn.exit === 0) return { is: 'done', said: false, noChanges: null }
  const why =
    turn.is === 'vanished'
      ? 'its process vanished without recording an end (killed, or the machine went down)'
      : `its process ended with ${exitName(turn.exit)}`
  return { is: 'failed', why, hopeless: turn.is === 'ended' && cannotRun(turn.exit) }
}

/** The question of a turn that nobody has answered yet. */
export function stuckReport(turn: Turn, state: RunState): Stuck | null {
  if (turn.is !== 'alive' && turn.is !== 'ended' && turn.is !== 'vanished') return null
  if (turn.report?.tell !== 'stuck' || turn.reports <= state.run.answered) return null
  const { reason, options, context } = turn.report
  return { reason, options, context, by: 'agent', report: turn.reports }
}

/** What shells say of a command that could not be run at all: nobody's work made it so. */
export function cannotRun(exit: number): boolean {
  return exit === 126 || exit === 127
}

export function exitName(exit: number): string {
  if (exit === 126) return 'exit 126 (a command may not be executed)'
  if (exit === 127) return 'exit 127 (a command was not found)'
  return exit > 128 && exit < 160 ? `exit ${exit} (signal ${exit - 128})` : `exit ${exit}`
}
