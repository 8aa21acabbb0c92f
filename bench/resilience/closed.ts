import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteQueue } from '@orch/adapter-local'
import { claimFields, type RunState, untouched } from '@orch/core'

const closed = 100_000
const open = 1000

/** Megabytes of a fresh process that makes passes over a queue of which most was done long ago. */
export async function memoryBesideClosed(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'orch-closed-'))
  try {
    await fill(directory)
    const looker = join(import.meta.dirname, 'looker.ts')
    return Number(execFileSync(process.execPath, [looker, directory], { encoding: 'utf8' }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** By the store where that is quick, and by hand where it would write each record to the disk. */
async function fill(directory: string): Promise<void> {
  const { signal } = new AbortController()
  const queue = sqliteQueue({ directory })
  const ids = Array.from({ length: closed + open }, (_, index) => `t${index}`)
  await queue.add({
    key: 'all',
    tasks: ids.map((id, index) => ({ id, writes: [`d${index % 500}/${id}.txt`] })),
    signal,
  })
  queue[Symbol.dispose]()
  const database = new DatabaseSync(join(directory, 'orch.db'))
  const state: RunState = { ...untouched(new Date().toISOString()), phase: 'closed', outcome: 'done' }
  database.exec('BEGIN')
  database.prepare("UPDATE tasks SET task = json_set(task, '$.state', 'done') WHERE ordinal <= ?").run(closed)
  database
    .prepare('INSERT INTO runs (id, version, claim, state) SELECT id, 1, ?, ? FROM tasks WHERE ordinal <= ?')
    .run(claimFields(state), JSON.stringify(state), closed)
  database.exec('COMMIT')
  database.close()
}
