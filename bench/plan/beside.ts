import { command, createOrchestrator, type Task } from '@orch/core'
import { memoryQueue, memoryRunner, memoryVcs } from '@orch/core/testing'
import { type DependencyList, PGraph } from 'p-graph'
import { type Figure, median } from '../figure.ts'
import { dependentTasks } from './generated.ts'

const agents = 16
const rounds = 9

/**
 * A thousand tasks that do nothing, with the same dependencies, 16 at a time: as functions by p-graph, and as agents by the whole loop
 * on the memory adapters. There a task is claimed, gets a workspace, is started, seen to have ended and closed.
 */
export async function besidePGraph(): Promise<readonly Figure[]> {
  // Agents that only read are not expected to land anything.
  const tasks = dependentTasks(1000).map((task): Task => ({ ...task, kind: 'read' }))
  const times: Record<'p-graph-1000' | 'orch-memory-1000', number[]> = { 'p-graph-1000': [], 'orch-memory-1000': [] }
  for (let round = 0; round <= rounds; round++) {
    const both = {
      'p-graph-1000': await timed(() => byPGraph(tasks)),
      'orch-memory-1000': await timed(() => byOrch(tasks)),
    }
    // The first is to warm up.
    if (round === 0) continue
    times['p-graph-1000'].push(both['p-graph-1000'])
    times['orch-memory-1000'].push(both['orch-memory-1000'])
  }
  return Object.entries(times).map(([figure, all]) => ({
    bench: 'plan',
    figure,
    value: median(all),
    unit: 'ms',
    goal: null,
  }))
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

async function byPGraph(tasks: readonly Task[]): Promise<void> {
  let done = 0
  const run = async () => {
    done++
  }
  const nodes = new Map(tasks.map(({ id }) => [id, { run }]))
  const dependencies: DependencyList = tasks.flatMap(({ id, dependsOn }) =>
    dependsOn.map((on): [string, string] => [on, id]),
  )
  await new PGraph(nodes, dependencies).run({ concurrency: agents })
  if (done !== tasks.length) throw new Error(`p-graph ran ${done} tasks`)
}

async function byOrch(tasks: readonly Task[]): Promise<void> {
  let done = 0
  const script = () => {
    done++
    return { exit: 0 }
  }
  await using orch = createOrchestrator({
    queue: memoryQueue({ tasks }),
    vcs: memoryVcs(),
    runner: memoryRunner({ script }),
    agent: command({ argv: ['nothing'] }),
    policy: { maxAgents: agents },
  })
  const { outcome } = await orch.run()
  if (outcome !== 'done' || done !== tasks.length) throw new Error(`the run ended with ${outcome} after ${done} tasks`)
}
