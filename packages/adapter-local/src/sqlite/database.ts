import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OrchError, outageOf } from '@orch/core'
import { failPoint } from '../fail-point.ts'
import { Connection, engine, failureOf, isBusy, unusable } from './engine.ts'
import { applicationId, migrations } from './migrations.ts'
import { networkFileSystem } from './network.ts'
import { markMade, refuseEmptied, refuseLost, refuseOdd, wasMade } from './presence.ts'
import { counters } from './store-row.ts'

export interface DatabaseOptions {
  /** Where `orch.db` is; made on the first use, readable by its owner only. */
  readonly directory: string
  /** A folder that holds something once tasks were run. A database that is missing then was lost, and is not made anew. */
  readonly evidence?: string
  /** Milliseconds that a call may wait for other processes' locks. Default 10 000. */
  readonly waitMs?: number
}

/** SQLite's own wait blocks the whole process, so it is short; the rest of the waiting is ours. Milliseconds. */
const busyTimeout = 25

/** `orch.db` as one process sees it: opened when it is first needed, opened again when the file was replaced. */
export class Database implements Disposable {
  readonly file: string
  readonly directory: string
  /** The counter of changes after what this process wrote last, and of the last snapshot that it read: what is both needs no hint. */
  own: string | null = null
  seen: string | null = null
  readonly #evidence: string | null
  readonly #waitMs: number
  #connection: Connection | null = null

  constructor(options: DatabaseOptions) {
    this.directory = options.directory
    this.file = join(options.directory, 'orch.db')
    this.#evidence = options.evidence ?? null
    this.#waitMs = options.waitMs ?? 10_000
  }

  /** Runs `body` on one consistent state of the database. It may run more than once. Throws as `write`. */
  read<T>(signal: AbortSignal, body: (connection: Connection) => T): Promise<T> {
    return this.#use('DEFERRED', signal, false, body)
  }

  /**
   * Runs `body` alone among all processes and stores what it did. It may run more than once. `durable` (default true): it is on disk when this returns, with
   * all that was stored before; otherwise a power cut may undo it, together with all that was stored after it.
   * Throws `store-damaged` and its like for a file that is not ours to use, `store-locked` (retryable) when the lock was not to be had.
   */
  write<T>(
    signal: AbortSignal,
    body: (connection: Connection) => T,
    { durable = true }: { readonly durable?: boolean } = {},
  ): Promise<T> {
    const written = this.#use('IMMEDIATE', signal, durable, (connection) => {
      const before = counters(connection).changes
      const value = body(connection)
      failPoint('store-writing')
      const after = counters(connection).changes
      if (after !== before) this.own = after
      return value
    })
    return written.then((value) => {
      failPoint('store-written')
      return value
    })
  }

  /** Lets go of the file. A later use opens it again. */
  [Symbol.dispose](): void {
    this.#connection?.close()
    this.#connection = null
  }

  async #use<T>(
    mode: 'DEFERRED' | 'IMMEDIATE',
    signal: AbortSignal,
    durable: boolean,
    body: (connection: Connection) => T,
  ): Promise<T> {
    signal.throwIfAborted()
    if (!this.#isOpen()) await this.#prepare()
    return this.#patiently(signal, () => {
      const connection = this.#open()
      if (mode === 'IMMEDIATE') connection.durable = durable
      return connection.transaction(mode, () => body(connection))
    })
  }

  async #prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw outageOf(cause, 'queue')
    })
    const network = await networkFileSystem(this.directory)
    if (network !== null) {
      throw new OrchError(
        'store-network',
        `${this.directory} is on a network file system (${network}), where SQLite's locks do not hold. Choose a local directory.`,
        { port: 'queue' },
      )
    }
  }

  /** Waits without blocking the process while others hold the lock. */
  async #patiently<T>(signal: AbortSignal, body: () => T): Promise<T> {
    const since = performance.now()
    for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
      try {
        return body()
      } catch (error) {
        if (!isBusy(error)) throw failureOf(outageOf(error, 'queue'), this.file)
        if (performance.now() - since > this.#waitMs) {
          const seconds = Math.round(this.#waitMs / 1000)
          const message = `Another process has kept the database ${this.file} locked for ${seconds} s; see which one with 'fuser ${this.file}' and end it.`
          throw new OrchError('store-locked', message, {
            port: 'queue',
            retryable: true,
            cause: error,
          })
        }
      }
      // Different pauses, so that several who wait do not meet again and again.
      await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }

  #isOpen(): boolean {
    if (this.#connection === null) return false
    const present = statSync(this.file, { bigint: true, throwIfNoEntry: false })
    if (present?.ino === this.#connection.inode) return true
    // Moved away or replaced under us: what we would write to the old file, nobody would ever read.
    this[Symbol.dispose]()
    return false
  }

  #open(): Connection {
    if (this.#connection !== null) return this.#connection
    const made = wasMade(this.file)
    refuseOdd(this.file)
    refuseEmptied(this.file)
    refuseLost(this.file, { made, evidence: this.#evidence })
    // Made by us first, so that it and its companions, which inherit its mode, are private from the start.
    const created = openSync(this.file, 'a', 0o600)
    const { ino } = fstatSync(created, { bigint: true })
    closeSync(created)
    failPoint('store-created')
    const { DatabaseSync } = engine()
    const connection = new Connection(new DatabaseSync(this.file, { timeout: busyTimeout }), ino)
    try {
      adopt(connection, this.file, made)
      failPoint('store-adopted')
      markMade(this.file)
    } catch (error) {
      connection.close()
      throw error
    }
    this.#connection = connection
    return connection
  }
}

/** Brings a new or older database to the present schema; refuses any other before anything in it is touched. */
function adopt(connection: Connection, file: string, made: boolean): void {
  const { database } = connection
  const taken = stepsTaken(connection, file)
  // The log beside it was taken away, and everything was in there.
  if (taken === 0 && made) throw unusable('store-lost', file, 'holds nothing, though it was made before')
  const journal = connection.row<{ journal_mode: string }>('PRAGMA journal_mode = WAL')
  if (journal?.journal_mode !== 'wal')
    throw unusable('store-unusable', file, 'cannot be used by several processes here (no WAL mode)')
  database.exec('PRAGMA trusted_schema = OFF')
  connection.durable = true
  if (taken === migrations.length) return
  connection.transaction('IMMEDIATE', () => {
    // Another process may have done it in the meantime.
    for (const step of migrations.slice(stepsTaken(connection, file))) database.exec(step)
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`)
  })
}

/** How many migrations the database has behind it. */
function stepsTaken(connection: Connection, file: string): number {
  const found = connection.row<{ application: number; version: number; objects: number }>(
    'SELECT (SELECT application_id FROM pragma_application_id) AS application,' +
      ' (SELECT user_version FROM pragma_user_version) AS version, (SELECT count(*) FROM sqlite_schema) AS objects',
  )
  if (found === undefined) throw new Error('a query of constants has no row')
  if (found.application === 0 && found.objects === 0) return 0
  if (found.application !== applicationId) throw unusable('store-foreign', file, 'belongs to another program')
  if (found.version > migrations.length) {
    throw new OrchError(
      'store-newer',
      `The database ${file} was written by a newer version of orch (schema ${found.version}, this one knows ${migrations.length}). Update orch.`,
      { port: 'queue' },
    )
  }
  return found.version
}
