import { type FSWatcher, watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { RunStore } from '@orch/core'
import type { Database } from './database.ts'
import { counters } from './store-row.ts'

/** Milliseconds in which several writes are one hint. */
const gatherMs = 20

/**
 * Watches the directory for writes of any process. A beat changes the file too, so only what moves the counter of changes is
 * told: otherwise every beat would cause the pass that causes the next beat.
 */
export function watchVerb(database: Database): NonNullable<RunStore['watch']> {
  return ({ onChange, signal }) => {
    let told: string | null = null
    let gathering: NodeJS.Timeout | undefined

    const present = () => database.read(signal, (connection) => counters(connection).changes)
    const look = async (): Promise<void> => {
      const found = await present()
      if (found === told || signal.aborted) return
      told = found
      if (found !== database.own || found !== database.seen) onChange()
    }
    // Only a hint is lost with an error here; who needs the database meets the same error in a verb that reports it.
    const quietly = (work: Promise<void>): void => void work.catch(() => undefined)

    const start = async (): Promise<void> => {
      await mkdir(database.directory, { recursive: true, mode: 0o700 })
      told = await present()
      if (signal.aborted) return
      const watcher: FSWatcher = watch(database.directory, { persistent: false }, (_event, name) => {
        if (name !== null && !/^orch\.db(-wal)?$/.test(name)) return
        gathering ??= setTimeout(() => {
          gathering = undefined
          quietly(look())
        }, gatherMs).unref()
      })
      const end = (): void => {
        clearTimeout(gathering)
        watcher.close()
      }
      watcher.on('error', end)
      signal.addEventListener('abort', end, { once: true })
      // What was written while the watcher was being set up.
      await look()
    }
    quietly(start())
  }
}
