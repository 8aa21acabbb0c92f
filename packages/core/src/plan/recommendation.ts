import { defaultPolicy } from '../model/policy.ts'
import type { Task } from '../model/task.ts'
import { independentParts } from './coupling.ts'
import type { Batch, Plan, PlanPolicy } from './plan.ts'

/**
 * Whether running agents side by side is worth it, by the thresholds of `policy.worth`. Files are counted by the patterns that tasks declare; a task that declares none
 * counts as one. Tasks that may write the same file, directly or through others, are for one agent.
 */
export function recommend(
  tasks: readonly Task[],
  batches: readonly Batch[],
  maxAgents: number,
  policy: PlanPolicy = {},
): Plan['recommendation'] {
  if (tasks.length === 0) return { mode: 'direct', reason: 'there is nothing to do' }
  const { direct, single } = { ...defaultPolicy.worth, ...policy.worth }
  const patterns = new Set<string>()
  let silent = 0
  for (const { writes, kind } of tasks) {
    if (writes !== undefined) for (const glob of writes) patterns.add(glob)
    else if (kind === 'change') silent++
  }
  const count = patterns.size + silent
  const counted = `${count} ${count === 1 ? 'file or folder is' : 'files or folders are'} declared`
  if (count <= direct) return { mode: 'direct', reason: `${counted}: do it directly, agents are not worth their start` }
  if (count <= single)
    return { mode: 'single', reason: `${counted}: one agent does it faster than several that wait for each other` }
  const one = (why: string): Plan['recommendation'] => ({
    mode: 'single',
    reason: `${counted}, but ${why}: one agent does it`,
  })
  if (maxAgents < 2) return one('only one agent may run')
  if (batches.every((batch) => batch.tasks.length < 2)) {
    return one('the tasks are tightly coupled, no two can run side by side')
  }
  const parts = independentParts(tasks, policy) + silent
  if (parts < 2) return one('the tasks are tightly coupled, their files all overlap')
  const widest = batches.reduce((most, batch) => Math.max(most, batch.tasks.length), 0)
  return { mode: 'parallel', reason: `${counted} in ${parts} parts: up to ${widest} tasks run side by side` }
}
