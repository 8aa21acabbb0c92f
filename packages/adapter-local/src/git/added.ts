import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt } from '../disk/files.ts'
import { textOf } from './git.ts'

/** Mode and object of a path before and after, `absent` where there is none. */
export interface Change {
  readonly old: string
  readonly new: string
}

export const absent = 'absent'

/** What a landing would take the place of without a word: git keeps nothing that a `.gitignore` names. */
export interface Met {
  /** Files in the place of new ones: only fine when they are as those will be. */
  readonly files: readonly string[]
  /** Where there is to be nothing: folders with files of the user's, and files where folders are to be. */
  readonly others: readonly string[]
}

/**
 * What there is in the places of the paths that a landing adds, one character per byte like them. What it takes away itself git looks
 * at before.
 */
export async function metBy(
  files: string,
  touched: ReadonlyMap<string, Change>,
  { ignoreCase }: { readonly ignoreCase: boolean },
): Promise<Met> {
  const same = (path: string) => (ignoreCase ? textOf(path).toLowerCase() : path)
  const gone = new Set([...touched].filter(([, change]) => change.new === absent).map(([path]) => same(path)))
  const met = { files: [] as string[], others: new Set<string>() }
  const folders = new Map<string, boolean>()
  const isThere = (folder: string): boolean => {
    if (folder === '') return true
    const known = folders.get(folder)
    if (known !== undefined) return known
    const found = isThere(parentOf(folder)) ? lookAt(join(files, textOf(folder))) : null
    if (found !== null && !found.isDirectory() && !gone.has(same(folder))) met.others.add(folder)
    folders.set(folder, found?.isDirectory() === true)
    return found?.isDirectory() === true
  }
  for (const [path, change] of touched) {
    if (change.old !== absent || !isThere(parentOf(path))) continue
    const found = lookAt(join(files, textOf(path)))
    if (found === null || gone.has(same(path))) continue
    if (!found.isDirectory()) met.files.push(path)
    // A submodule is a folder already, whatever is in it.
    else if (!change.new.startsWith('160000 ')) {
      const other = await firstBelow(files, path, (below) => gone.has(same(below)))
      if (other !== null) met.others.add(other)
    }
  }
  return { files: met.files, others: [...met.others] }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

async function firstBelow(root: string, folder: string, isFine: (path: string) => boolean): Promise<string | null> {
  const directory = join(root, textOf(folder))
  for (const entry of await readdir(directory, { withFileTypes: true, encoding: 'buffer' })) {
    const path = `${folder}/${entry.name.toString('latin1')}`
    const found = entry.isDirectory() ? await firstBelow(root, path, isFine) : isFine(path) ? null : path
    if (found !== null) return found
  }
  return null
}
