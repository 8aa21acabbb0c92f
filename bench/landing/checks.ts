import { command, createOrchestrator } from '@orch/core'
import { memoryQueue, memoryRunner, memoryVcs, task } from '@orch/core/testing'

const changes = 120

interface Trains {
  /** Share of changes that are red by themselves. */
  readonly guilty: number
  readonly longest: number
}

/** Runs of the checks, those on the target included, for each change that landed: all wait when the first train leaves, and nobody repairs the guilty. */
export async function checksPerLanding({ guilty, longest }: Trains): Promise<number> {
  const ids = Array.from({ length: changes }, (_, at) => String(at + 1))
  const isGuilty = guiltyOnes(guilty)
  const queue = memoryQueue({ tasks: ids.map((id) => task(id, { writes: [`${id}.txt`, `guilty-${id}`] })) })
  const vcs = memoryVcs()
  const runner = memoryRunner({
    script: ({ directory, environment }) => {
      const id = environment.ORCH_TASK ?? ''
      if (environment.ORCH_ATTEMPT === undefined)
        return { exit: Object.keys(vcs.read(directory)).some((path) => path.startsWith('guilty-')) ? 1 : 0 }
      const name = isGuilty(Number(id)) ? `guilty-${id}` : `${id}.txt`
      vcs.edit(directory, { [name]: `${id}\n` })
      return { exit: 0 }
    },
  })
  const agent = command({ argv: ['agent'] })
  const landing = { checks: ['true'], train: longest, maxRepairs: 0 }
  const ports = { queue, vcs, runner, agent }
  await using work = createOrchestrator({ ...ports, policy: { maxAgents: 8, landing: { ...landing, by: 'human' } } })
  await work.run()
  await using lands = createOrchestrator({ ...ports, policy: { landing: { ...landing, by: 'orchestrator' } } })
  await lands.run()
  const { tasks } = await lands.status()
  const landed = tasks.filter(({ status }) => status === 'merged').length
  const expected = ids.filter((id) => !isGuilty(Number(id))).length
  if (landed !== expected) throw new Error(`${landed} of ${expected} changes have landed`)
  return runner.starts.filter(({ key }) => key.startsWith('check-')).length / landed
}

/** The same ones each time, in no order. */
function guiltyOnes(share: number): (at: number) => boolean {
  return (at) => ((at * 2_654_435_761) % 2 ** 32) / 2 ** 32 < share
}

/** Below this no way of asking can be, when a run answers for at most `longest` changes: each answer is one bit, and one train is one run. */
export function fewestChecks({ guilty, longest }: Trains): number {
  const bits = (share: number): number => (share === 0 ? 0 : -share * Math.log2(share))
  return Math.max(1 / longest, bits(guilty) + bits(1 - guilty)) / (1 - guilty)
}
