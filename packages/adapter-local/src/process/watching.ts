import { type FSWatcher, watch } from 'node:fs'
import type { ProcessKey } from '@orch/core'
import type { Folder } from './folder.ts'

/** Tells listeners that something moved in a folder or a child ended. Best effort; nothing here keeps a program alive. */
export interface Watching {
  add(onChange: () => void, signal: AbortSignal): void
  moved(): void
  /** Looks at this folder from now on. */
  follow(key: ProcessKey, folder: Folder): void
  unfollow(key: ProcessKey): void
}

export function watching(): Watching {
  const listeners = new Set<() => void>()
  const watchers = new Map<ProcessKey, FSWatcher>()
  const moved = () => {
    for (const listener of listeners) listener()
  }
  const unfollow = (key: ProcessKey) => {
    watchers.get(key)?.close()
    watchers.delete(key)
  }
  return {
    add(onChange, signal) {
      if (signal.aborted) return
      listeners.add(onChange)
      const end = () => {
        listeners.delete(onChange)
        if (listeners.size === 0) for (const key of [...watchers.keys()]) unfollow(key)
      }
      signal.addEventListener('abort', end, { once: true })
    },
    moved,
    follow(key, folder) {
      if (listeners.size === 0 || watchers.has(key)) return
      try {
        const watcher = watch(folder.path, { persistent: false }, (_, name) => {
          // Not the log: a busy agent would keep the loop running for nothing.
          if (name === null || name === 'exit' || name === 'events.jsonl') moved()
        })
        watcher.on('error', () => unfollow(key)) // a hint that is lost costs time, never truth
        watchers.set(key, watcher)
      } catch {
        // The folder went away, or the system has no watches left. The next pass looks anyway.
      }
    },
    unfollow,
  }
}
