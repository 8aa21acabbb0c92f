import type { JsonValue } from '../model/json.ts'
import type { ProcessKey } from '../model/process-key.ts'
import type { AgentProfile } from '../model/profile.ts'
import type { Guidance } from '../model/request.ts'
import type { Result } from '../model/result.ts'
import type { Turn } from '../model/turn.ts'

/** Starts processes that outlive us and tells what became of them. Every process has a key; a key runs at most once, whoever asks. */
export interface AgentRunner {
  /** Values that its processes may know and that nobody else is to see. They are taken out of all that is told, stored or shown. Default none. */
  readonly secrets?: readonly string[]

  /**
   * Starts an agent in `directory`, in its own process group, with its standard input empty. The runner sets
   * `ORCH_PROMPT_FILE`, `ORCH_OUTBOX` and `ORCH_INBOX` beside the given environment. Returns when the start is decided, not when it is done.
   * `already-started`: this key runs or ran; `no-command`: the program does not exist or may not be executed (`detail` names it).
   */
  start(options: {
    readonly key: ProcessKey
    readonly profile: AgentProfile
    /** Absolute; the workspace or check-out to work in. */
    readonly directory: string
    readonly prompt: string
    /** It is only to look: where the runner can keep it from writing to `directory` it does. Default false. */
    readonly isReader?: boolean
    /** Added to the environment: `ORCH_TASK`, `ORCH_ATTEMPT`, `ORCH_TURN`, `ORCH_REVIEW`. */
    readonly environment: Readonly<Record<string, string>>
    readonly resume?: JsonValue
    readonly signal: AbortSignal
  }): Promise<Result<StartedProcess, 'already-started' | 'no-command'>>

  /**
   * Whether `start` would find the program of `profile`, as far as that can be told before there is a directory to work in: asked once
   * per run, before the first seat is taken. `no-command`: `detail` names it.
   */
  check?(options: { readonly profile: AgentProfile; readonly signal: AbortSignal }): Promise<Result<void, 'no-command'>>

  /** What became of each key, and of every other that is known to live. One file system look per key that moved, no process. */
  observe(options: {
    readonly keys: readonly ProcessKey[]
    readonly signal: AbortSignal
  }): Promise<ReadonlyMap<ProcessKey, Turn>>

  /**
   * Ends the whole process group: asks, waits up to `graceMs`, kills. Idempotent. `survivors`: something still runs.
   */
  stop(options: {
    readonly key: ProcessKey
    readonly graceMs: number
    readonly signal: AbortSignal
  }): Promise<'stopped' | 'survivors'>

  /** Puts guidance into the inbox of a living turn, once per `guidance.key`. */
  send(options: {
    readonly key: ProcessKey
    readonly guidance: Guidance
    readonly signal: AbortSignal
  }): Promise<Result<void, 'not-live'>>

  /** The last lines of what the process printed, at most `lines` (newest last), redacted. Empty when there are none. */
  tail(options: {
    readonly key: ProcessKey
    readonly lines: number
    readonly signal: AbortSignal
  }): Promise<readonly string[]>

  /**
   * Forgets every process that has ended and whose key begins with one of `prefixes`, and what it left on disk. A forgotten key is
   * `never` again, so only keys of tasks that are closed may be named.
   */
  forget(options: { readonly prefixes: readonly string[]; readonly signal: AbortSignal }): Promise<void>

  /** What became of every process that it knows of, whoever asked for it; without those that were forgotten. For people. */
  processes?(options: { readonly signal: AbortSignal }): Promise<ReadonlyMap<ProcessKey, Turn>>

  /** A hint that a process ended or reported. */
  watch?(options: { readonly onChange: () => void; readonly signal: AbortSignal }): void
}

export interface StartedProcess {
  /** As in `Turn`. */
  readonly pid?: number
}
