import type { Task } from '../model/task.ts'
import { overlapOf } from './overlap.ts'
import type { Wait } from './plan.ts'
import type { Rules } from './rules.ts'
import type { Scope } from './scope.ts'

/** What tasks use up together, by the index that planning gives it. */
export type Resource =
  | { readonly is: 'agents' }
  | { readonly is: 'reviews' }
  | { readonly is: 'layer' | 'role' | 'feature' | 'resource'; readonly name: string }
  | { readonly is: 'shared-file'; readonly name: string; readonly scope: Scope }

/** Units of one resource that a task takes; of a named one millionths. */
export interface Demand {
  readonly resource: number
  readonly units: number
}

/** Parts of a unit that are counted: sums of whole numbers are exact, three times 0.1 of 0.3 are all of it. */
const parts = 1e6

function inParts(units: number): number {
  return Math.max(1, Math.round(units * parts))
}

/** The resources of a policy, and what each task takes of them. Resources that no policy names are added when a task first asks for them. */
export class Resources {
  readonly all: Resource[] = []
  readonly capacities: number[] = []
  readonly #rules: Rules
  readonly #known = new Map<string, number>()
  readonly #shared: readonly number[]
  readonly #seat: Demand
  /** A change holds it from its start until it has landed. */
  readonly #review: Demand | null
  readonly #limited: readonly ('layer' | 'role' | 'feature')[]

  constructor(rules: Rules) {
    this.#rules = rules
    this.#limited = (['layer', 'role', 'feature'] as const).filter((is) => rules.limits[is].size > 0)
    this.#seat = { resource: this.#number({ is: 'agents' }, rules.maxAgents), units: 1 }
    const { maxOpenReviews } = rules
    this.#review =
      maxOpenReviews === null ? null : { resource: this.#number({ is: 'reviews' }, maxOpenReviews), units: 1 }
    this.#shared = rules.sharedFiles.map(({ name, scope }) => this.#number({ is: 'shared-file', name, scope }, 1))
  }

  /** @param works it runs now, rather than only keep its files */
  demands(task: Task, works = true): readonly Demand[] {
    const { limits } = this.#rules
    const seat = works && this.#rules.seat(task)
    const out: Demand[] = seat ? [this.#seat] : []
    if (this.#review !== null && task.kind === 'change') out.push(this.#review)
    for (const is of seat ? this.#limited : []) {
      const name = task[is]
      const limit = name === undefined ? undefined : limits[is].get(name)
      if (name !== undefined && limit !== undefined) {
        out.push({ resource: this.#number({ is, name }, limit), units: 1 })
      }
    }
    if (works && task.kind !== 'manual') {
      for (const [name, units] of Object.entries(task.resources)) {
        const capacity = this.#rules.resources.get(name) ?? 1
        out.push({ resource: this.#number({ is: 'resource', name }, inParts(capacity)), units: inParts(units) })
      }
    }
    const scope = this.#shared.length === 0 ? null : this.#rules.scope(task)
    for (const resource of scope === null ? [] : this.#shared) {
      const shared = this.all[resource]
      if (shared?.is !== 'shared-file' || scope === null) continue
      if (overlapOf(scope, shared.scope).is === 'overlap') out.push({ resource, units: 1 })
    }
    return out
  }

  /** Why a task waits that gets no unit; `task` is one that has some. */
  wait(resource: number, task: string | null): Wait {
    const found = this.all[resource]
    const limit = this.capacities[resource] ?? 0
    if (found === undefined || found.is === 'agents') return { for: 'agents', limit, task }
    if (found.is === 'reviews') return { for: 'reviews', limit, task }
    if (found.is === 'shared-file') return { for: 'shared-file', name: found.name, task }
    const shown = found.is === 'resource' ? limit / parts : limit
    return { for: 'limit', of: found.is, name: found.name, limit: shown, task }
  }

  #number(resource: Resource, capacity: number): number {
    const key = `${resource.is} ${'name' in resource ? resource.name : ''}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const number = this.all.push(resource) - 1
    this.capacities.push(capacity)
    this.#known.set(key, number)
    return number
  }
}
