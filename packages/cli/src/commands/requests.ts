import type { Asked, Orchestrator } from '@orch/core'
import type { Command } from 'commander'
import type { Answer } from '../answer.ts'
import { addCommand, type Reply } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import type { Look } from '../print/look.ts'
import { plain } from '../print/plain.ts'
import { stuckText } from '../print/status.ts'
import { UsageError } from '../usage-error.ts'

export type Ask = (
  called: Command,
  request: (orchestrator: Orchestrator) => Promise<Asked>,
  text?: (asked: Asked, look: Look) => string,
) => Promise<void>

/** Asks the orchestrator for one thing and prints what came of it. */
export function asks(reply: Reply): Ask {
  return (called, request, text = askedText) =>
    reply(called, async (call) => {
      const { open } = await import('../open.ts')
      await using opened = await open(call)
      return answerOf(await request(opened.orchestrator), text)
    })
}

/** `orch guide`, `cancel`, `retry`, `land`: what a person asks of one task. */
export function addRequests(program: Command, reply: Reply): void {
  const ask = asks(reply)

  addCommand(program, {
    usage: 'guide <task> <text...>',
    description: 'answer a stuck task, or leave a note for one at work',
    examples: ['orch guide 124 "use sliding expiration"', 'orch guide 124 -- "- text that begins with a dash"'],
  }).action((task: string, words: string[], _options: object, called: Command) => {
    const text = words.join(' ').trim()
    if (text === '') throw new UsageError('usage', 'Say what the agent is to be told: orch guide TASK "…"')
    return ask(called, (orchestrator) => orchestrator.guide(task, text))
  })

  addCommand(program, {
    usage: 'cancel <task>',
    description: 'give a task up; its agent is stopped and what it did is kept',
    examples: ['orch cancel 124', 'orch retry 124   # to have it done after all'],
  }).action((task: string, _options: object, called: Command) =>
    ask(called, (orchestrator) => orchestrator.cancel(task)),
  )

  addCommand(program, {
    usage: 'retry <task>',
    description:
      'let a stuck or failed task be tried again, on its branch; a cancelled one from the start, what it did stays kept',
    examples: ['orch retry 124', 'orch retry 124 --fresh'],
  })
    .option('--fresh', 'on a new branch; the old one is kept')
    .action((task: string, options: { fresh?: boolean }, called: Command) =>
      ask(called, (orchestrator) => orchestrator.retry(task, { fresh: options.fresh ?? false })),
    )

  addCommand(program, {
    usage: 'land <task>',
    description: 'let a complete task land; say that a manual task is done; let a held one start',
    examples: ['orch land 125'],
  }).action((task: string, _options: object, called: Command) => ask(called, (orchestrator) => orchestrator.land(task)))
}

function answerOf(asked: Asked, text: (asked: Asked, look: Look) => string): Answer {
  // Let through, and not landed all the same: stuck, or something outside keeps it waiting.
  const kept = asked.task.status === 'stuck' ? exitCode.failures : exitCode.waits
  const exit: ExitCode = asked.settled || asked.handedOver ? exitCode.done : kept
  return { json: asked, text: (look) => text(asked, look), exit }
}

export function askedText({ note, task }: Asked, look: Look): string {
  const lines = [`${look.style('bold', plain(task.id))}  ${plain(note)}`]
  if (task.status === 'stuck') lines.push(`${look.style('yellow', 'still stuck:')} ${stuckText(task)}`)
  return lines.join('\n')
}
