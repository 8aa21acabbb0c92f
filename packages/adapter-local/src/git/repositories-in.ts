import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { codeOf } from '../disk/files.ts'
import { bytesOf } from './git.ts'

/** Folders below a root. Paths are as git has them, one character per byte: an agent's names need not be text. */
export interface Found {
  /** Those that have a `.git`, beside what may be tracked. */
  readonly repositories: readonly string[]
  /** Those that nobody can ask git about: they are too deep, or have nothing in them but a `.git`. */
  readonly unseen: readonly string[]
}

/** What is installed is not looked through: it can be installed again. */
export async function repositoriesIn(root: string, folder = ''): Promise<Found> {
  const entries = await readable(Buffer.concat([Buffer.from(`${root}/`), bytesOf(folder)]))
  if (entries === null) return { repositories: [], unseen: [folder] }
  const names = entries.map((entry) => ({ entry, name: entry.name.toString('latin1') }))
  const isOne = folder !== '' && names.some(({ name }) => name === '.git')
  const below = await Promise.all(
    names
      .filter(({ entry, name }) => entry.isDirectory() && name !== '.git' && name !== 'node_modules')
      .map(({ name }) => repositoriesIn(root, folder === '' ? name : `${folder}/${name}`)),
  )
  return {
    repositories: [...(isOne ? [folder] : []), ...below.flatMap(({ repositories }) => repositories)],
    unseen: [...(isOne && names.length === 1 ? [folder] : []), ...below.flatMap(({ unseen }) => unseen)],
  }
}

/** Null for one whose path is longer than the system takes. Empty for a folder that cannot be read: `status` names it. */
async function readable(directory: Buffer): Promise<readonly Dirent<Buffer>[] | null> {
  try {
    return await readdir(directory, { withFileTypes: true, encoding: 'buffer' })
  } catch (error) {
    const code = codeOf(error) ?? ''
    if (code === 'ENAMETOOLONG') return null
    // Taken away while we looked, or replaced.
    if (['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(code)) return []
    throw error
  }
}
