import { randomUUID } from 'node:crypto'
import { failed, OrchError, ok, type Result, type RunState, type WriteOptions, type Written } from '@orch/core'
import { type Issue, metadataOf } from '../issue/issue.ts'
import { flatFields, holderOf, readRecord, stateDocument, statusOfRecord } from '../issue/record.ts'
import { impliedBy, requestKey, stillHeard } from '../issue/requests.ts'
import type { ReadIssue } from '../issue/task.ts'
import type { Database } from './database.ts'
import type { Seat } from './seat.ts'
import type { Views } from './views.ts'

export interface RecordWriting {
  readonly database: Database
  readonly seat: Seat
  readonly views: Views
}

/** Writes one record. The guard is the issue as it was read: whoever has changed its holder or status since is not written over. */
export async function writeRecord(
  { database, seat, views }: RecordWriting,
  { id, expect, next, answered = [], signal }: WriteOptions,
): Promise<Result<Written, 'stale' | 'gone' | 'taken'>> {
  const read = (await views.known(signal)).all.get(id)
  if (read === undefined) return failed('gone', `There is no issue ${id}.`)
  if (read.read.problem !== null) return failed('gone', `${id} cannot have a record: ${read.read.problem}.`)
  if ((read.read.record?.version ?? null) !== expect) return failed('stale')
  if (!(await seat.take(next.run.owner, signal)))
    return failed('taken', 'Another orchestrator schedules on this queue.')

  const version = randomUUID().slice(0, 13)
  if (views.keepDeleted(id, version, next)) return ok({ record: { id, version, state: next }, revision: version })
  const asked = answered.map(requestKey).filter((name) => name in (metadataOf(read.issue) ?? {}))
  const metadata = documentOf(read, next, version, answered, asked)
  const isMade = (after: Issue): boolean => readRecord(after).record?.version === version
  const stored = await database.change(
    { issue: read.issue, ...placeOf(read, next, answered), metadata, isMade },
    signal,
  )
  if (!stored.ok) {
    const { reason, text } = stored.refusal
    if (reason === 'guard') return failed('stale')
    if (reason === 'unknown') return failed('gone', `There is no issue ${id}.`)
    throw new OrchError('port-failed', `bd did not keep the record of ${id}: ${text}`, {
      port: 'queue',
      retryable: true,
    })
  }
  // Null says already that they were answered, in the same step; this only tidies up.
  if (asked.length > 0) await database.unset(stored.value, asked, null, signal)
  const state = readRecord(stored.value).record?.state ?? next
  return ok({ record: Object.freeze({ id, version, state }), revision: version })
}

/** All that is written beside status and holder, in one step. */
function documentOf(
  read: ReadIssue,
  next: RunState,
  version: string,
  answered: readonly string[],
  asked: readonly string[],
): object {
  const there = metadataOf(read.issue) ?? {}
  const flat = Object.entries(flatFields(next)).filter(([name, value]) => value !== null || name in there)
  return {
    ...Object.fromEntries(flat),
    ...Object.fromEntries(asked.map((name) => [name, null])),
    orch: stateDocument(next, version, stillHeard(read, answered)),
  }
}

/** Status and holder as the record has them, but for what a person has changed in them. */
function placeOf(
  read: ReadIssue,
  next: RunState,
  answered: readonly string[],
): { readonly status?: string; readonly assignee?: string } {
  const { issue } = read
  const { record } = read.read
  // It says something that was not taken up yet.
  if (impliedBy(read).some(({ key }) => !answered.includes(key))) return {}
  const isAtRest = (phase: RunState['phase'] | undefined): boolean =>
    phase === undefined || phase === 'open' || phase === 'closed'
  if (isAtRest(record?.state.phase) && isAtRest(next.phase)) return {}
  const assignee = issue.assignee ?? ''
  const isTheirs = assignee !== '' && assignee !== (record?.holder ?? '') && next.run.taken != null
  return {
    ...(issue.status !== 'closed' && { status: statusOfRecord(next) }),
    ...(!isTheirs && { assignee: holderOf(issue.id, next) }),
  }
}
