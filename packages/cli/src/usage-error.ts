import type { CallErrorCode } from './call-errors.ts'

/** The call itself cannot be carried out: a missing file, a wrong option. Apart from `OrchError`, so that `orch tell` loads nothing of core. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code: CallErrorCode

  constructor(code: CallErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** `ENOENT` and the like, where an error comes from the system. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
