import type { ExitCode } from './exit-code.ts'
import type { Look } from './print/look.ts'

/** What a command has to say. The program prints one of the two forms, never both. */
export interface Answer {
  /** For `--json`: printed as one document. */
  readonly json: unknown
  /** For people; without a line break at its end. Text from outside has gone through `plain`. */
  readonly text: (look: Look) => string
  /** Default `done`. */
  readonly exit?: ExitCode
}

/** What every command knows of its call. */
export interface Call {
  /** Absolute: where the command works, `--directory` or the present one. */
  readonly directory: string
  readonly json: boolean
}
