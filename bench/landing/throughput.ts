import { local } from '@orch/adapter-local'
import { command, createOrchestrator } from '@orch/core'
import { benchRepository } from '../run/repository.ts'

/** Lands changes that wait already and have nothing to do with each other, on real git, until the last one is on the target. */
export async function landingsPerMinute({
  changes,
  train,
  lanes = 1,
  check = 'true',
}: {
  readonly changes: number
  readonly train: number
  readonly lanes?: number
  readonly check?: string
}): Promise<number> {
  using repository = benchRepository()
  const write = 'echo "$ORCH_TASK" > "$ORCH_TASK.txt" && git add -A && git commit --quiet -m "$ORCH_TASK"'
  const agent = command({ argv: ['sh', '-c', write] })
  const open = (by: 'human' | 'orchestrator') => {
    const ports = local({ repository: repository.root, target: 'main', agent })
    return createOrchestrator({ ...ports, policy: { maxAgents: 4, landing: { by, checks: [check], train, lanes } } })
  }
  {
    await using orch = open('human')
    const ids = Array.from({ length: changes }, (_, at) => String(at + 1))
    await orch.add(ids.map((id) => ({ id, title: id, writes: [`${id}.txt`] })))
    await orch.run()
  }
  await using orch = open('orchestrator')
  const begun = performance.now()
  let last = begun
  orch.on('task-landed', () => {
    last = performance.now()
  })
  await orch.run()
  const landed = repository.landed(changes)
  if (landed !== changes) throw new Error(`${landed} of ${changes} changes have landed`)
  return changes / ((last - begun) / 60_000)
}
