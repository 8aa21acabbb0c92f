import { type FSWatcher, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf, isFolder } from '../disk/files.ts'
import type { GitContext } from './context.ts'

/** Milliseconds in which several movements are one hint. */
const gatherMs = 20

/** Tells when the target may have moved, or something was stashed. What cannot be watched is not: it is only a hint. */
export async function watchTarget(context: GitContext, onChange: () => void, signal: AbortSignal): Promise<void> {
  const common = context.repository.commonDirectory
  const folder = dirname(join(common, context.target.ref))
  let gathering = false
  const look = async (): Promise<void> => {
    const target = await context.refs.read(context.target.ref)
    // Whoever asked us to move it knows.
    if (target !== context.movedTarget && !signal.aborted) onChange()
  }
  const moved = (): void => {
    if (gathering) return
    gathering = true
    setTimeout(() => {
      gathering = false
      // Whoever needs the target meets the same error where it is reported.
      look().catch(() => undefined)
    }, gatherMs).unref()
  }
  const refs = join(common, 'refs')
  for (const watched of new Set([common, refs, folder])) {
    if (signal.aborted) return
    if (!isFolder(watched)) continue
    const watcher = tryWatch(watched, (name) => {
      if (watched === folder || name === 'packed-refs') moved()
      else if (watched === refs && name === 'stash') onChange()
    })
    watcher?.on('error', () => watcher.close())
    signal.addEventListener('abort', () => watcher?.close(), { once: true })
  }
}

function tryWatch(folder: string, onName: (name: string | null) => void): FSWatcher | null {
  try {
    return watch(folder, { persistent: false }, (_, name) => onName(name))
  } catch (error) {
    // Too many watches, or gone meanwhile.
    if (['ENOSPC', 'EMFILE', 'ENOENT'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}
