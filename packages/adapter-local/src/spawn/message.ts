/** What the spawner is asked. Everything is passed on as it is, never through a shell. */
export type Request =
  | ({ readonly ask: 'run'; readonly id: number } & Run)
  | ({ readonly ask: 'launch'; readonly id: number } & Launch)
  | { readonly ask: 'kill'; readonly id: number }

export interface Command {
  readonly file: string
  readonly argv: readonly string[]
  readonly directory: string
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>
}

/** A process that is waited for. */
export interface Run extends Command {
  readonly input?: Uint8Array | undefined
  /** Milliseconds, then it is killed. */
  readonly longest: number
  /** Bytes that it may print, then it is killed. Default 400 000 000, which is more than a string of ours can hold. */
  readonly most?: number
}

/** A process in a session of its own, which outlives everybody. What it prints goes nowhere but for what it says on descriptor 3. */
export type Launch = Command

export type Reply =
  | { readonly tell: 'ready' }
  | ({ readonly tell: 'ran'; readonly id: number } & Ran)
  | { readonly tell: 'said'; readonly id: number; readonly words: string }
  /** A launched process ended, or (`why`) could not be started. */
  | { readonly tell: 'over'; readonly id: number; readonly why: string | null }

export interface Ran {
  /** Null when a signal ended it or it could not be started. */
  readonly code: number | null
  readonly output: Uint8Array
  readonly errors: Uint8Array
  /** Why there is no exit code. */
  readonly why: string | null
  /** Of the system's error that kept it from being started: `ENOENT` for the program or the directory. */
  readonly errorCode: string | null
}
