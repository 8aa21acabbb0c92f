import { OrchError, type RunStore } from '@orch/core'
import { type Issue, metadataOf } from '../issue/issue.ts'
import { requestDocument, requestKey } from '../issue/requests.ts'
import { type RecordWriting, writeRecord } from './record-writing.ts'
import { isPaused, shortestLeaseMs } from './seat.ts'
import { watchVerb } from './watch.ts'

/** The verbs of a run store. */
export function runVerbs(parts: RecordWriting): Required<RunStore> {
  const { database, seat, views } = parts

  const annotate = async (issue: Issue, name: string, value: unknown, signal: AbortSignal): Promise<void> => {
    const isMade = (after: Issue): boolean => JSON.stringify(metadataOf(after)?.[name]) === JSON.stringify(value)
    const answered = await database.annotate(issue, { [name]: value }, isMade, signal)
    if (answered.ok) return
    const message = `bd did not keep what was asked of ${issue.id}: ${answered.refusal.text}`
    throw new OrchError('port-failed', message, { port: 'queue', retryable: true })
  }

  return {
    schedulers: 'one',
    shortestLeaseMs,

    read: ({ all = false, signal }) =>
      database.lane.look(async () => {
        await views.present(signal)
        const taken = await seat.isTaken(signal)
        // Read anew where that has taken the seat over: what is decided on was read while it was ours.
        const { records, requests, wanted, revision } = await views.present(signal)
        const shown = all ? records : records.filter(({ id, state }) => state.phase !== 'closed' || wanted.has(id))
        const paused = isPaused(await database.known(signal), await seat.id(signal))
        return Object.freeze({ records: Object.freeze(shown), requests, revision, paused, taken, complete: true })
      }),

    write: (options) => database.lane.run(() => writeRecord(parts, options)),

    beat: ({ owner, leaseMs, signal }) => database.lane.run(() => seat.beat(owner, leaseMs, signal)),

    ask: ({ id, key, request, signal }) =>
      database.lane.run(async () => {
        const issue = (await database.issues(signal)).get(id)
        if (issue === undefined) throw new OrchError('unknown-task', `there is no issue ${id} in Beads`)
        const name = requestKey(key)
        if (metadataOf(issue)?.[name] !== undefined) return
        await annotate(issue, name, requestDocument(key, Date.now(), request), signal)
      }),

    pause: ({ paused, signal }) =>
      database.lane.run(async () => {
        await database.issues(signal)
        const issue = await seat.issue(signal)
        if ((metadataOf(issue)?.paused === true) !== paused) await annotate(issue, 'paused', paused, signal)
      }),

    watch: watchVerb(database),
  }
}
