import { procTable } from './proc-table.ts'
import type { ProcessTable } from './process-entry.ts'
import { psTable } from './ps-table.ts'

/** A new look at the processes of this machine. */
export function processTable(): ProcessTable {
  return process.platform === 'linux' ? procTable() : psTable()
}
