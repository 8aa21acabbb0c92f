import type { Problem } from '@orch/core'
import type { Failure } from '../failure.ts'
import type { Look } from './look.ts'
import { plain, plainLines } from './plain.ts'

/** Problems that somebody reads at once. */
const mostProblems = 50

/** An error for people: one message, every problem on a line, no stack unless somebody looks for a bug. */
export function failureText(failure: Failure, look: Look, debug: boolean): string {
  const [first = '', ...more] = plainLines(failure.message)
  // One alone is often all that the message says.
  const problems = failure.problems.filter(({ message }) => message !== failure.message)
  const lines = [
    `${look.style('red', 'orch:')} ${first}`,
    ...more,
    ...problems.slice(0, mostProblems).flatMap(problemLines),
  ]
  if (problems.length > mostProblems)
    lines.push(`  … and ${problems.length - mostProblems} more; --json tells all of them`)
  if (failure.stack !== undefined) {
    lines.push(debug ? plainLines(failure.stack).join('\n') : '')
    lines.push('This is a bug in orch. Please report it with what ORCH_DEBUG=1 shows.')
  }
  return lines.filter((line) => line !== '').join('\n')
}

function problemLines(problem: Problem): string[] {
  const [first = '', ...more] = plainLines(problem.message)
  const subject = [problem.task, problem.field].filter((name) => name !== undefined)
  const named = subject.some((name) => mentions(first, name)) ? first : [...subject.map(plain), first].join(': ')
  return [`  ${named}`, ...more.map((line) => `    ${line}`)]
}

/** Most messages name their subject themselves. */
function mentions(message: string, name: string): boolean {
  return message.split(/[\s"'`,;:()]+/).includes(plain(name)) || message.startsWith(plain(name))
}

export function failureJson(failure: Failure): unknown {
  return { error: { code: failure.code, message: failure.message, problems: failure.problems } }
}
