import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path'

/** How a folder of files looked, from what nobody can set back: two equal sights are of one state. */
export interface FolderSight {
  readonly everything: string
  /** Of its `.gitattributes` alone: they decide which bytes git writes into all the others. */
  readonly attributes: string
  /** When it was changed last, in milliseconds of the wall clock. */
  readonly changedAt: number
}

/** Above this, looking is no quicker than writing. */
const mostEntries = 100_000

/**
 * Every entry by the time of its last change (`ctime`), which the system alone sets. Null where that proves nothing: times without
 * fractions, which two changes share; folders without files, which stand for something else; too many entries.
 */
export function sightOf(directory: string): FolderSight | null {
  const everything = createHash('sha1')
  const attributes = createHash('sha1')
  const seen = { entries: 0, changedAt: 0, fine: false }
  const walk = (folder: string): boolean => {
    const names = readdirSync(folder).sort()
    for (const name of names) {
      if (++seen.entries > mostEntries) return false
      const path = join(folder, name)
      const found = lstatSync(path)
      const line = `${path.slice(directory.length)}\0${signature(found)}\0`
      everything.update(line)
      if (name === '.gitattributes') attributes.update(line)
      seen.changedAt = Math.max(seen.changedAt, found.ctimeMs)
      seen.fine ||= found.ctimeMs % 1 !== 0
      if (found.isDirectory() && !walk(path)) return false
    }
    return names.length > 0
  }
  // Moving the folder itself is no change of what is in it.
  everything.update(String(lstatSync(directory).mode))
  if (!walk(directory) || !seen.fine) return null
  return { everything: everything.digest('hex'), attributes: attributes.digest('hex'), changedAt: seen.changedAt }
}

function signature({ dev, ino, mode, size, uid, gid, ctimeMs, mtimeMs }: Stats): string {
  return [dev, ino, mode, size, uid, gid, ctimeMs, mtimeMs].join(' ')
}
