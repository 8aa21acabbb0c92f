import { setFlagsFromString } from 'node:v8'
import type { Orchestrator, Policy, RunResult } from '@orch/core'
import { type Command, Option } from 'commander'
import type { Answer } from '../answer.ts'
import { addCommand, type Reply, wholeNumber } from '../command.ts'
import { exitCode } from '../exit-code.ts'
import { abortedWithin, type Interruption, listenForInterruption } from '../interruption.ts'
import { closing, interruptedText, leftRunningText, stoppedText } from '../print/closing.ts'
import { lookOf } from '../print/look.ts'
import { showProgress } from '../print/progress.ts'
import { statusTable } from '../print/status.ts'

/** How long somebody at a terminal has for a second Ctrl-C after the run has ended. Milliseconds. */
const secondThoughts = 3000

const exits = {
  done: exitCode.done,
  failures: exitCode.failures,
  waits: exitCode.waits,
  interrupted: exitCode.interrupted,
} as const satisfies Record<RunResult['outcome'], number>

/** `orch run`. */
export function addRun(program: Command, reply: Reply): void {
  addCommand(program, {
    usage: 'run',
    description:
      'work until nothing more can move without you. Ctrl-C leaves the agents running for the next run, twice stops them',
    examples: ['orch run', 'orch run --epic bd-a3f8', 'orch run --max-agents 1', 'orch run --on-failure stop'],
  })
    .option('--epic <id>', 'start only the tasks of this epic; limits count everybody')
    .option('--max-agents <n>', 'agents that may work at the same time', wholeNumber)
    .addOption(
      new Option(
        '--on-failure <mode>',
        'while a task is stuck: go on, start no other task, or stop the agents',
      ).choices(['continue', 'no-new', 'stop'] satisfies Policy['onFailure'][]),
    )
    .action((options: { epic?: string; maxAgents?: number; onFailure?: Policy['onFailure'] }, called: Command) =>
      reply(called, async (call) => {
        // It lasts for hours beside agents that need the memory more than it needs the speed.
        setFlagsFromString('--optimize-for-size')
        const { open } = await import('../open.ts')
        const { epic, maxAgents, onFailure } = options
        const policy = { ...(maxAgents && { maxAgents }), ...(onFailure && { onFailure }) }
        await using opened = await open(call, {
          agent: 'needed',
          target: 'needed',
          policy,
          ...(epic !== undefined && { epic }),
        })
        return answerOf(await runVisibly(opened.orchestrator, epic))
      }),
    )
}

async function runVisibly(orchestrator: Orchestrator, epic: string | undefined): Promise<RunResult> {
  const say = (line: string): boolean => process.stderr.write(`${line}\n`)
  const started = performance.now()
  showProgress(orchestrator, { write: say, elapsed: () => performance.now() - started, look: lookOf(process.stderr) })
  using interruption = listenForInterruption()
  interruption.first.addEventListener('abort', () => say(interruptedText(interruption.first.reason)))
  const result = await orchestrator.run({ ...(epic === undefined ? {} : { epic }), signal: interruption.first })
  // Awaited here: the second Ctrl-C is listened for until this function returns.
  return result.outcome === 'interrupted' ? await afterInterruption(orchestrator, result, interruption, say) : result
}

async function afterInterruption(
  orchestrator: Orchestrator,
  result: RunResult,
  { first, second }: Interruption,
  say: (line: string) => void,
): Promise<RunResult> {
  const alive = result.tasks
    .filter((row) => ['registered', 'planning', 'working'].includes(row.status))
    .map((row) => row.id)
  if (!second.aborted) {
    say(leftRunningText(alive))
    const asks = alive.length > 0 && first.reason === 'SIGINT' && process.stderr.isTTY
    if (!asks || !(await abortedWithin(second, secondThoughts))) return result
  }
  say('Stopping the agents …')
  say(stoppedText(await orchestrator.stopAgents()))
  return { ...result, tasks: (await orchestrator.status()).tasks }
}

function answerOf(result: RunResult): Answer {
  return {
    json: result,
    text: (look) => `${statusTable(result.tasks, look, Date.now())}\n\n${closing(result, look)}`,
    exit: exits[result.outcome],
  }
}
