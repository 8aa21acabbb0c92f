import { command, createOrchestrator } from '@orch/core'
import { memoryQueue, memoryRunner, memoryVcs } from '@orch/core/testing'
import { median } from '../figure.ts'

const tasks = 200
const rounds = 5

/** Microseconds of CPU for each write of a record, over a run of tasks from claim to closed on the memory adapters. */
export async function cpuPerTransition(): Promise<number> {
  const times: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const cost = await runOnce()
    // The first is to warm up.
    if (round > 0) times.push(cost)
  }
  return median(times)
}

async function runOnce(): Promise<number> {
  let moves = 0
  const vcs = memoryVcs()
  const kept = memoryQueue({
    tasks: Array.from({ length: tasks }, (_, index) => ({ id: `t${index}`, writes: [`${index}.txt`] })),
  })
  const queue = {
    ...kept,
    async write(options: Parameters<typeof kept.write>[0]) {
      const written = await kept.write(options)
      if (written.ok) moves++
      return written
    },
  }
  const runner = memoryRunner({
    script: ({ directory, environment: { ORCH_TASK: id = '' } }) => {
      vcs.edit(directory, { [`${id.slice(1)}.txt`]: id })
      return { exit: 0 }
    },
  })
  await using orch = createOrchestrator({
    queue,
    vcs,
    runner,
    agent: command({ argv: ['nothing'] }),
    policy: { maxAgents: 10, landing: { by: 'orchestrator' } },
  })
  const before = process.cpuUsage()
  const { outcome } = await orch.run()
  const { user, system } = process.cpuUsage(before)
  if (outcome !== 'done') throw new Error(`the run ended with ${outcome}`)
  return (user + system) / moves
}
