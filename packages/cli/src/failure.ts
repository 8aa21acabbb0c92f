import type { Problem } from '@orch/core'
import { CommanderError } from 'commander'
import { type ExitCode, exitCode } from './exit-code.ts'
import { exitOf, type FailureCode } from './failure-exit.ts'
import { UsageError } from './usage-error.ts'

/** An error as it is told: on stderr for people, on stdout with `--json`. */
export interface Failure {
  readonly code: FailureCode
  readonly message: string
  readonly problems: readonly Problem[]
  readonly exit: ExitCode
  /** Only for bugs. */
  readonly stack?: string
}

/** @param called the command, for where there is help: `orch add` */
export async function failureOf(error: unknown, called: string): Promise<Failure> {
  if (error instanceof UsageError) {
    return { code: error.code, message: error.message, problems: [], exit: exitOf(error.code) }
  }
  if (error instanceof CommanderError) {
    const said = error.code === 'commander.help' ? 'say which command' : error.message.replace(/^error: /, '')
    const dash =
      error.code === 'commander.unknownOption' && !said.endsWith(')') ? '; what is no option stands behind --,' : ';'
    const message = `${said.replaceAll('\n', ' ')}${/[.?)]$/.test(said) ? '' : dash} ${called} --help shows what there is`
    return { code: 'usage', message, problems: [], exit: exitCode.usage }
  }
  const { OrchError, outageOf } = await import('@orch/core')
  const known = outageOf(error, 'cli')
  if (known !== error) return failureOf(known, called)
  if (OrchError.is(error) && error.code !== 'bug') {
    return { code: error.code, message: error.message, problems: error.problems, exit: exitOf(error.code) }
  }
  const message = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error ? (error.stack ?? message) : message
  return { code: 'bug', message, problems: [], exit: exitCode.failures, stack }
}
