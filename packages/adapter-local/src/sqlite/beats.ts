import type { Beat, OwnerId, RunStore } from '@orch/core'
import { lifeOf } from '../process/claim.ts'
import { type Host, thisHost } from '../process/host.ts'
import { processTable } from '../process/process-table.ts'
import type { Database } from './database.ts'
import { parse } from './parsed.ts'

/** Which process an owner is; null where the platform does not tell. */
type OwnerProcess = (Host & { readonly pid: number; readonly start: string }) | null

interface BeatRow {
  readonly owner: OwnerId
  readonly beat: number
  readonly leaseMs: number
  readonly process: string
}

export function beatVerb(database: Database): RunStore['beat'] {
  return async ({ owner, leaseMs, signal }) => {
    const self = JSON.stringify(leaseMs === 0 ? null : await thisProcess())
    const rows = await database.write(signal, (connection) => {
      if (leaseMs === 0) connection.run('DELETE FROM beats WHERE owner = ?', owner)
      else {
        connection.run(
          'INSERT INTO beats (owner, beat, lease_ms, process) VALUES (?, 1, ?, ?) ON CONFLICT (owner)' +
            ' DO UPDATE SET beat = beat + 1, lease_ms = excluded.lease_ms, process = excluded.process',
          owner,
          leaseMs,
          self,
        )
      }
      return connection.rows<BeatRow>('SELECT owner, beat, lease_ms AS leaseMs, process FROM beats ORDER BY owner')
    })
    const dead = await provedDead(rows, database.file)
    if (dead.length > 0) {
      await database.write(signal, (connection) => {
        // With its beat, so that an owner of that name who came in the meantime is left alone.
        for (const row of dead) connection.run('DELETE FROM beats WHERE owner = ? AND beat = ?', row.owner, row.beat)
      })
    }
    return rows
      .filter((row) => !dead.includes(row))
      .map((row): Beat => ({ owner: row.owner, beat: row.beat, leaseMs: row.leaseMs }))
  }
}

/** Null also when it cannot be read: then nobody can prove us dead, and our lease alone counts. */
async function thisProcess(): Promise<OwnerProcess> {
  const host = await hostOrNull()
  const found = await processTable().find(process.pid)
  if (host === null || found === null || found === 'unreadable' || found.start === '') return null
  return { ...host, pid: process.pid, start: found.start }
}

async function provedDead(rows: readonly BeatRow[], file: string): Promise<readonly BeatRow[]> {
  const host = await hostOrNull()
  if (host === null) return []
  const table = processTable()
  const dead: BeatRow[] = []
  for (const row of rows) {
    const owner = parse<OwnerProcess>(row.process, `a beat (${row.owner})`, file)
    if (owner !== null && (await lifeOf({ ...owner, id: row.owner }, host, table)) === 'gone') dead.push(row)
  }
  return dead
}

/** A machine that does not tell who it is can prove no death, and is no reason to miss a beat. */
function hostOrNull(): Promise<Host | null> {
  return thisHost().catch(() => null)
}
