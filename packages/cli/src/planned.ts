import type { Plan, Policy, ScopeReport, Task } from '@orch/core'
import type { PlanChoices } from '@orch/core/plan'
import type { Call } from './answer.ts'

/** A plan, and the tasks that it is of. */
export interface Planned {
  readonly plan: Plan
  readonly tasks: readonly Task[]
  /** How well the tasks that have landed declared what they changed; null for the tasks of a file. */
  readonly scopes: ScopeReport | null
}

export interface Choices extends PlanChoices {
  /** Look at what has landed. Default false. */
  readonly scopes?: boolean
}

/** The plan of the tasks in a file, which are not stored; without a file, of those that are. */
export async function planned(call: Call, file: string | undefined, choices: Choices = {}): Promise<Planned> {
  return file === undefined ? storedPlan(call, choices) : filePlan(call, file, choices)
}

async function storedPlan(call: Call, { scopes = false, ...choices }: Choices): Promise<Planned> {
  const { open } = await import('./open.ts')
  await using opened = await open(call)
  const { orchestrator } = opened
  const plan = await orchestrator.plan(choices)
  return {
    plan,
    tasks: await orchestrator.tasks(),
    scopes: scopes ? await orchestrator.scopes() : null,
  }
}

async function filePlan(
  call: Call,
  file: string,
  { maxAgents, scopes: _scopes, ...options }: Choices,
): Promise<Planned> {
  const { readTasks } = await import('./task-file.ts')
  const policy = await repositoryPolicy(call)
  const given = await readTasks({ file, directory: call.directory, policy })
  const { taskOf, withEpics } = await import('@orch/core')
  const { planTasks } = await import('@orch/core/plan')
  const own = given.map((task) => taskOf(task))
  const tasks = withEpics(own, new Map(), policy)
  const plan = planTasks(tasks, maxAgents === undefined ? policy : { ...policy, maxAgents }, options)
  return { plan, tasks, scopes: null }
}

/** The limits that this repository has; outside of one, the defaults: a plan needs no repository. */
export async function repositoryPolicy(call: Call): Promise<Policy> {
  const { findRepository } = await import('@orch/adapter-local')
  const { OrchError, policyOf } = await import('@orch/core')
  const { loadConfiguration } = await import('./configuration/load.ts')
  let root = call.directory
  try {
    root = (await findRepository(call.directory)).root
  } catch (error) {
    if (!OrchError.is(error) || error.code !== 'not-a-repository') throw error
  }
  const { configuration } = await loadConfiguration({ directory: call.directory, root })
  return policyOf(configuration.policy)
}
