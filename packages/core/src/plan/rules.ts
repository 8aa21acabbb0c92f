import { policyOf } from '../model/policy.ts'
import type { Task } from '../model/task.ts'
import { exclusiveScopes } from './hot-files.ts'
import type { PlanPolicy } from './plan.ts'
import { type Scope, scopeOf } from './scope.ts'

/** The rules that starting and planning share: who takes a seat, how long it takes, what it takes up, who excludes whom. */
export interface Rules {
  readonly maxAgents: number
  seat(task: Task): boolean
  minutes(task: Task): number
  /** The files that it may write and that keep it apart from others; null when nobody knows. */
  scope(task: Task): Scope | null
  /** The files whose writers keep it from running; null where nobody does. */
  reads(task: Task): Scope | null
  /** A task of unknown scope runs beside no other agent. */
  readonly alone: boolean
  readonly limits: Readonly<Record<'layer' | 'role' | 'feature', ReadonlyMap<string, number>>>
  readonly maxOpenReviews: number | null
  readonly resources: ReadonlyMap<string, number>
  readonly sharedFiles: readonly { readonly name: string; readonly scope: Scope }[]
}

const nothing = scopeOf([])

/** More minutes than anybody means; their sums stay finite. */
const longest = 1e12

export function rulesOf(policy: PlanPolicy): Rules {
  const choices = policyOf(policy)
  const scopes = new WeakMap<Task, Scope | null>()
  const exclusive = exclusiveScopes(choices)
  const scope = (task: Task): Scope | null => {
    if (task.writes !== undefined) return exclusive(task.writes)
    return task.kind === 'change' ? null : nothing
  }
  const { layers, roles, features } = choices.limits
  return {
    maxAgents: choices.maxAgents,
    seat: (task) => task.kind === 'change' || task.kind === 'read',
    minutes: (task) => {
      const minutes = task.minutes ?? (task.kind === 'sync' ? 0 : choices.minutes)
      // `ready` is asked about tasks that nobody has checked.
      return minutes >= 0 ? Math.min(minutes, longest) : 0
    },
    scope: (task) => {
      if (task.writes?.length === 0) return nothing
      let found = scopes.get(task)
      if (found === undefined) {
        found = scope(task)
        scopes.set(task, found)
      }
      return found
    },
    reads: (task) => {
      if (!choices.readsBlock || task.reads === undefined || task.reads.length === 0) return null
      return scopeOf(task.reads, choices)
    },
    alone: choices.unknownScope === 'alone',
    limits: {
      layer: new Map(Object.entries(layers)),
      role: new Map(Object.entries(roles)),
      feature: new Map(Object.entries(features)),
    },
    maxOpenReviews: choices.maxOpenReviews,
    resources: new Map(Object.entries(choices.resources)),
    sharedFiles: [...new Set(choices.sharedFiles)].map((name) => ({ name, scope: scopeOf([name], choices) })),
  }
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
