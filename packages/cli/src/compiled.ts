import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { enableCompileCache, getCompileCacheDir } from 'node:module'
import { isAbsolute, join } from 'node:path'

/**
 * Has Node keep what it compiled of our files, so that the next call need not do it again. Without a folder that is safe for it
 * nothing is kept, and nothing is said: it only saves time. `NODE_DISABLE_COMPILE_CACHE=1` turns it off, `NODE_COMPILE_CACHE` names
 * another folder.
 */
export function keepCompiled(environment: NodeJS.ProcessEnv): void {
  if (environment.NODE_DISABLE_COMPILE_CACHE !== undefined) return
  try {
    if (getCompileCacheDir() !== undefined) return
    const folder = safeFolder(environment)
    if (folder !== null) enableCompileCache(folder)
  } catch {
    // A home that is read-only, full or not there is no reason to do nothing.
  }
}

/**
 * What lies there is run without a look at its source. So never Node's own choice, below the directory for temporary files, which all
 * users share; and only where from the home on nobody but the user can put or replace anything.
 */
function safeFolder({ HOME, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string | null {
  const user = process.getuid?.()
  if (user === undefined) return null
  // What is no absolute path, the specification says, counts as not set.
  const path = isPath(XDG_CACHE_HOME) ? [XDG_CACHE_HOME, 'orch'] : isPath(HOME) ? [HOME, '.cache', 'orch'] : null
  if (path === null) return null
  const [base = '', ...below] = path
  let folder = realpathSync.native(base)
  if (!isOnlyFor(user, folder)) return null
  for (const name of below) {
    folder = join(folder, name)
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder, { mode: 0o700 })
    if (!isOnlyFor(user, folder)) return null
  }
  return folder
}

function isPath(given: string | undefined): given is string {
  return given !== undefined && isAbsolute(given)
}

function isOnlyFor(user: number, folder: string): boolean {
  const found = lstatSync(folder)
  return found.isDirectory() && found.uid === user && (found.mode & 0o022) === 0
}
