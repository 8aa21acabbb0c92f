import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { codeOf } from '../disk/files.ts'

/** How far up from a current folder is looked whose path is longer than the system tells. */
const deepest = 1000

/**
 * Processes that work in `directory`: their current folder is in it. Other users' cannot be seen; where the system does not tell
 * (macOS), none is found.
 */
export function occupantsOf(directory: string): readonly number[] {
  if (process.platform !== 'linux') return []
  const place = real(directory)
  if (place === null) return []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.flatMap((pid) => (worksIn(pid, place) ? [Number(pid)] : []))
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

function worksIn(pid: string, place: string): boolean {
  const link = join('/proc', pid, 'cwd')
  try {
    const current = readlinkSync(link)
    return current === place || current.startsWith(place + sep)
  } catch (error) {
    if (codeOf(error) === 'ENAMETOOLONG') return leadsUpTo(link, place)
    // Gone meanwhile, or not ours to see.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return false
    throw error
  }
}

/** Folder by folder: the whole path is more than the system puts into one answer. What cannot be told counts as in it. */
function leadsUpTo(link: string, place: string): boolean {
  const identity = (path: string): string => {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev} ${ino}`
  }
  try {
    const wanted = identity(place)
    let path = link
    for (let up = 0; up < deepest; up += 1) {
      const here = identity(path)
      if (here === wanted) return true
      path += '/..'
      if (identity(path) === here) return false
    }
    return true
  } catch (error) {
    return !['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')
  }
}
