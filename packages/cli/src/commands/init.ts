import { join } from 'node:path'
import type { Initialised } from '@orch/adapter-beads'
import { type Command, Option } from 'commander'
import type { Answer, Call } from '../answer.ts'
import { addCommand, type Reply } from '../command.ts'
import { plain } from '../print/plain.ts'

const next = ['orch plan tasks.yaml', 'orch add tasks.yaml', 'orch run']
const nextWithBeads = [
  "bd create --title='…' -t epic",
  'bd create --title=\'…\' --parent EPIC --metadata \'{"writes":["src/**"]}\'',
  'orch run --epic EPIC',
]

interface Choices {
  readonly queue?: 'beads'
  readonly just?: boolean
}

interface Prepared {
  readonly written: readonly string[]
  /** There already, and left as they are. */
  readonly kept: readonly string[]
  readonly target: string | null
  /** The agent that the configuration names; null when none was found. */
  readonly agent: string | null
  readonly checks: readonly string[]
  /** What making a Beads database has changed; null: Beads was not asked for. */
  readonly beads: Initialised | null
  readonly next: readonly string[]
}

/** `orch init`. */
export function addInit(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'init',
    description: 'write a configuration and an example of tasks into this repository; what is there stays',
    examples: ['orch init', 'orch init --queue beads', 'orch init --just', 'orch init -C ../other-repository'],
  })
    .addOption(new Option('--queue <name>', 'where tasks are kept, if not in a file of orch').choices(['beads']))
    .option('--just', 'write a justfile, too: just orchestrate, just status, just guide, …')
    .action((options: Choices, called: Command) => reply(called, (call) => prepare(call, options)))
}

async function prepare(call: Call, { queue, just = false }: Choices): Promise<Answer> {
  const { findRepository } = await import('@orch/adapter-local')
  const { presentConfiguration, writeNew } = await import('../init/files.ts')
  const { installedAgents } = await import('../init/agent-programs.ts')
  const { suggestedChecks } = await import('../init/checks.ts')
  const { configurationText, tasksText } = await import('../init/texts.ts')

  const { root, branch, commonDirectory } = await findRepository(call.directory)
  // First, because it may be refused: then nothing of ours is written.
  const beads = queue === undefined ? null : await beadsIn(root, commonDirectory)
  const agents = await installedAgents(process.env.PATH ?? '')
  const checks = await suggestedChecks(root)
  const written: string[] = []
  const kept: string[] = []
  const write = async (name: string, text: string): Promise<void> => {
    const isNew = await writeNew(join(root, name), text)
    ;(isNew ? written : kept).push(name)
  }

  const present = await presentConfiguration(root)
  if (present === null) {
    await write('orch.config.yaml', configurationText({ target: branch, agents, checks, ...(queue && { queue }) }))
  } else kept.push(present)
  if (beads === null) await write('tasks.yaml', tasksText)
  if (just) {
    const { justfileText } = await import('../init/justfile.ts')
    await write('justfile', justfileText)
  }

  const agent = agents[0]?.program ?? null
  const steps = beads === null ? next : nextWithBeads
  const prepared: Prepared = { written, kept, target: branch, agent, checks, beads, next: steps }
  return { json: prepared, text: () => preparedText(prepared) }
}

async function beadsIn(directory: string, commonDirectory: string): Promise<Initialised> {
  const { initialiseBeads } = await import('@orch/adapter-beads')
  return initialiseBeads({ directory, commonDirectory })
}

function preparedText({ written, kept, target, agent, checks, beads, next }: Prepared): string {
  const lines = [
    ...written.map((name) => `Wrote ${name}`),
    ...kept.map((name) => `Kept ${name}, which is there already`),
    ...(beads?.changed.map(plain) ?? []),
  ]
  if (beads?.isNew === false)
    lines.push(`Kept the Beads database that is there already (prefix ${plain(beads.prefix)})`)
  if (beads !== null && !written.includes('orch.config.yaml'))
    lines.push('If your configuration does not say so yet: queue: beads')
  if (beads?.changed.some((line) => line.includes('*.db'))) {
    lines.push('Untracked *.db files are hidden from git status by that; take the line out if you have any.')
  }
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
