import { defaultPolicy } from '../model/policy.ts'
import type { Task } from '../model/task.ts'
import { type Graph, remaining } from './graph.ts'
import { overlapOf } from './overlap.ts'
import type { PlanPolicy } from './plan.ts'
import { type Scope, scopeOf } from './scope.ts'

/** The rules that starting and planning share: who takes a seat, how long it takes, who goes first, who excludes whom. */
export interface Rules {
  readonly maxAgents: number
  seat(task: Task): boolean
  minutes(task: Task): number
  /** The files that it may write; null when nobody knows. */
  scope(task: Task): Scope | null
  readonly alone: boolean
}

const nothing = scopeOf([])

export function rulesOf(policy: PlanPolicy): Rules {
  const choices = { ...defaultPolicy, ...policy }
  const scopes = new Map<Task, Scope | null>()
  const scope = (task: Task): Scope | null => {
    if (task.writes !== undefined) return scopeOf(task.writes, choices)
    return task.kind === 'change' ? null : nothing
  }
  return {
    maxAgents: choices.maxAgents,
    seat: (task) => task.kind === 'change' || task.kind === 'read',
    minutes: (task) => task.minutes ?? (task.kind === 'sync' ? 0 : choices.minutes),
    scope: (task) => {
      let found = scopes.get(task)
      if (found === undefined) {
        found = scope(task)
        scopes.set(task, found)
      }
      return found
    },
    alone: choices.unknownScope === 'alone',
  }
}

/** The place of each task in the order of start: priority, then the longest chain behind it, then id. */
export function ranks(graph: Graph, rules: Rules): Uint32Array {
  const { tasks } = graph
  const chain = remaining(graph, (index) => {
    const task = tasks[index]
    return task === undefined ? 0 : rules.minutes(task)
  })
  const order = [...tasks.entries()].sort(
    ([a, one], [b, other]) =>
      one.priority - other.priority || (chain[b] ?? 0) - (chain[a] ?? 0) || byText(one.id, other.id) || a - b,
  )
  const out = new Uint32Array(tasks.length)
  for (const [rank, [index]] of order.entries()) out[index] = rank
  return out
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface Occupant {
  readonly index: number
  readonly scope: Scope | null
  readonly seat: boolean
}

/** The scopes that are taken. Scopes whose patterns lie in different folders never meet. */
export class Occupied {
  readonly #rules: Rules
  readonly #all = new Map<number, Occupant>()
  /** By first folder; those with a pattern that is in no one folder are in `#anywhere`. */
  readonly #folders = new Map<string, Set<number>>()
  readonly #anywhere = new Set<number>()
  readonly #unknown = new Set<number>()

  constructor(rules: Rules) {
    this.#rules = rules
  }

  /** @param works it runs now, rather than only keep its scope */
  add(index: number, task: Task, works: boolean): void {
    const occupant = { index, scope: this.#rules.scope(task), seat: works && this.#rules.seat(task) }
    this.#all.set(index, occupant)
    for (const place of this.#places(occupant)) place.add(index)
  }

  remove(index: number): void {
    const occupant = this.#all.get(index)
    if (occupant === undefined) return
    this.#all.delete(index)
    for (const place of this.#places(occupant)) place.delete(index)
  }

  /** Who keeps `task` from starting, with a path that both may write. */
  against(task: Task): { readonly index: number; readonly path: string | null } | null {
    const scope = this.#rules.scope(task)
    if (this.#rules.alone) {
      const found = this.#againstUnknown(task, scope)
      if (found !== null) return { index: found, path: null }
    }
    if (scope === null || scope.positive.length === 0) return null
    const candidates = this.#near(scope)
    for (const index of candidates) {
      const other = this.#all.get(index)?.scope
      if (other === undefined || other === null) continue
      const answer = overlapOf(scope, other)
      if (answer.is === 'overlap') return { index, path: answer.path }
    }
    return null
  }

  /** Those that a scope may meet, always in the same order. */
  #near(scope: Scope): Iterable<number> {
    if (scope.positive.some((entry) => entry.folder === null)) return this.#all.keys()
    const near = new Set(this.#anywhere)
    for (const { folder } of scope.positive) for (const index of this.#folders.get(folder ?? '') ?? []) near.add(index)
    return near.size < 2 ? near : [...near].sort((a, b) => a - b)
  }

  /** A task whose scope nobody knows runs beside no other agent, and beside nobody's unlanded files. */
  #againstUnknown(task: Task, scope: Scope | null): number | null {
    const mayWrite = (one: Scope | null) => one === null || one.positive.length > 0
    if (scope === null) {
      for (const other of this.#all.values()) if (other.seat || mayWrite(other.scope)) return other.index
      return null
    }
    for (const index of this.#unknown) {
      if (mayWrite(scope) || (this.#all.get(index)?.seat && this.#rules.seat(task))) return index
    }
    return null
  }

  #places(occupant: Occupant): Set<number>[] {
    if (occupant.scope === null) return [this.#unknown]
    const out = new Set<Set<number>>()
    for (const { folder } of occupant.scope.positive) {
      if (folder === null) out.add(this.#anywhere)
      else {
        const place = this.#folders.get(folder) ?? new Set()
        this.#folders.set(folder, place)
        out.add(place)
      }
    }
    return [...out]
  }
}
