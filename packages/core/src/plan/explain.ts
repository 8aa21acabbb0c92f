import type { TaskId } from '../model/task.ts'
import type { Plan, Wait } from './plan.ts'

/** Why a task of the plan does not start at once, in one sentence; the wait that binds, where there are several. */
export function explain(plan: Plan, id: TaskId): string {
  const task = plan.tasks.find((one) => one.id === id)
  if (task === undefined) return `${id} is not part of the plan`
  const [binding] = task.waits
  if (binding === undefined) return `${id} starts at once`
  return `${id} waits for ${whom(binding)}: ${why(binding)}`
}

/** The same for a list: `waits for 124 (depends on it)`. */
export function sayWait(wait: Wait): string {
  return `waits for ${whom(wait)} (${inBrackets(wait)})`
}

/** What no plan can be shorter than, to follow "at least … min by". */
export function sayBound({ by, name }: Plan['lowerBound']): string {
  switch (by) {
    case 'critical-path':
      return 'the critical path'
    case 'agents':
      return 'the number of agents'
    case 'exclusive-file':
      return name === undefined ? 'one file that many need' : `${name}, which many need`
    case 'limit':
      return `the limit of ${name ?? 'a resource'}`
  }
}

function inBrackets(wait: Wait): string {
  if (wait.for === 'overlap' && wait.path !== null) return `both write ${wait.path}`
  return why(wait)
}

function whom(wait: Wait): string {
  switch (wait.for) {
    case 'hold':
    case 'person':
      return 'a person'
    case 'agents':
      return wait.task ?? 'an agent'
    case 'limit':
      return wait.task ?? `the ${wait.of} ${wait.name}`
    case 'reviews':
      return wait.task ?? 'a review'
    case 'shared-file':
      return wait.task ?? wait.name
    default:
      return wait.task
  }
}

function why(wait: Wait): string {
  switch (wait.for) {
    case 'dependency':
      return 'depends on it'
    case 'stack':
      return 'is stacked on it'
    case 'pattern':
      return `follows its pattern ${wait.pattern}`
    case 'group':
      return 'the same group, one after the other'
    case 'overlap':
      return wait.path === null ? 'they may write the same files' : `both may write ${wait.path}`
    case 'reads':
      return wait.path === null ? 'one reads what the other writes' : `one reads ${wait.path}, the other writes it`
    case 'limit':
      return wait.of === 'resource'
        ? `only ${wait.limit} of the resource ${wait.name}`
        : `only ${wait.limit} of the ${wait.of} ${wait.name} may run`
    case 'reviews':
      return wait.limit === 1
        ? 'only 1 change may be under way or wait to land'
        : `only ${wait.limit} changes may be under way or wait to land`
    case 'shared-file':
      return `one task at a time writes ${wait.name}`
    case 'batch':
      return 'the batch before ends with it'
    case 'agents':
      return wait.limit === 1 ? 'only 1 agent may run' : `only ${wait.limit} agents may run`
    case 'hold':
      return 'it is on hold'
    case 'person':
      return 'a person does it'
    case 'lost':
      return 'it was cancelled or does not exist'
  }
}
