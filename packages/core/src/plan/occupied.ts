import type { Task, TaskId } from '../model/task.ts'
import type { Wait } from './plan.ts'
import type { Prepared } from './prepared.ts'

/** What is taken by the tasks in flight: files, agents, and whatever else has a limit. */
export class Occupied {
  readonly #prepared: Prepared
  readonly #maxAgents: number
  readonly #used = new Map<number, { units: number; readonly by: Task }>()
  readonly #classes = new Map<number, Task[]>()
  /** Why the next one waits, by the resource of which it gets nothing while somebody has some. */
  readonly #waits: Wait[] = []

  constructor(prepared: Prepared, maxAgents: number) {
    this.#prepared = prepared
    this.#maxAgents = maxAgents
  }

  /** @param works it runs now, rather than only keep its files */
  add(index: number, task: Task, works: boolean): void {
    const { resources, demands, working, holding } = this.#prepared
    for (const { resource, units } of (works ? demands[index] : resources.demands(task, false)) ?? []) {
      const used = this.#used.get(resource)
      if (used === undefined) this.#used.set(resource, { units, by: task })
      else used.units += units
    }
    const taken = (works ? working : holding)[index] ?? -1
    if (taken < 0) return
    const holders = this.#classes.get(taken)
    if (holders === undefined) this.#classes.set(taken, [task])
    else holders.push(task)
  }

  /**
   * What keeps a task from starting.
   * @param shares whether it may have the files of that one
   */
  against(index: number, task: Task, shares: (other: TaskId) => boolean): Wait | null {
    const { resources, demands, working, excludes, exclusions } = this.#prepared
    const own = working[index] ?? -1
    const to = own < 0 ? 0 : (excludes.at[own + 1] ?? 0)
    for (let at = excludes.at[own] ?? 0; at < to; at++) {
      const other = this.#classes.get(excludes.items[at] ?? -1)?.find(({ id }) => !shares(id))
      if (other !== undefined) return exclusions.between(task, other)
    }
    for (const { resource, units } of demands[index] ?? []) {
      const used = this.#used.get(resource)
      const capacity = resource === 0 ? this.#maxAgents : (resources.capacities[resource] ?? 0)
      if ((used?.units ?? 0) + units <= capacity) continue
      // Most of those that wait, wait for the same.
      const known = this.#waits[resource]
      if (known !== undefined && used !== undefined) return known
      const found = resources.wait(resource, used?.by.id ?? null)
      const wait = found.for === 'agents' ? { ...found, limit: this.#maxAgents } : found
      if (used !== undefined) this.#waits[resource] = wait
      return wait
    }
    return null
  }
}
