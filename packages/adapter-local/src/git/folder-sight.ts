import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { codeOf } from '../disk/files.ts'

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
 * The folder and every entry by the time of its last change (`ctime`), which the system alone sets. Null where that proves nothing: times without
 * fractions, which two changes share; folders without files, which stand for something else; too many entries.
 */
export function sightOf(directory: string): FolderSight | null {
  const everything = createHash('sha1')
  const attributes = createHash('sha1')
  const seen = { entries: 0, changedAt: 0, fine: false }
  // Names are bytes: not every one is a text.
  const walk = (folder: Buffer): boolean => {
    const names = readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare)
    for (const name of names) {
      if (++seen.entries > mostEntries) return false
      const path = Buffer.concat([folder, slash, name])
      const found = lstatSync(path)
      for (const hash of name.equals(attributesFile) ? [everything, attributes] : [everything]) {
        hash.update(name).update(`\0${signature(found)}\0`)
      }
      seen.changedAt = Math.max(seen.changedAt, found.ctimeMs)
      seen.fine ||= found.ctimeMs % 1 !== 0
      if (found.isDirectory() && !walk(path)) return false
    }
    everything.update('/')
    return names.length > 0
  }
  try {
    everything.update(signature(lstatSync(directory)))
    if (!walk(Buffer.from(directory)) || !seen.fine) return null
  } catch (error) {
    // Gone, not to be read, or with a path that is too long: nothing is proved.
    if (codeOf(error) !== undefined) return null
    throw error
  }
  return { everything: everything.digest('hex'), attributes: attributes.digest('hex'), changedAt: seen.changedAt }
}

const slash = Buffer.from('/')
const attributesFile = Buffer.from('.gitattributes')

function signature({ dev, ino, mode, size, uid, gid, ctimeMs, mtimeMs }: Stats): string {
  return [dev, ino, mode, size, uid, gid, ctimeMs, mtimeMs].join(' ')
}
