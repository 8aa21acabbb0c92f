import { command, createOrchestrator, type NewTask, type Orchestrator, type PolicyInput } from '@orch/core'
import type { Files } from '@orch/core/testing'
import { local } from '../src/local.ts'
import { type TestRepository, testRepository } from './git-repository.ts'
import { signal } from './git-task.ts'

export interface Ended {
  readonly repository: TestRepository
  readonly orch: Orchestrator
  readonly outcome: string
  readonly conflicts: readonly string[]
}

/** Agents that each wait with their `work` until all are there, and land what goes together; `look` sees what came of it. */
export async function sideBySide<T>(
  given: {
    readonly files: Files
    readonly tasks: readonly NewTask[]
    readonly work: string
    readonly policy: PolicyInput
    readonly listen?: (orch: Orchestrator) => void
  },
  look: (ended: Ended) => T,
): Promise<Awaited<T>> {
  const { tasks, policy } = given
  using repository = testRepository(given.files)
  const there = `'${repository.folder}/there'`
  const meeting = `mkdir -p ${there}; : >${there}/"$ORCH_TASK"; until [ $(ls ${there} | wc -l) = ${tasks.length} ]; do sleep 0.02; done`
  await using orch = createOrchestrator({
    ...local({
      repository: repository.root,
      target: 'main',
      agent: command({ argv: ['sh', '-c', `${meeting}; ${given.work}; git add -A; git commit -qm "$ORCH_TASK"`] }),
    }),
    policy: { ...policy, turnMs: 30_000, landing: { by: 'orchestrator', maxRepairs: 0, ...policy.landing } },
  })
  const conflicts: string[] = []
  orch.on('conflict-found', ({ conflict }) => conflicts.push(conflict.task))
  given.listen?.(orch)
  await orch.add(tasks)
  const { outcome } = await orch.run({ signal: AbortSignal.any([signal, AbortSignal.timeout(50_000)]) })
  return await look({ repository, orch, outcome, conflicts })
}
