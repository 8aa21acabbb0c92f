import type { Asked } from '@orch/core'
import type { Command } from 'commander'
import type { Answer } from '../answer.ts'
import { addCommand, type Reply } from '../command.ts'
import type { Look } from '../print/look.ts'
import { plain, shellWord } from '../print/plain.ts'
import { UsageError } from '../usage-error.ts'
import { askedText, asks } from './requests.ts'

/** `orch take`, `give`, `pause`, `resume`, `prioritise`, `release`: when a task is worked on, and by whom. */
export function addSteering(program: Command, reply: Reply): void {
  const ask = asks(reply)

  addCommand(program, {
    usage: 'take <task>',
    description: 'stop the agent of a task and work in its workspace yourself, until orch give',
    examples: ['orch take 124', 'cd "$(orch take 124 --json | jq -r .task.worktreePath)"'],
  }).action((task: string, _options: object, called: Command) =>
    ask(called, (orchestrator) => orchestrator.take(task), takenText),
  )

  addCommand(program, {
    usage: 'give <task>',
    description: 'hand a taken task back; its agent goes on and is told which commits and files you changed',
    examples: ['orch give 124'],
  }).action((task: string, _options: object, called: Command) => ask(called, (orchestrator) => orchestrator.give(task)))

  addCommand(program, {
    usage: 'pause [task]',
    description: 'start nothing new, or no further turn of one task; agents at work go on',
    examples: ['orch pause', 'orch pause 124'],
  }).action((task: string | undefined, _options: object, called: Command) =>
    task === undefined ? setPaused(reply, called, true) : ask(called, (orchestrator) => orchestrator.pause(task)),
  )

  addCommand(program, {
    usage: 'resume [task]',
    description: 'go on after orch pause',
    examples: ['orch resume', 'orch resume 124'],
  }).action((task: string | undefined, _options: object, called: Command) =>
    task === undefined ? setPaused(reply, called, false) : ask(called, (orchestrator) => orchestrator.resume(task)),
  )

  addCommand(program, {
    usage: 'prioritise <task> <priority>',
    description: 'start a task earlier or later: a number from 0, lower is earlier, 2 is usual',
    examples: ['orch prioritise 124 0', 'orch prioritise 124 9'],
  }).action((task: string, priority: string, _options: object, called: Command) => {
    if (!/^\d{1,9}(\.\d{1,9})?$/.test(priority))
      throw new UsageError('usage', `A priority is a number from 0, not ${plain(priority)}: orch prioritise TASK 0`)
    return ask(called, (orchestrator) => orchestrator.prioritise(task, Number(priority)))
  })

  addCommand(program, {
    usage: 'release <task>',
    description: 'let a task that is on hold start',
    examples: ['orch release 126'],
  }).action((task: string, _options: object, called: Command) =>
    ask(called, (orchestrator) => orchestrator.release(task)),
  )
}

function setPaused(reply: Reply, called: Command, paused: boolean): Promise<void> {
  return reply(called, async (call): Promise<Answer> => {
    const { open } = await import('../open.ts')
    await using opened = await open(call)
    const { orchestrator } = opened
    await (paused ? orchestrator.pauseAll() : orchestrator.resumeAll())
    const { tasks } = await orchestrator.status()
    const atWork = tasks
      .filter(({ status }) => ['registered', 'planning', 'working'].includes(status))
      .map(({ id }) => id)
    return { json: { paused, atWork }, text: () => (paused ? pausedText(atWork) : resumedText) }
  })
}

const resumedText = 'Not paused any more. A run that is under way goes on; otherwise: orch run'

function pausedText(atWork: readonly string[]): string {
  const goesOn =
    atWork.length === 0 ? 'No agent is at work.' : `At work, and going on: ${atWork.map(plain).join(', ')}.`
  return `Paused: nothing new is started. ${goesOn}\nGo on with: orch resume`
}

function takenText(asked: Asked, look: Look): string {
  const { task } = asked
  if (task.waitsFor !== 'taken') return askedText(asked, look)
  const lines = [askedText(asked, look), task.worktreePath === null ? '' : plain(task.worktreePath)]
  return [...lines, `Hand it back with: orch give ${shellWord(task.id)}`].filter((line) => line !== '').join('\n')
}
