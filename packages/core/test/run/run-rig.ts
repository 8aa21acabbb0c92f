import {
  command,
  createOrchestrator,
  type NewTask,
  type Orchestrator,
  type OrchestratorOptions,
  type PolicyInput,
} from '@orch/core'
import {
  type AgentScript,
  type MemoryQueue,
  type MemoryReviewHost,
  type MemoryRunner,
  type MemoryVcs,
  memoryBoard,
  memoryQueue,
  memoryReviewHost,
  memoryRunner,
  memoryVcs,
  task,
} from '@orch/core/testing'

export const agent = command({ argv: ['agent'] })

export interface Rig {
  readonly queue: MemoryQueue
  readonly vcs: MemoryVcs
  readonly runner: MemoryRunner
  readonly board: ReturnType<typeof memoryBoard>
  /** Whom the loop knows where changes land by it. */
  readonly host: MemoryReviewHost
  /** Another orchestrator on the same world. */
  orchestrator(more?: Partial<OrchestratorOptions>): Orchestrator
  readonly orch: Orchestrator
  /** `id status`, in the order of the source. */
  statuses(): Promise<readonly string[]>
  /** Everything that happened, as `event task`. */
  readonly events: readonly string[]
}

/** The real loop on memory adapters. Agents write the file named after their task and end well, unless a script says otherwise. */
export function rig(
  tasks: readonly NewTask[],
  options: { readonly policy?: PolicyInput; readonly script?: (vcs: MemoryVcs) => AgentScript } = {},
): Rig {
  const queue = memoryQueue({ tasks: tasks.map(({ id, ...fields }) => task(id, fields)) })
  const via = options.policy?.landing?.via ?? 'local'
  const vcs = memoryVcs({ via: via === 'local' ? 'local' : 'push' })
  const host = memoryReviewHost(vcs)
  const review = via === 'host' ? { review: host } : {}
  const script = options.script?.(vcs) ?? writesItsFile(vcs)
  const runner = memoryRunner({ script })
  const board = memoryBoard()
  const policy: PolicyInput = { backoffMs: 1, landing: { by: 'orchestrator' }, ...options.policy }
  const orchestrator = (more: Partial<OrchestratorOptions> = {}): Orchestrator =>
    createOrchestrator({ queue, vcs, runner, board, ...review, agent, policy, random: () => 0, ...more })
  const orch = orchestrator()
  const events: string[] = []
  for (const name of [
    'task-claimed',
    'task-started',
    'task-failed',
    'task-stuck',
    'task-landed',
    'task-closed',
    'task-waits',
  ] as const) {
    orch.on(name, (event: { task: string }) => events.push(`${name} ${event.task}`))
  }
  orch.on('problem', ({ message }) => events.push(`problem ${message}`))
  return {
    queue,
    vcs,
    runner,
    board,
    host,
    orchestrator,
    orch,
    events,
    async statuses() {
      const { tasks: rows } = await orch.status()
      return rows.map(({ id, status }) => `${id} ${status}`)
    },
  }
}

export function writesItsFile(vcs: MemoryVcs): AgentScript {
  return ({ directory, environment }) => {
    const id = environment.ORCH_TASK ?? ''
    // Checks run with the same runner; they have no attempt and leave the tree alone.
    if (environment.ORCH_ATTEMPT !== undefined) vcs.edit(directory, { [`${id}.txt`]: `by ${id}\n` })
    return { exit: 0 }
  }
}
