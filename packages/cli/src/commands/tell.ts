import { readFileSync } from 'node:fs'
import type { Report, ReviewVerdict } from '@orch/core'
import type { Command } from 'commander'
import type { Answer } from '../answer.ts'
import { addCommand, collect, type Reply } from '../command.ts'
import { tell } from '../outbox.ts'
import { UsageError } from '../usage-error.ts'

/** `orch tell`: for agents. Loads nothing of core or of any adapter but for a verdict: it is called often and must be quick. */
export function addTell(program: Command, reply: Reply): void {
  const command = addCommand(program, {
    usage: 'tell',
    description: 'tell orch about your turn (for agents, who have $ORCH_OUTBOX)',
    examples: [
      'orch tell working --note "tests are green, now the docs"',
      'orch tell stuck --reason "token refresh" --option "sliding expiration" --option "fixed expiration" --context "see src/auth/token.ts"',
      'orch tell done',
    ],
  }).enablePositionalOptions()

  for (const state of ['planning', 'working'] as const) {
    addCommand(command, {
      usage: state,
      description: state === 'planning' ? 'you are looking round and planning' : 'you are changing things',
      examples: [`orch tell ${state}`, `orch tell ${state} --note "the parser first"`],
    })
      .option('--note <text>', 'one sentence for people')
      .action((options: { note?: string }, called: Command) =>
        reply(called, () => told(options.note === undefined ? { tell: state } : { tell: state, note: options.note })),
      )
  }

  addCommand(command, {
    usage: 'stuck',
    description: 'you need a decision from a person',
    examples: ['orch tell stuck --reason "token refresh" --option "sliding expiration" --option "fixed expiration"'],
  })
    .requiredOption('--reason <text>', 'what has to be decided')
    .option('--option <text>', 'a possible answer; give it once for each', collect, [])
    .option('--context <text>', 'what one must know to decide', '')
    .action((options: { reason: string; option: string[]; context: string }, called: Command) =>
      reply(called, () => {
        const { reason, option, context } = options
        if (reason.trim() === '') throw new UsageError('usage', 'Say what has to be decided: --reason "…"')
        return told({ tell: 'stuck', reason, options: option, context })
      }),
    )

  addCommand(command, {
    usage: 'done',
    description: 'the task is finished',
    examples: ['orch tell done', 'orch tell done --no-changes "the button exists already"'],
  })
    .option('--no-changes <why>', 'nothing had to be changed, and why')
    .action((options: { changes?: string | true }, called: Command) =>
      reply(called, () =>
        // Commander keeps `--no-changes` under the name `changes`.
        told(typeof options.changes === 'string' ? { tell: 'done', noChanges: options.changes } : { tell: 'done' }),
      ),
    )

  addCommand(command, {
    usage: 'review <verdict>',
    description: 'your verdict, as JSON, or - for standard input (for reviewers)',
    examples: [
      `orch tell review '{"verdict":"approve","summary":"Does what was asked.","findings":[]}'`,
      `orch tell review '{"verdict":"changes","summary":"Tokens never expire.","findings":[{"file":"src/token.ts","line":12,"text":"compares seconds with milliseconds"}]}'`,
    ],
  }).action((verdict: string, _options: object, called: Command) =>
    reply(called, async () => told(await verdictIn(verdict))),
  )
}

/** What is wrong with it is said while its reviewer can still put it right, and told to people in case it does not. */
async function verdictIn(given: string): Promise<Report> {
  const { verdictProblem } = await import('@orch/core')
  let value: unknown
  try {
    value = JSON.parse(given === '-' ? readFileSync(0, 'utf8') : given)
  } catch {
    throw refused('it is no JSON')
  }
  const problem = verdictProblem(value)
  if (problem !== null) throw refused(problem)
  return { tell: 'verdict', ...(value as ReviewVerdict) }
}

function refused(why: string): UsageError {
  tell({ tell: 'no-verdict', why }, process.env)
  return new UsageError('report-refused', `No verdict: ${why}. Say it once more.`)
}

function told(report: Report): Answer {
  tell(report, process.env)
  return { json: { told: report }, text: () => `told: ${report.tell}` }
}
