import { join } from 'node:path'
import { local } from '@orch/adapter-local'
import { command, createOrchestrator, type Orchestrator } from '@orch/core'
import { type BenchRepository, benchRepository } from '../run/repository.ts'

/** Says who it is, then lives until its turn is put away. */
const script = 'echo $$ > "$1/$ORCH_TASK.pid"; while [ -e "$ORCH_PROMPT_FILE" ]; do sleep 0.1; done'

export interface AtWork extends AsyncDisposable {
  readonly orch: Orchestrator
  readonly repository: BenchRepository
  /** Where each agent has written its process id. */
  readonly folder: string
}

/** A repository with so many known tasks, at so many of which real agents work that never end. */
export async function agentsAtWork(known: number, agents: number): Promise<AtWork> {
  const repository = benchRepository()
  const folder = join(repository.root, '..')
  const agent = command({ argv: ['sh', '-c', script, 'agent', folder] })
  const orch = createOrchestrator({
    ...local({ repository: repository.root, target: 'main', agent }),
    policy: { maxAgents: agents, maxAttempts: 1 },
  })
  await orch.add(Array.from({ length: known }, (_, index) => ({ id: `t${index}`, writes: [`${index}.txt`] })))
  const started = new Set<string>()
  const enough = new AbortController()
  orch.on('task-started', ({ task }) => {
    if (started.add(task).size === agents) enough.abort()
  })
  await orch.run({ signal: enough.signal })
  return {
    orch,
    repository,
    folder,
    async [Symbol.asyncDispose]() {
      await orch.stopAgents()
      await orch[Symbol.asyncDispose]()
      repository[Symbol.dispose]()
    },
  }
}
