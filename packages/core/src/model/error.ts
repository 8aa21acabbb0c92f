import type { OrchErrorCode, ProblemCode } from './errors/list.ts'

/** One thing that is wrong with an input. */
export interface Problem {
  readonly code: ProblemCode
  /** The task that it is about, where it is about one. */
  readonly task?: string
  /** The field of the task, or the path in the configuration. */
  readonly field?: string
  /** The tasks of a circle: each waits for the next, and the first stands at the end again. Of a `group-cycle`: or the next is of the same group. */
  readonly path?: readonly string[]
  /** One sentence for people. */
  readonly message: string
}

export interface OrchErrorOptions {
  /** The port that failed: `queue`, `vcs`, `runner`, `review`, `board`. */
  readonly port?: string
  /** Whether the same call may succeed later without anybody changing anything. Default false. */
  readonly retryable?: boolean
  /** Milliseconds to wait before the next try, when the other side said so. */
  readonly retryAfter?: number
  readonly problems?: readonly Problem[]
  readonly cause?: unknown
}

const brand = Symbol.for('@orch/core.OrchError')

/** An outage of a port, an input that cannot be used, or a bug. Expected failures are `Result` values instead. */
export class OrchError extends Error {
  override readonly name = 'OrchError'
  readonly code: OrchErrorCode
  readonly port: string | undefined
  readonly retryable: boolean
  readonly retryAfter: number | undefined
  readonly problems: readonly Problem[]

  /** @param message what happened, to what, and what to do, in one or two sentences */
  constructor(code: OrchErrorCode, message: string, options: OrchErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.port = options.port
    this.retryable = options.retryable ?? false
    this.retryAfter = options.retryAfter
    this.problems = options.problems ?? []
    Object.defineProperty(this, brand, { value: true })
  }

  /** True for an `OrchError` of any copy of this package, which `instanceof` is not. */
  static is(error: unknown): error is OrchError {
    return typeof error === 'object' && error !== null && brand in error
  }
}
