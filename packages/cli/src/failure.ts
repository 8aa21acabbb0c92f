import type { Problem } from '@orch/core'
import { CommanderError } from 'commander'
import { type ExitCode, exitCode } from './exit-code.ts'
import { UsageError } from './usage-error.ts'

/** An error as it is told: on stderr for people, on stdout with `--json`. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly problems: readonly Problem[]
  readonly exit: ExitCode
  /** Only for bugs. */
  readonly stack?: string
}

export async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof UsageError) {
    return { code: error.code, message: error.message, problems: error.problems, exit: exitCode.usage }
  }
  if (error instanceof CommanderError) {
    const message = error.code === 'commander.help' ? 'say which command' : error.message.replace(/^error: /, '')
    return { code: 'usage', message, problems: [], exit: exitCode.usage }
  }
  const { OrchError, outageOf } = await import('@orch/core')
  const known = outageOf(error, 'cli')
  if (known !== error) return failureOf(known)
  if (OrchError.is(error) && error.code !== 'bug') {
    const exit = error.code === 'port-failed' || error.code === 'disk-full' ? exitCode.failures : exitCode.usage
    return { code: error.code, message: error.message, problems: error.problems, exit }
  }
  const message = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error ? (error.stack ?? message) : message
  return { code: 'bug', message, problems: [], exit: exitCode.failures, stack }
}
