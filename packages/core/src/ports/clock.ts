export interface Clock {
  /** Wall clock in milliseconds since 1970, for people only. */
  now(): number
  /** Monotonic milliseconds, for limits. */
  elapsed(): number
  /** Resolves after `ms`, or at once when `signal` is aborted; never rejects. */
  sleep(ms: number, options: { readonly signal: AbortSignal }): Promise<void>
}
