import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fullText, OrchError } from '@orch/core'

type Sqlite = typeof import('node:sqlite')

/**
 * Node's own SQLite, loaded on the first use: importing this package must not print its experimental warning, and neither
 * must using it. Every other warning passes.
 */
export function engine(): Sqlite {
  const emit = process.emitWarning
  const filtered = (...given: unknown[]): void => {
    const isThatOne = given[1] === 'ExperimentalWarning' && String(given[0]).startsWith('SQLite')
    if (!isThatOne) Reflect.apply(emit, process, given)
  }
  process.emitWarning = filtered as typeof process.emitWarning
  try {
    // Loading is synchronous, so nobody else's warning can come in between.
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emit
  }
}

/** One open database. Synchronous; every statement is prepared once. */
export class Connection {
  readonly database: DatabaseSync
  /** Which file was opened; it differs from that at the path once somebody replaced or removed it. */
  readonly inode: bigint
  readonly #statements = new Map<string, StatementSync>()
  #durable: boolean | undefined

  constructor(database: DatabaseSync, inode: bigint) {
    this.database = database
    this.inode = inode
  }

  /** All rows of `sql`. `Row` is what the schema makes of its columns. */
  rows<Row>(sql: string, ...values: readonly (string | number | null)[]): readonly Row[] {
    return this.#prepared(sql).all(...values) as unknown as readonly Row[]
  }

  /** The first row of `sql`. */
  row<Row>(sql: string, ...values: readonly (string | number | null)[]): Row | undefined {
    return this.#prepared(sql).get(...values) as unknown as Row | undefined
  }

  run(sql: string, ...values: readonly (string | number | null)[]): void {
    this.#prepared(sql).run(...values)
  }

  /**
   * Whether what is stored from now on is on disk when a transaction ends, with all that was stored before it. Otherwise a power cut may
   * take the last transactions, never one without those after it.
   */
  set durable(value: boolean) {
    if (this.#durable === value) return
    this.database.exec(`PRAGMA synchronous = ${value ? 'FULL' : 'NORMAL'}`)
    this.#durable = value
  }

  /** Runs `body` in one transaction; when it throws, nothing of it is stored. */
  transaction<T>(mode: 'DEFERRED' | 'IMMEDIATE', body: () => T): T {
    this.run(`BEGIN ${mode}`)
    try {
      const value = body()
      this.run('COMMIT')
      return value
    } catch (cause) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK')
      throw cause
    }
  }

  close(): void {
    this.#statements.clear()
    this.database.close()
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** The primary result code of an error of SQLite's, or null for any other error. https://sqlite.org/rescode.html */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return error.errcode & 0xff
}

/** Somebody else holds the lock that was needed: the same call succeeds when they are done. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error)
  return code === 5 || code === 6 || code === 15 // BUSY, LOCKED, PROTOCOL (lost a race for the WAL's locks)
}

/** What an error of SQLite's means to the caller of a port; any other error is passed on. */
export function failureOf(error: unknown, file: string): unknown {
  const code = resultCode(error)
  if (code === null) return error
  // CORRUPT, NOTADB
  if (code === 11 || code === 26) return unusable('store-damaged', file, 'is damaged or no database', error)
  const message = error instanceof Error ? error.message : String(error)
  // FULL, or IOERR where that is why: space may come back by itself
  if (code === 13 || (code === 10 && isFull(dirname(file))))
    return new OrchError('disk-full', fullText(file), { port: 'queue', retryable: true, cause: error })
  // PERM, READONLY, CANTOPEN
  const refused = code === 3 || code === 8 || code === 14
  const hint = refused ? '; check that it and its folder can be written' : ''
  return new OrchError(
    refused ? 'no-access' : 'store-unusable',
    `The database ${file} cannot be used: ${message}${hint}.`,
    {
      port: 'queue',
      cause: error,
    },
  )
}

/** A database that we must not touch. */
export function unusable(
  code: 'store-damaged' | 'store-foreign' | 'store-lost' | 'store-unusable',
  file: string,
  why: string,
  cause?: unknown,
): OrchError {
  return new OrchError(
    code,
    `The database ${file} ${why}. Restore it from a copy; or end the agents that still run, move the folder ${dirname(file)} away, and start with an empty one: ` +
      'branches, commits and kept work are in git and not lost, but tasks and their run records have to be added again.',
    { port: 'queue', cause },
  )
}

/** Whether not even a small write fits. */
function isFull(directory: string): boolean {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize < 1024 * 1024
}
