import { link, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { OrchError } from '@orch/core'
import { codeOf, lookAt, readText, remove } from '../disk/files.ts'
import { isDead, ownFile } from './lock.ts'
import { occupantsOf } from './occupants.ts'
import type { Place } from './worktrees.ts'

/** What our locks on an index begin with, so that one which a crash left behind is known as ours. */
const mark = 'orch '

/**
 * Takes git's own lock on the index of `gitDirectory`; false when somebody has it. One of ours whose owner is proved dead is
 * broken; anybody else's never.
 */
export async function takeIndexLock(gitDirectory: string): Promise<boolean> {
  const path = join(gitDirectory, 'index.lock')
  const mine = await ownFile(join(gitDirectory, 'orch-lock'), mark)
  try {
    for (;;) {
      try {
        await link(mine, path)
        return true
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error
      }
      const note = readText(path)
      if (note === null && lookAt(path) === null) continue
      const owner = ownerIn(note ?? '')
      if (owner === null || !(await isDead(owner))) return false
      await remove(path)
    }
  } finally {
    await unlink(mine)
  }
}

/** Whose lock it is, when this is what we write into one. */
export function ownerIn(text: string): string | null {
  return text.startsWith(mark) ? text.slice(mark.length) : null
}

export function dropIndexLock(gitDirectory: string): Promise<void> {
  return remove(join(gitDirectory, 'index.lock'))
}

/** Puts `index` in place and gives the lock back. The lock stays ours to recognise until the end. */
export async function installIndex(gitDirectory: string, index: string): Promise<void> {
  await rename(index, join(gitDirectory, 'index'))
  await dropIndexLock(gitDirectory)
}

/**
 * As `takeIndexLock` for a workspace whose turn has ended: the lock that a killed git left there is broken when nobody works in the
 * workspace. Throws `in-use` while somebody does.
 */
export async function takeWorkspaceIndex(place: Place): Promise<void> {
  if (await takeIndexLock(place.entry)) return
  const [occupant] = occupantsOf(place.files)
  if (occupant === undefined) {
    await dropIndexLock(place.entry)
    if (await takeIndexLock(place.entry)) return
  }
  const who = occupant === undefined ? 'another git process' : `process ${occupant}`
  throw new OrchError('in-use', `the index of workspace ${place.name} is in use by ${who}`, {
    port: 'vcs',
    retryable: true,
  })
}
