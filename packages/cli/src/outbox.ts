import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import type { Report } from '@orch/core'
import { systemCode, UsageError } from './usage-error.ts'

/** A longer line is not read by anybody. Characters. */
const longestLine = 64 * 1024

/** Appends `report` to the outbox of the agent's turn, which the environment names. */
export function tell(report: Report, environment: NodeJS.ProcessEnv): void {
  const outbox = environment.ORCH_OUTBOX
  if (outbox === undefined || outbox === '') {
    throw new UsageError(
      'no-turn',
      'orch tell is for agents: it needs the environment variable ORCH_OUTBOX, which orch run sets for them.',
    )
  }
  const line = JSON.stringify(report)
  if (line.length > longestLine) {
    throw new UsageError(
      'report-refused',
      `The report has ${line.length} characters, ${longestLine} are allowed. Say it shorter.`,
    )
  }
  try {
    append(outbox, line)
  } catch (error) {
    throw new UsageError(
      'report-refused',
      `The report cannot be written to ${outbox} (${systemCode(error) ?? String(error)}). Was this turn stopped?`,
    )
  }
}

/** One write, so that two reports at the same time do not mix; on a line of its own, even after a line that somebody left open. */
function append(file: string, line: string): void {
  const descriptor = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(descriptor)
    const last = Buffer.alloc(1)
    if (size > 0) readSync(descriptor, last, 0, 1, size - 1)
    const open = size > 0 && last.toString() !== '\n'
    writeSync(descriptor, `${open ? '\n' : ''}${line}\n`)
  } finally {
    closeSync(descriptor)
  }
}
