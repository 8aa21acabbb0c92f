import type { Revision } from '@orch/core'
import type { Connection } from './engine.ts'

export interface Counters {
  /** Which database this is. */
  readonly store: string
  /** Moves with everything that a claim depends on. Differs between any two databases. */
  readonly revision: Revision
  /** Moves with everything that a snapshot shows. */
  readonly changes: string
  readonly paused: boolean
}

export function counters(connection: Connection): Counters {
  const row = connection.row<{ id: string; revision: number; changes: number; paused: number }>(
    'SELECT id, revision, changes, paused FROM store',
  )
  if (row === undefined) throw new Error('the table store has no row')
  const { id, revision, changes, paused } = row
  return { store: id, revision: `${id}.${revision}`, changes: `${id}.${changes}`, paused: paused !== 0 }
}
