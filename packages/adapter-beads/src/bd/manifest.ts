import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Identity } from './identity.ts'

/** The folder that changes with every write. */
export function storageOf({ folder, database }: Identity): string {
  return join(folder, 'embeddeddolt', database, '.dolt', 'noms')
}

/**
 * A text that stays the same as long as nobody writes, without any process; null when it cannot be told. An internal of the storage: it
 * only ever saves a look.
 */
export async function stampOf(identity: Identity): Promise<string | null> {
  try {
    const [manifest, about] = await Promise.all([
      readFile(join(storageOf(identity), 'manifest'), 'utf8'),
      readFile(join(identity.folder, 'metadata.json'), 'utf8'),
    ])
    return `${manifest}\n${about}`
  } catch {
    return null
  }
}
