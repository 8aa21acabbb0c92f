import { readdir, readlink } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { codeOf } from './files.ts'

/**
 * Processes that work in `directory`: their current folder is in it. Other users' cannot be seen; where the system does not tell
 * (macOS), none is found.
 */
export async function occupantsOf(directory: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const current = await currentFolder(pid)
      return current === directory || current?.startsWith(directory + sep) === true ? [Number(pid)] : []
    }),
  )
  return found.flat()
}

async function currentFolder(pid: string): Promise<string | null> {
  try {
    return await readlink(join('/proc', pid, 'cwd'))
  } catch (error) {
    // Gone meanwhile, or not ours to see.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}
