import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf } from '../disk/files.ts'
import { unusable } from './engine.ts'

/** Stands beside a database that was made, and goes with the folder only: whoever begins anew moves that away. */
function markerOf(file: string): string {
  return join(dirname(file), 'made')
}

const text =
  'orch.db was made here: without it, or when it is empty, tasks were lost, and orch says so instead of making a new one\n'

/** Opening a pipe would wait for ever. */
export function refuseOdd(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found !== undefined && !found.isFile() && !found.isDirectory())
    throw unusable('store-foreign', file, 'is no file')
}

/** SQLite takes an empty file for a new database and deletes the log beside it, which may hold all that is left. */
export function refuseEmptied(file: string): void {
  if (sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0) throw unusable('store-damaged', file, 'was emptied')
}

/** Whether a database was made here before. Who makes one at this very moment says so last, so this is to be asked first. */
export function wasMade(file: string): boolean {
  return existsSync(markerOf(file))
}

/**
 * What was there is gone, and nothing knows of it any more: tasks would be forgotten without a word, and their old branches and processes
 * taken for new ones.
 *
 * @param options `made`: see `wasMade`; `evidence`: a folder that holds something once tasks were run
 */
export function refuseLost(
  file: string,
  { made, evidence }: { readonly made: boolean; readonly evidence: string | null },
): void {
  const ran = evidence !== null && existsSync(evidence) && readdirSync(evidence).length > 0
  if ((!ran && !made) || sizeOf(file) > 0) return
  throw unusable(
    'store-lost',
    file,
    `is gone or empty, though ${ran ? 'tasks were run with it' : 'it was made before'}`,
  )
}

/** To be called when the database holds its schema. */
export function markMade(file: string): void {
  try {
    writeFileSync(markerOf(file), text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    // There already; or there is no room, which keeps nobody from reading: the next opening writes it.
    if (!['EEXIST', 'ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')) throw error
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
