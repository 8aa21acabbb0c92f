import type { Task } from '../model/task.ts'
import type { Batch, Plan } from './plan.ts'

const fewFiles = 2
const someFiles = 10

/**
 * Whether running agents side by side is worth it. Files are counted by the patterns that tasks declare; a task that declares none counts as one.
 */
export function recommend(
  tasks: readonly Task[],
  batches: readonly Batch[],
  maxAgents: number,
): Plan['recommendation'] {
  if (tasks.length === 0) return { mode: 'direct', reason: 'there is nothing to do' }
  const patterns = new Set(tasks.flatMap((task) => task.writes ?? []))
  const silent = tasks.filter((task) => task.writes === undefined && task.kind === 'change').length
  const count = patterns.size + silent
  const counted = `${count} ${count === 1 ? 'file or folder is' : 'files or folders are'} declared`
  if (count <= fewFiles) {
    return { mode: 'direct', reason: `${counted}: do it directly, agents are not worth their start` }
  }
  if (count <= someFiles)
    return { mode: 'single', reason: `${counted}: one agent does it faster than several that wait for each other` }
  if (batches.every((batch) => batch.tasks.length < 2)) {
    const why = maxAgents < 2 ? 'only one agent may run' : 'the tasks are tightly coupled, no two can run side by side'
    return { mode: 'single', reason: `${counted}, but ${why}: one agent does it` }
  }
  const widest = Math.max(...batches.map((batch) => batch.tasks.length).slice(0, 10_000))
  return { mode: 'parallel', reason: `${counted}: up to ${widest} tasks run side by side` }
}
