import type { Task } from '../model/task.ts'
import { listAt } from './lists.ts'
import type { Wait } from './plan.ts'
import type { Prepared } from './prepared.ts'

/** What is taken by the tasks in flight: files, agents, and whatever else has a limit. */
export class Occupied {
  readonly #prepared: Prepared
  readonly #maxAgents: number
  readonly #used = new Map<number, { units: number; readonly by: Task }>()
  readonly #classes = new Map<number, Task>()

  constructor(prepared: Prepared, maxAgents: number) {
    this.#prepared = prepared
    this.#maxAgents = maxAgents
  }

  /** @param works it runs now, rather than only keep its files */
  add(index: number, task: Task, works: boolean): void {
    const { resources, working, holding } = this.#prepared
    for (const { resource, units } of resources.demands(task, works)) {
      const used = this.#used.get(resource)
      if (used === undefined) this.#used.set(resource, { units, by: task })
      else used.units += units
    }
    const taken = (works ? working : holding)[index] ?? -1
    if (taken >= 0 && !this.#classes.has(taken)) this.#classes.set(taken, task)
  }

  /** What keeps a task from starting. */
  against(index: number, task: Task): Wait | null {
    const { resources, working, excludes, exclusions } = this.#prepared
    const own = working[index] ?? -1
    const excluded = own < 0 ? undefined : listAt(excludes, own).find((one) => this.#classes.has(one))
    const other = excluded === undefined ? undefined : this.#classes.get(excluded)
    if (other !== undefined) return exclusions.between(task, other)
    for (const { resource, units } of resources.demands(task)) {
      const used = this.#used.get(resource)
      const capacity = resource === 0 ? this.#maxAgents : (resources.capacities[resource] ?? 0)
      if ((used?.units ?? 0) + units <= capacity) continue
      const wait = resources.wait(resource, used?.by.id ?? null)
      return wait.for === 'agents' ? { ...wait, limit: this.#maxAgents } : wait
    }
    return null
  }
}
