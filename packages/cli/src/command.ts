import { type Command, InvalidArgumentError } from 'commander'
import type { Answer, Call } from './answer.ts'

/** Does a command's work and prints its answer; made once by the program and given to every command. */
export type Reply = (command: Command, work: (call: Call) => Promise<Answer> | Answer) => Promise<void>

export interface CommandText {
  /** Name and arguments as commander reads them: `show <task>`. */
  readonly usage: string
  readonly description: string
  /** What somebody could type, without the `$`. */
  readonly examples: readonly string[]
}

/** A command with what all have: `--json`, `--directory`, and examples in its help. */
export function addCommand(parent: Command, { usage, description, examples }: CommandText): Command {
  const command = withGlobalOptions(parent.command(usage).description(description))
  return command.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`)
}

export function withGlobalOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document and nothing else')
    .option('-C, --directory <dir>', 'work as if started in this directory')
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

/** Reads the value of an option: 1 to 9999. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.')
  return Number(text)
}
