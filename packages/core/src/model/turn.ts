import type { JsonValue } from './json.ts'
import type { Report } from './report.ts'

/** What became of a process, by proof: `vanished` means that its death is proved and no end was recorded. */
export type Turn =
  | { readonly is: 'never' }
  | { readonly is: 'unknown'; readonly why: string }
  | {
      readonly is: 'alive'
      /** Its number on its machine, for people. Absent: it has none. */
      readonly pid?: number
      /** Changes whenever the process shows a sign (output, report) or is sent guidance. Opaque. */
      readonly sign: string
      /** Wall clock of the last sign, milliseconds, for people. */
      readonly lastSignAt: number
      /** For how long at least it has run, in milliseconds, by no clock that anybody sets. Left out where that cannot be told. */
      readonly runsFor?: number
      /** For how long at least `sign` has been what it is, likewise: also before whoever asks has come. */
      readonly silentFor?: number
      readonly report: Report | null
      /** How many reports the turn has made: the number of `report`, from 1. */
      readonly reports: number
    }
  | {
      readonly is: 'ended'
      readonly exit: number
      /** Its last report; an unanswered `stuck` outranks a later exit 0. */
      readonly report: Report | null
      readonly reports: number
      /** Processes of its group are still alive: stop them before its workspace is touched. */
      readonly survivors: boolean
      readonly resume: JsonValue | null
    }
  | {
      readonly is: 'vanished'
      readonly report: Report | null
      readonly reports: number
      readonly survivors: boolean
      readonly resume: JsonValue | null
    }

/** Something of the process is alive: the agent, or what it left behind. */
export function isLive(turn: Turn): boolean {
  return turn.is === 'alive' || ('survivors' in turn && turn.survivors)
}
