import {
  claimFields,
  failed,
  ok,
  type PendingRequest,
  type Request,
  type RunRecord,
  type RunSnapshot,
  type RunState,
  type RunStore,
  type TaskId,
} from '@orch/core'
import { beatVerb } from './beats.ts'
import type { Database } from './database.ts'
import type { Connection } from './engine.ts'
import { ParsedRows, parse, Snapshot } from './parsed.ts'
import { counters } from './store-row.ts'
import { isTask } from './tasks.ts'
import { watchVerb } from './watch.ts'

interface RunRow {
  readonly id: TaskId
  readonly version: number
  readonly state: string
}

/**
 * The verbs of a run store on `database`. With `tasks: 'here'` the tasks are in the same database: then closed records that
 * nothing needs are left out, and a record of an unknown task is refused.
 */
export function runVerbs(
  database: Database,
  options: { readonly tasks: 'here' | 'elsewhere' },
): Required<Omit<RunStore, 'shortestLeaseMs'>> {
  const rows = new ParsedRows<RunRecord>()
  const wanted = new Snapshot<RunSnapshot>()
  const here = options.tasks === 'here'

  const recordOf = ({ id, version, state }: RunRow): RunRecord =>
    Object.freeze({
      id,
      version: String(version),
      state: parse<RunState>(state, `a run record (${id})`, database.file),
    })

  const stateOf = (connection: Connection, id: TaskId): string =>
    connection.row<{ state: string }>('SELECT state FROM runs WHERE id = ?', id)?.state ?? ''

  const snapshot = (connection: Connection, where: string): RunSnapshot => {
    const found = connection.rows<Omit<RunRow, 'state'>>(`SELECT id, version FROM runs ${where} ORDER BY ordinal`)
    const { store, revision, paused } = counters(connection)
    const records = rows.map(
      found,
      // A version is never used again in one database, so the text is only read where it moved.
      (row) => `${store} ${row.version}`,
      ({ id, version }) => recordOf({ id, version, state: stateOf(connection, id) }),
    )
    const requests = connection
      .rows<{ id: TaskId; key: string; request: string }>(
        'SELECT id, key, request FROM requests WHERE request IS NOT NULL ORDER BY ordinal',
      )
      .map(
        ({ id, key, request }): PendingRequest =>
          Object.freeze({ id, key, request: parse<Request>(request, `a request (${key})`, database.file) }),
      )
    return Object.freeze({
      records,
      requests: Object.freeze(requests),
      revision,
      paused,
      complete: true,
    })
  }

  return {
    schedulers: 'many',

    read({ all = false, signal }) {
      return database.read(signal, (connection) => {
        if (all) return snapshot(connection, '')
        // Where the tasks are elsewhere, we cannot know which closed record one of them still names.
        const where = here ? 'WHERE id IN (SELECT id FROM wanted)' : ''
        const { changes } = counters(connection)
        database.seen = changes
        return wanted.at(changes, () => snapshot(connection, where))
      })
    },

    write({ id, expect, seen, next, answered = [], signal }) {
      const state = JSON.stringify(next)
      const claim = claimFields(next)
      // Attempts are never counted twice, and a request is answered once. What else a record says, git and the processes tell as well.
      return database.write(
        signal,
        (connection) => {
          if (here && !isTask(connection, id)) return failed('gone', `There is no task ${id}.`)
          if (seen !== undefined && seen !== counters(connection).revision) return failed('stale')
          const present = connection.row<{ version: number }>('SELECT version FROM runs WHERE id = ?', id)
          if ((present === undefined ? null : String(present.version)) !== expect) return failed('stale')
          const version = (present?.version ?? 0) + 1
          if (present === undefined) {
            connection.run(
              'INSERT INTO runs (id, version, claim, state) VALUES (?, ?, ?, ?)',
              id,
              version,
              claim,
              state,
            )
          } else {
            connection.run('UPDATE runs SET version = ?, claim = ?, state = ? WHERE id = ?', version, claim, state, id)
          }
          for (const key of answered) connection.run('UPDATE requests SET request = NULL WHERE key = ?', key)
          return ok({ record: recordOf({ id, version, state }), revision: counters(connection).revision })
        },
        { durable: seen !== undefined || answered.length > 0 },
      )
    },

    beat: beatVerb(database),

    ask({ id, key, request, signal }) {
      return database.write(signal, (connection) => {
        connection.run(
          'INSERT INTO requests (key, id, request) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING',
          key,
          id,
          JSON.stringify(request),
        )
      })
    },

    pause({ paused, signal }) {
      return database.write(signal, (connection) => {
        if (counters(connection).paused === paused) return
        connection.run('UPDATE store SET paused = ?, revision = revision + 1, changes = changes + 1', paused ? 1 : 0)
      })
    },

    watch: watchVerb(database),
  }
}
