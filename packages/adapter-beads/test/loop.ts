import { command, createOrchestrator, type Orchestrator, type TaskQueue } from '@orch/core'
import { type AgentScript, type MemoryRunner, type MemoryVcs, memoryRunner, memoryVcs } from '@orch/core/testing'
import { beadsQueue } from '../src/index.ts'
import { freshDatabase, program } from './real-bd.ts'

export interface Loop {
  readonly directory: string
  /** Commits that the target was moved to, oldest first. */
  readonly landed: readonly string[]
  readonly runner: MemoryRunner
  /** An orchestrator as a new process would make it, on what is left of the one before. */
  orchestrator(change?: (queue: TaskQueue) => TaskQueue): Orchestrator
}

/** The real loop on a real `bd`, with git and agents in memory; tasks land by themselves. */
export function loop(script: (vcs: MemoryVcs) => AgentScript = writesItsFile): Loop {
  const directory = freshDatabase()
  const memory = memoryVcs()
  const landed: string[] = []
  const vcs: MemoryVcs = {
    ...memory,
    async land(options) {
      const answer = await memory.land(options)
      if (answer.ok) landed.push(options.commit)
      return answer
    },
  }
  const runner = memoryRunner({ script: script(vcs) })
  return {
    directory,
    landed,
    runner,
    orchestrator: (change = (queue) => queue) =>
      createOrchestrator({
        queue: change(beadsQueue({ directory, program: program ?? 'bd' })),
        vcs,
        runner,
        agent: command({ argv: ['agent'] }),
        policy: { backoffMs: 1, landing: { by: 'orchestrator' } },
      }),
  }
}

function writesItsFile(vcs: MemoryVcs): AgentScript {
  return ({ directory, environment }) => {
    const id = environment.ORCH_TASK ?? ''
    vcs.edit(directory, { [`${id}.txt`]: `by ${id}\n` })
    return { exit: 0 }
  }
}

/** Agents that stay at work until the test ends them. */
export const staysAtWork =
  (vcs: MemoryVcs): AgentScript =>
  ({ directory, environment }) => {
    vcs.edit(directory, { [`${environment.ORCH_TASK}.txt`]: `attempt ${environment.ORCH_ATTEMPT}\n` })
    return undefined
  }
