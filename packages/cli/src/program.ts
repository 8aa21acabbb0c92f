import { Console } from 'node:console'
import { resolve } from 'node:path'
import { Command, CommanderError } from 'commander'
import type { Answer } from './answer.ts'
import { type Reply, withGlobalOptions } from './command.ts'
import { addConflicts } from './commands/conflicts.ts'
import { addDoctor } from './commands/doctor.ts'
import { addGraph } from './commands/graph.ts'
import { addImport } from './commands/import.ts'
import { addInit } from './commands/init.ts'
import { addKept } from './commands/kept.ts'
import { addPlan } from './commands/plan.ts'
import { addPrune } from './commands/prune.ts'
import { addRequests } from './commands/requests.ts'
import { addRun } from './commands/run.ts'
import { addSimulate } from './commands/simulate.ts'
import { addStatus } from './commands/status.ts'
import { addSteering } from './commands/steering.ts'
import { addTasks } from './commands/tasks.ts'
import { addTell } from './commands/tell.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { failureOf } from './failure.ts'
import { failureJson, failureText } from './print/failure.ts'
import { jsonDocument } from './print/json.ts'
import { lookOf } from './print/look.ts'
import { systemCode } from './usage-error.ts'
import { version } from './version.ts'

/** Runs the command that `words` (the arguments after the program's name) call for, prints, and gives the exit code. Never throws. */
export async function run(words: readonly string[]): Promise<ExitCode> {
  keepStandardOutput()
  let exit: ExitCode = exitCode.done
  const reply: Reply = async (command, work) => {
    const { json = false, directory = '.' } = command.optsWithGlobals<{ json?: boolean; directory?: string }>()
    const answer = await work({ json, directory: resolve(directory) })
    print(answer, json)
    exit = answer.exit ?? exitCode.done
  }
  const program = programOf(reply)
  try {
    await program.parseAsync(words, { from: 'user' })
    return exit
  } catch (error) {
    // Help and version that somebody asked for end in an exception, too.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done
    const failure = await failureOf(error, calledCommand(program, words))
    if (asksForJson(words)) process.stdout.write(`${jsonDocument(failureJson(failure))}\n`)
    else process.stderr.write(`${failureText(failure, lookOf(process.stderr), process.env.ORCH_DEBUG === '1')}\n`)
    return failure.exit
  }
}

function programOf(reply: Reply): Command {
  const program = withGlobalOptions(new Command('orch'))
    .description(
      'Run many coding agents on one git repository without losing work, breaking main, or stepping on each other.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .enablePositionalOptions()
    .exitOverride()
    // Errors are printed in one place, `run`.
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      '\nBegin with:\n  $ orch init\n  $ orch add tasks.yaml\n  $ orch run\n\nEvery command has examples: orch run --help',
    )
  addInit(program, reply)
  addTasks(program, reply)
  addImport(program, reply)
  addPlan(program, reply)
  addGraph(program, reply)
  addSimulate(program, reply)
  addRun(program, reply)
  addStatus(program, reply)
  addRequests(program, reply)
  addSteering(program, reply)
  addConflicts(program, reply)
  addKept(program, reply)
  addPrune(program, reply)
  addDoctor(program, reply)
  addTell(program, reply)
  return program
}

function print(answer: Answer, json: boolean): void {
  const text = json ? jsonDocument(answer.json) : answer.text(lookOf(process.stdout))
  if (text !== '') process.stdout.write(`${text}\n`)
}

/** `orch add` for `orch add --jsno tasks.yaml`: whose help to look at. */
function calledCommand(program: Command, words: readonly string[]): string {
  let at = program
  const names = ['orch']
  for (const word of words) {
    const below = at.commands.find((command) => command.name() === word)
    if (below === undefined) continue
    at = below
    names.push(word)
  }
  return names.join(' ')
}

/** When the arguments could not be parsed, this is all there is to know. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end === -1 ? undefined : end).includes('--json')
}

/** Only the answer goes to stdout, whatever a configuration or an adapter prints; and a reader may stop early (`orch status | head`). */
function keepStandardOutput(): void {
  globalThis.console = new Console(process.stderr, process.stderr)
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (systemCode(error) !== 'EPIPE') throw error
    })
  }
}
