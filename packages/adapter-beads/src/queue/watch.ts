import { watch } from 'node:fs'
import type { RunStore } from '@orch/core'
import { stampOf, storageOf } from '../bd/manifest.ts'
import type { Database } from './database.ts'

/** Milliseconds in which several writes are one hint. */
const gatherMs = 50

/** Watches the storage. Every call of `bd` touches it, so only what changes its contents is told; our own beats are not. */
export function watchVerb(database: Database): NonNullable<RunStore['watch']> {
  return ({ onChange, signal }) => {
    let told: string | null = null
    let gathering: NodeJS.Timeout | undefined

    const start = async (): Promise<void> => {
      const identity = await database.identity(signal)
      if (signal.aborted) return
      told = await stampOf(identity)
      const look = async (): Promise<void> => {
        gathering = undefined
        const found = await stampOf(identity)
        if (signal.aborted || found === told) return
        told = found
        if (database.isNews(found)) onChange()
      }
      const watcher = watch(storageOf(identity), { persistent: false }, () => {
        gathering ??= setTimeout(() => void look(), gatherMs).unref()
      })
      const end = (): void => {
        clearTimeout(gathering)
        watcher.close()
      }
      watcher.on('error', end)
      signal.addEventListener('abort', end, { once: true })
      // What was written while the watcher was being set up.
      if (!signal.aborted) await look()
      else end()
    }
    // Only a hint is lost with an error here; who needs the database meets the same error in a verb that reports it.
    start().catch(() => undefined)
  }
}
