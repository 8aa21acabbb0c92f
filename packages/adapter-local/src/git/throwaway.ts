import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { freshPath, isFolder } from '../disk/files.ts'
import { type Objects, objectsOf } from './objects.ts'
import type { Repository } from './repository.ts'
import { viewsOf } from './view.ts'

/** Objects that nobody but this process is to see, beside those of the user's repository. They end with the process. */
export interface Throwaway {
  readonly objects: Objects
  /** Where they are, ours first. */
  readonly folders: readonly [string, ...string[]]
  /** To be called before anything is read: git wants the folder to be there. False when all that was in it is gone. */
  begin(): boolean
  /** To be called before much is written: it holds every state of every workspace that was ever looked at, and is begun anew at times. */
  renew(): void
}

const mostWritings = 1000

export function throwawayOf(repository: Repository): Throwaway {
  const folder = freshPath(viewsOf(repository), `live.${process.pid}`)
  const folders = [folder, join(repository.commonDirectory, 'objects')] as const
  let writings = 0
  return {
    objects: objectsOf(repository, folders),
    folders: [...folders],
    renew() {
      if (++writings <= mostWritings) return
      rmSync(folder, { recursive: true, force: true })
      writings = 0
    },
    begin() {
      const isThere = isFolder(folder)
      if (!isThere) mkdirSync(folder, { recursive: true })
      removeAtEnd(folder)
      return isThere
    },
  }
}

const made = new Set<string>()

/** What a killed process leaves is swept away as what an interrupted call leaves. */
function removeAtEnd(folder: string): void {
  if (made.size === 0) {
    process.once('exit', () => {
      for (const each of made) rmSync(each, { recursive: true, force: true })
    })
  }
  made.add(folder)
}
