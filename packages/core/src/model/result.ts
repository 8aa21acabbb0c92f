import type { FailureReason } from './errors/list.ts'

/** The outcome of something that may fail in an expected way: a value with a reason, never a throw. */
export type Result<T, Reason extends FailureReason> = Ok<T> | Failed<Reason>

export interface Ok<T> {
  readonly ok: true
  readonly value: T
}

export interface Failed<Reason extends FailureReason> {
  readonly ok: false
  readonly reason: Reason
  /** One sentence for people: what happened, to what, and what to do. Decisions read `reason` only. */
  readonly detail?: string
}

export function ok(): Ok<void>
export function ok<T>(value: T): Ok<T>
export function ok<T>(value?: T): Ok<T | undefined> {
  return { ok: true, value }
}

export function failed<Reason extends FailureReason>(reason: Reason, detail?: string): Failed<Reason> {
  return detail === undefined ? { ok: false, reason } : { ok: false, reason, detail }
}
