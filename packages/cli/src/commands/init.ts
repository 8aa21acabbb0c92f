import { join } from 'node:path'
import type { Command } from 'commander'
import type { Answer, Call } from '../answer.ts'
import { addCommand, type Reply } from '../command.ts'
import { plain } from '../print/plain.ts'

const next = ['orch plan tasks.yaml', 'orch add tasks.yaml', 'orch run']

interface Prepared {
  readonly written: readonly string[]
  /** There already, and left as they are. */
  readonly kept: readonly string[]
  readonly target: string | null
  /** The agent that the configuration names; null when none was found. */
  readonly agent: string | null
  readonly checks: readonly string[]
  readonly next: readonly string[]
}

/** `orch init`. */
export function addInit(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'init',
    description: 'write a configuration and an example of tasks into this repository; what is there stays',
    examples: ['orch init', 'orch init -C ../other-repository'],
  }).action((_options: object, called: Command) => reply(called, prepare))
}

async function prepare(call: Call): Promise<Answer> {
  const { findRepository } = await import('@orch/adapter-local')
  const { presentConfiguration, writeNew } = await import('../init/files.ts')
  const { installedAgents } = await import('../init/agent-programs.ts')
  const { suggestedChecks } = await import('../init/checks.ts')
  const { configurationText, tasksText } = await import('../init/texts.ts')

  const { root, branch } = await findRepository(call.directory)
  const agents = await installedAgents(process.env.PATH ?? '')
  const checks = await suggestedChecks(root)
  const written: string[] = []
  const kept: string[] = []
  const write = async (name: string, text: string): Promise<void> => {
    const isNew = await writeNew(join(root, name), text)
    ;(isNew ? written : kept).push(name)
  }

  const present = await presentConfiguration(root)
  if (present === null) await write('orch.config.yaml', configurationText({ target: branch, agents, checks }))
  else kept.push(present)
  await write('tasks.yaml', tasksText)

  const agent = agents[0]?.program ?? null
  const prepared: Prepared = { written, kept, target: branch, agent, checks, next }
  return { json: prepared, text: () => preparedText(prepared) }
}

function preparedText({ written, kept, target, agent, checks }: Prepared): string {
  const lines = [
    ...written.map((name) => `Wrote ${name}`),
    ...kept.map((name) => `Kept ${name}, which is there already`),
  ]
  if (written.includes('orch.config.yaml')) {
    lines.push(target === null ? 'No branch is checked out: set target.' : `Finished work lands on ${plain(target)}.`)
    lines.push(
      agent === null ? 'No known agent was found on PATH: set agent before orch run.' : `The agent is ${agent}.`,
    )
    lines.push(
      checks.length === 0
        ? 'Nothing is checked before landing: set policy.landing.checks.'
        : `Checked before landing: ${checks.map(plain).join(', ')}`,
    )
  }
  return [...lines, '', 'Next:', ...next.map((step) => `  ${step}`)].join('\n')
}
