import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../disk/files.ts'

/** A move of a user's files that was asked for. */
export interface Asked {
  readonly gitDirectory: string
  readonly files: string
  readonly from: string
  readonly to: string
}

/**
 * Refusals that stand for as long as the index and the files in the way are as they were: to find out the same again takes the lock on
 * the user's index, and then their own git fails that is about to clean up.
 */
export interface Refusals {
  /** Why it was refused, if that has not changed since. */
  standing(asked: Asked): Promise<string | null>
  /** @param sight taken before the look that found them in the way */
  remember(asked: Asked, sight: Sight, why: string): void
}

export interface Sight {
  readonly paths: readonly string[]
  readonly signature: string
}

export function refusals(): Refusals {
  const known = new Map<string, Asked & { readonly sight: Sight; readonly why: string }>()
  return {
    async standing({ gitDirectory, files, from, to }) {
      const last = known.get(gitDirectory)
      if (last?.from !== from || last.to !== to) return null
      const now = await sightOf({ gitDirectory, files }, last.sight.paths)
      return now?.signature === last.sight.signature ? last.why : null
    },
    remember(asked, sight, why) {
      known.set(asked.gitDirectory, { ...asked, sight, why })
    },
  }
}

/** How index and files look now; null when one is no file, so that its looks do not tell whether it has changed. */
export async function sightOf(
  { gitDirectory, files }: Pick<Asked, 'gitDirectory' | 'files'>,
  paths: readonly string[],
): Promise<Sight | null> {
  const looks = await Promise.all([join(gitDirectory, 'index'), ...paths.map((path) => join(files, path))].map(look))
  return looks.includes(null) ? null : { paths, signature: looks.join('\n') }
}

async function look(path: string): Promise<string | null> {
  try {
    const found = await lstat(path, { bigint: true })
    return found.isFile() ? `${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino} ${found.mode}` : null
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return 'gone'
    throw error
  }
}
