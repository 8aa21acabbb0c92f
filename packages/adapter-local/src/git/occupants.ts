import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { codeOf } from '../disk/files.ts'

/**
 * Processes that work in `directory`: their current folder is in it. Other users' cannot be seen; where the system does not tell
 * (macOS), none is found.
 */
export function occupantsOf(directory: string): readonly number[] {
  if (process.platform !== 'linux') return []
  const place = real(directory)
  if (place === null) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.flatMap((pid) => {
    const current = currentFolder(pid)
    return current === place || current?.startsWith(place + sep) === true ? [Number(pid)] : []
  })
}

/** As processes are shown to be in it, whatever links lead there. */
function real(directory: string): string | null {
  try {
    return realpathSync.native(directory)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}

function currentFolder(pid: string): string | null {
  try {
    return readlinkSync(join('/proc', pid, 'cwd'))
  } catch (error) {
    // Gone meanwhile, or not ours to see.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}
