import type { NewTask } from '@orch/core'
import type { Answer, Call } from './answer.ts'
import { exitCode } from './exit-code.ts'
import { planned, repositoryPolicy } from './planned.ts'
import { plainLines } from './print/plain.ts'
import { simulationText } from './print/simulation.ts'
import { readTasks } from './task-file.ts'

/** What a run of the tasks in a file, or of those that are stored, would come to by this repository's policy. */
export async function simulatedRun(
  call: Call,
  file: string | undefined,
  { maxAgents }: { readonly maxAgents: number | undefined },
): Promise<Answer> {
  const { tasks } = await planned(call, file)
  const policy = await repositoryPolicy(call)
  const { simulate } = await import('@orch/core/testing')
  const limits = maxAgents === undefined ? policy : { ...policy, maxAgents }
  const simulation = await simulate(tasks, limits)
  const { outcome } = simulation
  const exit = outcome === 'interrupted' ? exitCode.interrupted : exitCode[outcome]
  return { json: simulation, exit, text: () => simulationText(simulation, limits.maxAgents) }
}

/** Plays one seed again, with the tasks of a file instead of its own where there is one. What it breaks is told by the smallest run that still breaks it. */
export async function playedSeed(call: Call, file: string | undefined, seed: number): Promise<Answer> {
  const given: { readonly tasks?: readonly NewTask[] } =
    file === undefined ? {} : { tasks: await readTasks({ file, directory: call.directory }) }
  const { playSeed, shrinkSeed, shrunkText } = await import('@orch/core/testing')
  const { steps, violation, trace } = await playSeed(seed, { ...given, traced: true })
  const shrunk = violation === null ? null : await shrinkSeed(seed, given.tasks)
  return {
    json: { seed, steps, violation, trace, shrunk },
    exit: violation === null ? exitCode.done : exitCode.failures,
    text: () =>
      shrunk === null
        ? `Seed ${seed}: everything was kept in ${steps} steps.`
        : plainLines(shrunkText(shrunk)).join('\n'),
  }
}
