import { type FSWatcher, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import type { GitContext } from './context.ts'
import { codeOf, isFolder } from './files.ts'

/** Tells when a branch may have moved. What cannot be watched is not: it is only a hint. */
export async function watchRefs(context: GitContext, onChange: () => void, signal: AbortSignal): Promise<void> {
  const common = context.repository.commonDirectory
  const folders = new Set([
    common,
    join(common, 'refs', 'heads'),
    dirname(join(common, context.target.ref)),
    join(common, 'refs', 'heads', 'orch'),
  ])
  for (const folder of folders) {
    if (signal.aborted) return
    if (!(await isFolder(folder))) continue
    const watcher = tryWatch(folder, (name) => {
      if (folder !== common || name === 'packed-refs') onChange()
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
