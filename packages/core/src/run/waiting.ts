import { startedOnLost } from '../decide/branch-moves.ts'
import { type Gate, letsStart } from '../decide/gate.ts'
import { guardedIn } from '../decide/landing.ts'
import { isApproved } from '../decide/reviewing.ts'
import type { notLanded } from '../decide/stacking.ts'
import { isStale, staleText } from '../decide/stale.ts'
import type { Policy } from '../model/policy.ts'
import type { RunState } from '../model/run-state.ts'
import { shown } from '../model/shown.ts'
import type { Task, TaskId } from '../model/task.ts'
import { sayWait } from '../plan/explain.ts'
import type { Wait } from '../plan/plan.ts'
import type { StatusRow } from './reports.ts'

export interface Waiting {
  readonly for: NonNullable<StatusRow['waitsFor']>
  /** One sentence, with the command that ends it where a person can. */
  readonly why: string
}

/** What is known of a task beside what it says itself. */
export interface Facts {
  readonly state: RunState | null
  /** Where its workspace is; null when there is none. */
  readonly directory: string | null
  /** What the planner says. */
  readonly waits: readonly Wait[]
  /** Those that its branch started on: who has not landed, and who never will. */
  readonly bases: ReturnType<typeof notLanded>
  readonly gate: Gate | null
  /** By the policy `pause`, whose change goes first. */
  readonly apart: TaskId | null
  /** Nothing lands because of it. */
  readonly haltedBy: TaskId | null
  readonly policy: Policy
}

/** Waits that stay when what could start now has started. */
const lasting = new Set<Wait['for']>(['dependency', 'stack', 'pattern', 'hold', 'person', 'lost'])

/** What a task waits for; null when it is at work, stuck or closed, or starts next. */
export function waitingOf(task: Task, facts: Facts): Waiting | null {
  const { state, waits, policy } = facts
  const held = heldBack(task, facts)
  if (held !== null) return held
  const first = waits[0]
  const kept = gated(task, facts)
  // Whom it waits for may itself be kept from starting.
  if (kept !== null && (first === undefined || !lasting.has(first.for))) return kept
  if (first !== undefined) return { for: first.for, why: startText(task, first) }
  if (state === null || state.outcome !== null || state.run.stuck !== null) return null
  if (state.run.wants !== null) {
    const next = state.run.wants === 'turn' ? 'its next turn' : 'its next attempt'
    return { for: 'seat', why: `waits for ${next} (${state.run.why})` }
  }
  if (state.phase !== 'pr_created') return null
  const { left, lost } = facts.bases
  if (lost.length > 0) return { for: 'stack', why: startedOnLost(lost) }
  if (left.length > 0) return { for: 'stack', why: buildsOn(left) }
  if (state.review?.waits != null) return state.review.waits
  if (facts.haltedBy !== null)
    return { for: 'violated', why: `nothing lands while ${facts.haltedBy} is stuck, whose landing was violated` }
  if (isUnreviewed(state, policy)) {
    const isRunning = state.review?.reviewer?.run != null
    return { for: 'review', why: isRunning ? 'its reviewer looks at it' : 'waits for its reviewer' }
  }
  const guarded = guardedIn(state)
  if (guarded.length > 0 && state.review?.approved !== true)
    return { for: 'approval', why: `changes ${some(guarded)}, which is protected: ${commandFor('land', task.id)}` }
  if (policy.landing.by === 'human' && state.review?.approved !== true)
    return { for: 'approval', why: `waits for landing: ${commandFor('land', task.id)}` }
  const candidate = state.review?.candidate ?? null
  if (candidate === null) return { for: 'turn-to-land', why: 'waits for its turn to land' }
  return { for: 'checks', why: isStale(candidate) ? `a command makes ${staleText(candidate)}` : 'its checks run' }
}

/** Neither a person nor a reviewer agent has let it through, and the policy asks one. */
function isUnreviewed(state: RunState, { landing }: Policy): boolean {
  return landing.review === 'agent' && state.review?.approved !== true && !isApproved(state)
}

/** It wants a seat: for an agent of its own, or for its reviewer. */
function wantsSeat(task: Task, state: RunState | null, policy: Policy): boolean {
  if (state === null || state.phase === 'open') return task.state === 'open'
  const wantsReviewer = state.phase === 'pr_created' && state.review?.reviewer?.run == null
  return state.run.wants !== null || (wantsReviewer && isUnreviewed(state, policy))
}

/** A person keeps it from going on. */
function heldBack(task: Task, { state, directory, policy }: Facts): Waiting | null {
  if (state === null || state.outcome !== null || state.run.stuck !== null) return null
  if (state.run.taken != null) {
    const where = directory === null ? '' : ` in ${directory}`
    return { for: 'taken', why: `taken by a person${where}: ${commandFor('give', task.id)} hands it back` }
  }
  if (state.run.paused !== true || !wantsSeat(task, state, policy)) return null
  return { for: 'paused', why: `paused: ${commandFor('resume', task.id)}` }
}

/** It could start, and nothing is started now. */
function gated(task: Task, { state, gate, apart, policy }: Facts): Waiting | null {
  if (!wantsSeat(task, state, policy) || task.state !== 'open' || (state !== null && state.outcome !== null))
    return null
  if (apart !== null)
    return { for: 'conflict', why: `waits for ${apart}, which goes first: the two would not merge (orch conflicts)` }
  if (gate === null || letsStart(gate, state ?? undefined)) return null
  return gate.for === 'paused'
    ? { for: 'run-paused', why: 'the run is paused: orch resume' }
    : { for: 'failure', why: `nothing is started while ${gate.task} is stuck` }
}

function buildsOn(on: readonly TaskId[]): string {
  return `builds on ${[...on].reverse().join(', ')}, which ${on.length === 1 ? 'lands' : 'land'} first`
}

function startText(task: Task, wait: Wait): string {
  if (wait.for === 'hold') return `waits for a person: ${commandFor('release', task.id)} lets it start`
  if (wait.for === 'person') return `waits for a person: ${commandFor('land', task.id)} when it is done`
  return sayWait(wait)
}

function some([first = '', ...more]: readonly string[]): string {
  return `${shown(first)}${more.length > 0 ? ` and ${more.length} more` : ''}`
}

/** The command that a person may copy; ids that a shell would read as something else are left to them. */
function commandFor(word: 'land' | 'give' | 'resume' | 'release', id: TaskId): string {
  return /^\w[\w.-]*$/.test(id) ? `orch ${word} ${id}` : `\`orch ${word}\` with its id`
}
