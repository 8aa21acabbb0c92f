import { type Command, InvalidArgumentError, Option } from 'commander'
import { addCommand, type Reply, wholeNumber } from '../command.ts'

interface Options {
  readonly seed?: number
  readonly maxAgents?: number
}

/** `orch simulate`. */
export function addSimulate(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'simulate [file]',
    description:
      'run the tasks with simulated agents, in a moment and without touching anything; with a file, those of it',
    examples: ['orch simulate', 'orch simulate tasks.yaml --max-agents 5', 'orch simulate --seed 17 tasks.yaml'],
  })
    .addOption(new Option('--max-agents <n>', 'simulate this many agents').argParser(wholeNumber).conflicts('seed'))
    .option(
      '--seed <n>',
      'instead, play the tasks through the faults, agents, people and policy of this seed, and look whether the loop keeps what it promises',
      seedNumber,
    )
    .action((file: string | undefined, { seed, maxAgents }: Options, called: Command) =>
      reply(called, async (call) => {
        const { playedSeed, simulatedRun } = await import('../simulated.ts')
        return seed === undefined ? simulatedRun(call, file, { maxAgents }) : playedSeed(call, file, seed)
      }),
    )
}

function seedNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0.')
  return Number(text)
}
