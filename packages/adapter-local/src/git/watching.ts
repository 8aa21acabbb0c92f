import { type FSWatcher, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf, isFolder } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { branchRef } from './names.ts'

/** Milliseconds in which several movements are one hint. */
const gatherMs = 20

export interface WatchOptions {
  /** Other branches than the target. */
  readonly targets?: readonly string[]
  readonly onChange: () => void
  readonly signal: AbortSignal
}

/** Tells when the target or another branch that changes land on may have moved, or something was stashed. What cannot be watched is not: it is only a hint. */
export async function watchTarget(
  context: GitContext,
  { targets = [], onChange, signal }: WatchOptions,
): Promise<void> {
  const common = context.repository.commonDirectory
  const others = targets.map(branchRef)
  const headsOf = () => Promise.all(others.map((ref) => context.refs.read(ref)))
  let heads = await headsOf()
  let gathering = false
  const look = async (): Promise<void> => {
    const [target, before] = [await context.refs.read(context.target.ref), heads]
    heads = await headsOf()
    // Whoever asked us to move it knows.
    const moved = target !== context.movedTarget || heads.some((head, at) => head !== before[at])
    if (moved && !signal.aborted) onChange()
  }
  const moved = (): void => {
    if (gathering) return
    gathering = true
    setTimeout(() => {
      gathering = false
      watchAll()
      // Whoever needs the target meets the same error where it is reported.
      look().catch(() => undefined)
    }, gatherMs).unref()
  }
  const refs = join(common, 'refs')
  const folders = new Set([context.target.ref, ...others].map((ref) => dirname(join(common, ref))))
  // The folder of a branch that is still to come appears in one of these.
  for (const folder of folders)
    for (let above = dirname(folder); others.length > 0 && above !== refs; above = dirname(above)) folders.add(above)
  const watched = new Set<string>()
  const start = (folder: string): void => {
    watched.add(folder)
    const watcher = tryWatch(folder, (name) => {
      if (folders.has(folder) || name === 'packed-refs') moved()
      else if (folder === refs && name === 'stash') onChange()
    })
    watcher?.on('error', () => watcher.close())
    signal.addEventListener('abort', () => watcher?.close(), { once: true })
  }
  /** Those that are there by now. */
  function watchAll(): void {
    for (const folder of new Set([common, refs, ...folders])) {
      if (!isFolder(folder)) watched.delete(folder)
      else if (!watched.has(folder) && !signal.aborted) start(folder)
    }
  }
  watchAll()
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
