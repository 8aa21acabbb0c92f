import type { Dirent } from 'node:fs'
import { cp, mkdir, readdir, realpath, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { codeOf, freshFolder, isFolder, lookAt, namesIn, readText, remove } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { git } from './git.ts'
import { moveAside, type Place } from './worktrees.ts'

/** Beside the files that were moved aside; no workspace has a name like it. */
const kept = '.modules'

/**
 * Moves the files aside, and the repositories of submodules with them: git keeps those in the entry, and what was committed there may be
 * nowhere else. Null when there is nothing to keep.
 */
export async function moveWholeAside(
  context: GitContext,
  place: Place,
  { files }: { readonly files: boolean },
): Promise<string | null> {
  const { worktrees } = context
  // As git saw it: links between files and repositories are relative to where they really are.
  const before = files ? join(await realpath(worktrees.folder), place.name) : null
  const target = files ? await moveAside(worktrees, place.files) : null
  const modules = join(place.entry, 'modules')
  if (!hasSubmodules(place)) return target
  const aside = join(worktrees.folder, '.aside')
  await mkdir(aside, { recursive: true })
  const to = join(target === null ? await freshFolder(aside, place.name) : dirname(target), kept)
  await movedAcross(modules, to)
  if (before === null || target === null) return to
  for (const folder of isFolder(target) ? await linkedIn(target, '') : [])
    await link({ from: join(before, folder), to: join(target, folder) }, { from: modules, to })
  return target
}

export function hasSubmodules({ entry }: Place): boolean {
  const modules = join(entry, 'modules')
  return isFolder(modules) && namesIn(modules).length > 0
}

interface Move {
  readonly from: string
  readonly to: string
}

/** Worktrees may be on another disk than the repository. */
async function movedAcross(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error
    const copy = `${to}.copy`
    await remove(copy)
    await cp(from, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    await rename(copy, to)
    await remove(from)
  }
}

/** Lets the `.git` of a submodule name its repository where that is now. */
async function link(submodule: Move, modules: Move): Promise<void> {
  const file = join(submodule.to, '.git')
  const named = /^gitdir: (.+?)\n?$/.exec(readText(file) ?? '')?.[1]
  if (named === undefined) return
  const inside = relative(modules.from, resolve(submodule.from, named))
  if (inside === '' || inside.split(sep)[0] === '..') return
  const directory = join(modules.to, inside)
  // An agent may have put a link to somebody else's repository in its place, and we are about to write there.
  const top = await realpath(modules.to)
  if (!isFolder(directory) || (await realpath(directory)) !== join(top, inside)) return
  await writeFile(file, `gitdir: ${relative(submodule.to, directory)}\n`)
  for (const name of ['config', 'config.worktree']) {
    const path = join(directory, name)
    if (lookAt(path)?.isFile() !== true) continue
    // Without it the work tree is where the `.git` file is, wherever the two are moved together.
    const unset = ['config', '--file', path, '--unset-all', 'core.worktree']
    await git({ directory: '/', arguments: unset, answers: [0, 3, 5, 128] })
  }
}

/** Folders below the top in which `.git` is a file. */
async function linkedIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((): Dirent[] => [])
  const isOne = folder !== '' && entries.some((entry) => entry.name === '.git' && entry.isFile())
  const below: string[] = isOne ? [folder] : []
  for (const entry of entries)
    if (entry.isDirectory() && entry.name !== '.git') below.push(...(await linkedIn(root, join(folder, entry.name))))
  return below
}
