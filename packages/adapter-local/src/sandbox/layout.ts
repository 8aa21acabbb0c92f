import { existsSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isFolder } from '../disk/files.ts'
import { branchRef, isWorkspaceName } from '../git/names.ts'
import type { Repository } from '../git/repository.ts'
import { branchOfEntry, type Place, worktreesOf } from '../git/worktrees.ts'

/** What of a repository a program in a workspace may do. */
export interface Layout {
  /** Shown, and not to be written. */
  readonly shown: readonly string[]
  /** Our state: not even shown. */
  readonly hidden: string
  /** What its git writes. */
  readonly writable: readonly string[]
  /** Of that, what says which branch and files it is about. */
  readonly fixed: readonly string[]
}

/**
 * The git of a linked worktree writes its entry, objects, and the folder of its branch: not configuration, hooks and other people's branches.
 * That of a clone writes the clone.
 */
export function layoutOf(found: Repository, folder: string | undefined, directory: string): Layout {
  const worktrees = worktreesOf(found, folder ?? `${found.root}.worktrees`, 'worktree')
  const common = found.commonDirectory
  const shown = [found.root, common, worktrees.folder]
  const hidden = join(common, 'orch')
  const name = basename(directory)
  const isWorkspace = dirname(directory) === worktrees.folder && isWorkspaceName(name)
  const place = isWorkspace ? worktrees.place(name) : null
  // Checks work in folders without git.
  if (place === null || !isFolder(place.entry)) return { shown, hidden, writable: [], fixed: [] }
  const fixed = ['gitdir', 'commondir', 'orch-branch'].map((file) => join(place.entry, file)).filter(existsSync)
  return { shown, hidden, writable: place.isClone ? [place.entry] : sharedBy(place, common), fixed }
}

function sharedBy(place: Place, common: string): readonly string[] {
  const branch = branchOfEntry(place.entry)
  const folder = branch === null ? null : dirname(branchRef(branch))
  // Beside a branch without a folder of its own lie those of everybody.
  const refs = folder === null || folder === 'refs/heads' ? [] : [join(common, folder), join(common, 'logs', folder)]
  for (const each of refs) mkdirSync(each, { recursive: true })
  return [place.entry, join(common, 'objects'), ...refs].filter(isFolder)
}
