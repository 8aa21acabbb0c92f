import type { RunRecord, RunState, TaskId } from '@orch/core'
import * as z from 'zod'
import { type Issue, metadataOf } from './issue.ts'

/** A record of ours as an issue holds it. */
export interface StoredRecord extends RunRecord {
  /** Who `bd` says has the issue while the record stands: the fencing token. Empty: nobody. */
  readonly holder: string
  /** What people did to the issue that was answered and still stands. */
  readonly heard: readonly string[]
}

export interface ReadRecord {
  readonly record: StoredRecord | null
  /** Why there is none although something is there: then nothing is ever written over it. */
  readonly problem: string | null
}

const count = z.int().min(0)
const name = z.string()

/** What a decision relies on. An agent can write into the database: what is no record of ours is not taken for one. */
const stored = z.looseObject({
  v: z.literal(1),
  version: name,
  heard: z.array(name).optional(),
  phase: z.enum(['open', 'spawned', 'working', 'committed', 'pr_created', 'merged', 'closed']),
  outcome: z.enum(['done', 'no-changes', 'cancelled']).nullable(),
  run: z.looseObject({
    attempt: count,
    turn: count,
    owner: name.nullable(),
    wants: z.enum(['turn', 'attempt']).nullable(),
    answered: count,
    failures: count,
    checks: count,
    repairs: count,
    stuck: z.looseObject({ reason: name, options: z.array(name), context: name, report: count }).nullable(),
    guidance: z.array(z.looseObject({ key: name, text: name, turn: name.nullable() })),
    movedAt: name,
    why: name,
  }),
  branch: z.looseObject({ workspace: name, name, base: name, head: name.nullable(), left: z.array(name) }).nullable(),
  review: z.looseObject({ head: name, round: count, approved: z.boolean() }).nullable(),
})

export function readRecord(issue: Issue): ReadRecord {
  const metadata = metadataOf(issue)
  const orch = metadata?.orch
  if (orch === undefined || orch === null) return { record: null, problem: null }
  const read = stored.safeParse(orch, { jitless: true })
  if (!read.success) {
    const v = (orch as { readonly v?: unknown }).v
    const problem =
      typeof v === 'number' && v > 1
        ? 'its record was written by a newer version of orch'
        : 'metadata.orch is no record of ours'
    return { record: null, problem }
  }
  const { version, heard = [], ...state } = orch as RunState & { version: string; heard?: readonly string[] }
  const found = { id: issue.id, version, state, holder: holderOf(issue.id, state), heard }
  return { record: deepFrozen(found), problem: null }
}

/** As `metadata.orch` holds it. */
export function stateDocument(state: RunState, version: string, heard: readonly string[]): object {
  return { ...state, version, ...(heard.length > 0 && { heard }) }
}

/** Different for every attempt and every orchestrator: whoever was before is refused by `bd` itself. */
export function holderOf(id: TaskId, { phase, run }: RunState): string {
  if (run.owner === null || phase === 'open' || phase === 'closed') return ''
  return `${run.owner}/${id}#${run.attempt}`
}

/** The status that tells people where a record stands. */
export function statusOfRecord({ phase, run, outcome }: RunState): 'open' | 'in_progress' | 'blocked' {
  if (phase === 'open' || phase === 'closed') return 'open'
  return run.stuck !== null && outcome === null ? 'blocked' : 'in_progress'
}

/** What people and scripts ask for with `bd list --metadata-field`. */
export function flatFields({ phase, run, branch, review }: RunState): Readonly<Record<string, string | number | null>> {
  const number = /\/(?:pull|merge_requests)\/(\d{1,9})$/.exec(review?.url ?? '')?.[1]
  return {
    phase,
    branch: branch?.name ?? null,
    worktree: phase === 'closed' ? null : (branch?.directory ?? null),
    agent_pid: phase === 'working' && run.wants === null ? (run.pid ?? null) : null,
    pr_number: number === undefined ? null : Number(number),
  }
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) deepFrozen(part)
  return Object.freeze(value)
}
