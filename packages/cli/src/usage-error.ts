import type { Problem } from '@orch/core'

/** The call itself cannot be carried out: a missing file, a wrong option. Apart from `OrchError`, so that `orch tell` loads nothing of core. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'usage'
  readonly problems: readonly Problem[]

  constructor(message: string, problems: readonly Problem[] = []) {
    super(message)
    this.problems = problems
  }
}

/** `ENOENT` and the like, where an error comes from the system. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
