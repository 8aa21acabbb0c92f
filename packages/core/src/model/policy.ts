import type { Glob } from './task.ts'

/** Limits and choices of a run. Every field has a default, see `policyOf`. */
export interface Policy {
  /** Agents that may be alive together, counting every orchestrator on the queue. Default 3. */
  readonly maxAgents: number
  /** A task without `writes`: `warn` runs it and says so, `alone` runs nothing beside it, `allow` says nothing. Default `warn`. */
  readonly unknownScope: 'warn' | 'alone' | 'allow'
  /** Whether paths that differ in case are different files. Default true. */
  readonly caseSensitive: boolean
  /** Minutes that a task without an estimate is planned with. Default 30. */
  readonly minutes: number
  /** Attempts before a task is stuck. Default 3. */
  readonly maxAttempts: number
  /** Milliseconds before the second attempt; doubles with each further one up to 5 minutes. Default 1000. */
  readonly backoffMs: number
  /** A turn that shows no sign for this long is stopped. Milliseconds, default 30 minutes. */
  readonly idleMs: number
  /** A turn that lives longer is stopped. Milliseconds, default 4 hours. */
  readonly turnMs: number
  /** An owner whose beat stands still for this long has lost its tasks. Milliseconds, default 15 000. */
  readonly leaseMs: number
  /** New files that a task without a scope leaves behind are sealed when they match. Default everything. */
  readonly seal: readonly Glob[]
  /** What the branches of tasks begin with: `orch/` and the task's slug. Default `orch/`. */
  readonly branchPrefix: string
  readonly landing: Landing
}

export interface Landing {
  /** Who lets a change onto the target: `human` waits for `orch land`. Default `human`. */
  readonly by: 'human' | 'orchestrator'
  /** Default `merge`. */
  readonly method: 'merge' | 'squash' | 'rebase'
  /** Where it lands: this repository only. Pushing and hosts come with their adapters. */
  readonly via: 'local'
  /** Commands that must succeed on the candidate, each run by `sh -c` in its own check-out. They come from configuration only. Default none. */
  readonly checks: readonly string[]
  /** Milliseconds that the checks may take together. Default 30 minutes. */
  readonly checkMs: number
  /** Times that a red check or a conflict goes back to the agent before a person decides. Default 2. */
  readonly maxRepairs: number
  /**
   * How many changes are checked at the same time, each on top of those that land before it. They land one after the other; when one is red,
   * those behind it are checked again without it. Default 4; 1: no checks before the change is the next to land.
   */
  readonly train: number
}

export type PolicyInput = Partial<Omit<Policy, 'landing'>> & { readonly landing?: Partial<Landing> }

export const defaultPolicy: Policy = {
  maxAgents: 3,
  unknownScope: 'warn',
  caseSensitive: true,
  minutes: 30,
  maxAttempts: 3,
  backoffMs: 1000,
  idleMs: 30 * 60_000,
  turnMs: 4 * 3_600_000,
  leaseMs: 15_000,
  seal: ['**'],
  branchPrefix: 'orch/',
  landing: { by: 'human', method: 'merge', via: 'local', checks: [], checkMs: 30 * 60_000, maxRepairs: 2, train: 4 },
}

/** The given choices over the defaults. */
export function policyOf(given: PolicyInput = {}): Policy {
  return { ...defaultPolicy, ...given, landing: { ...defaultPolicy.landing, ...given.landing } }
}
