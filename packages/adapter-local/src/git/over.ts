import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { OrchError } from '@orch/core'
import type { GitContext } from './context.ts'
import { codeOf, isFile } from './files.ts'
import { oidOf } from './names.ts'
import { withView } from './view.ts'

/** Files of a commit, and the index that says so. */
export interface Made {
  readonly files: string
  readonly index: string
}

/** Writes all files of a commit into a folder that is not there yet. No filter and no hook runs. */
export async function fillFresh(context: GitContext, made: Made, commit: string, signal: AbortSignal): Promise<void> {
  await mkdir(made.files, { recursive: true })
  await withView(context.repository, { worktree: made.files, signal }, async (view) => {
    await view.git({ arguments: ['read-tree', '-m', '-u', oidOf(commit)] })
    await rename(view.index, made.index)
  })
}

/**
 * Turns the files of one commit into those of another, whatever was done to them meanwhile: what differs is written, what does not
 * belong to it goes, ignored files and `.git` included. False when that cannot be done; the files are then good for nothing.
 */
export async function makeOver(context: GitContext, made: Made, commit: string, signal: AbortSignal): Promise<boolean> {
  // Where two names can be one file, what is listed cannot be compared with what is there.
  const folding = ['core.ignorecase', 'core.precomposeunicode']
  if (context.repository.settings.some(([key, value]) => folding.includes(key) && value === 'true')) return false
  if (!isFile(made.index)) return false
  try {
    return await withView(context.repository, { worktree: made.files, signal }, async (view) => {
      await rename(made.index, view.index)
      await view.git({ arguments: ['read-tree', '--reset', '-u', oidOf(commit)] })
      const listed = await view.git({ arguments: ['ls-files', '-z'] })
      removeOthers(made.files, listed.output.split('\0').slice(0, -1))
      await rename(view.index, made.index)
      return true
    })
  } catch (error) {
    signal.throwIfAborted()
    // Folders that nobody may read, an index that somebody damaged: making it anew is no worse.
    if (OrchError.is(error) || codeOf(error) !== undefined) return false
    throw error
  }
}

/** @param paths what may stay, one character per byte; everything else goes, empty folders included */
function removeOthers(root: string, paths: readonly string[]): void {
  const tracked = new Set(paths)
  const folders = new Set(paths.flatMap(foldersOf))
  const at = (path: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
  const walk = (folder: string): void => {
    for (const entry of readdirSync(at(folder), { withFileTypes: true, encoding: 'buffer' })) {
      const path = folder + entry.name.toString('latin1')
      if (entry.isDirectory() && folders.has(`${path}/`)) walk(`${path}/`)
      else if (entry.isDirectory() || !tracked.has(path)) {
        rmSync(at(path), { recursive: true, force: true })
        // A submodule, whose files are not ours to write.
        if (tracked.has(path)) mkdirSync(at(path))
      }
    }
  }
  walk('')
}

/** `a/b/c` is in `a/` and `a/b/`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, end) => `${parts.slice(0, end + 1).join('/')}/`)
}
