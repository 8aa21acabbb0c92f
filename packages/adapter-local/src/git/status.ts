import { join } from 'node:path'
import { OrchError } from '@orch/core'
import { isFolder, lookAt, namesIn, readText, remove } from '../disk/files.ts'
import { takeObjects } from './clone-objects.ts'
import { refsAt } from './clones.ts'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { unhide } from './hidden.ts'
import { copyIndex } from './index-copy.ts'
import { isOid, oidOf, type RefName } from './names.ts'
import { type View, withView } from './view.ts'
import { type Place, readEntry } from './worktrees.ts'

/** One path that is not as in HEAD. */
export interface Difference {
  /** As git has it: one character per byte. */
  readonly bytes: string
  readonly path: string
  /** `new`: HEAD has no such file; `unrepresentable`: a repository of its own, a submodule that moved, an unreadable folder. */
  readonly is: 'changed' | 'new' | 'unrepresentable' | 'unmerged'
  /** The index has it although HEAD has not. */
  readonly staged: boolean
  /** The index holds something else than HEAD and than the file. */
  readonly between: boolean
  /** There is no such file any more. */
  readonly deleted: boolean
}

export interface Standing {
  readonly place: Place
  /** The ref that HEAD names; null when it is detached. */
  readonly branch: string | null
  readonly head: string
  /** A merge, rebase, cherry-pick, revert or bisection that is not finished. */
  readonly inProgress: string | null
}

/** Files in a git directory that say what is going on. */
const signs: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisection',
}

export function inProgress(gitDirectory: string): string | null {
  const names = namesIn(gitDirectory)
  const sign = Object.keys(signs).find((name) => names.includes(name))
  return sign === undefined ? null : (signs[sign] ?? null)
}

/** Where the workspace stands; null when it is not there whole. */
export async function standingOf(context: GitContext, name: string): Promise<Standing | null> {
  const place = context.worktrees.place(name)
  const entry = readEntry(place.entry)
  if (entry.torn || !isFolder(place.files)) return null
  // A pipe or a folder in its place is none.
  if (lookAt(join(place.entry, 'index'))?.isFile() !== true) return null
  if (place.isClone) await takeObjects(context, place)
  const head = await headOf(context, place)
  if (head === null) return null
  return { place, branch: entry.head, head, inProgress: inProgress(place.entry) }
}

async function headOf(context: GitContext, place: Place): Promise<string | null> {
  const directory = place.entry
  const { head } = readEntry(directory)
  if (head !== null) return (await refsAt(context, place).read(head as RefName)) ?? lastHead(context, directory)
  const detached = (readText(join(directory, 'HEAD')) ?? '').trim()
  return isOid(detached) ? detached : null
}

/** Where HEAD was last, when its branch was deleted under it or is not born yet: those commits are work that nothing else names. */
async function lastHead(context: GitContext, directory: string): Promise<string | null> {
  const log = readText(join(directory, 'logs', 'HEAD')) ?? ''
  const named = log.split('\n').map((line) => line.split(' ')[1] ?? '')
  const last = named.findLast((oid) => isOid(oid) && !/^0+$/.test(oid))
  return last !== undefined && (await context.objects.commit(last)) !== null ? last : null
}

/** What git says of an index that it cannot read, in the C locale. */
const damaged =
  /index file (smaller than expected|corrupt)|bad (signature|index)|unknown index entry|index uses .* extension/

/**
 * Looks at the workspace's files through a git directory of ours and a copy of its index; through a new one made from HEAD when that is
 * damaged, so that everything which is in a file still counts. `use` begins with a look, and is called again then.
 * @param objects where objects are, if not in the repository alone; new ones go into the first
 */
export async function withWorkspace<T>(
  context: GitContext,
  standing: Standing,
  signal: AbortSignal,
  use: (view: View) => Promise<T>,
  objects?: readonly [string, ...string[]],
): Promise<T> {
  const { place, head } = standing
  const options = { head, worktree: place.files, forIndexOf: place.entry, signal, ...(objects && { objects }) }
  return withView(context.repository, options, async (view) => {
    await copyIndex(join(place.entry, 'index'), view.index)
    try {
      await unhide(view, place.files, context.repository.objectFormat)
      return await use(view)
    } catch (error) {
      if (!OrchError.is(error) || !damaged.test(error.message)) throw error
      await remove(view.index)
      await view.git({ arguments: ['read-tree', oidOf(head)] })
      return use(view)
    }
  })
}

/**
 * Everything that is not as in HEAD, but for what the repository's own `.gitignore` files name: what only the user's excludes hide
 * is work.
 */
export async function differences(view: View): Promise<readonly Difference[]> {
  const answer = await view.git({
    arguments: [
      'status',
      '--porcelain=v2',
      '-z',
      '--untracked-files=all',
      '--no-renames',
      '--ignore-submodules=all',
      '--no-ahead-behind',
    ],
  })
  const found = answer.output.split('\0').flatMap((line) => parse(line) ?? [])
  // Taken out of the index alone, a file is listed twice, and is there.
  const there = new Set(found.filter(({ is }) => is === 'new').map(({ bytes }) => bytes))
  return [
    ...closedIn(answer.errors).map((path) => make(path, 'unrepresentable')),
    ...found.map((each) => (each.deleted && there.has(each.bytes) ? { ...each, deleted: false } : each)),
  ]
}

/** Folders that git could not look into. It cuts its words off at 4096 bytes: those are of a path that is too long. */
function closedIn(errors: string): readonly string[] {
  const said = [...errors.matchAll(/^warning: could not open directory '(.+)$/gm)].map(([, rest = '']) => rest)
  return said.flatMap((rest) => {
    const [, path = '', why] = /^(.+)\/': (.+)$/.exec(rest) ?? ['', rest]
    const stays = why === undefined || /^(Permission denied|Operation not permitted|File name too long)$/.test(why)
    return stays ? [Buffer.from(path).toString('latin1')] : []
  })
}

/** A path in a sentence for people. */
export function shortened(path: string): string {
  return path.length > 300 ? `${path.slice(0, 300)}…` : path
}

function make(
  bytes: string,
  is: Difference['is'],
  {
    staged = false,
    between = false,
    deleted = false,
  }: Partial<Pick<Difference, 'staged' | 'between' | 'deleted'>> = {},
): Difference {
  return { bytes, path: textOf(bytes), is, staged, between, deleted }
}

function parse(line: string): Difference | null {
  switch (line[0]) {
    case undefined:
      return null
    case '?': {
      const bytes = line.slice(2)
      return make(bytes, bytes.endsWith('/') ? 'unrepresentable' : 'new')
    }
    case '1': {
      const [, state = '', , , indexMode, worktreeMode, , , ...rest] = line.split(' ')
      const bytes = rest.join(' ')
      if (indexMode === '160000' || worktreeMode === '160000') return make(bytes, 'unrepresentable', { staged: true })
      const added = state[0] === 'A' || state === '.A'
      const deleted = state[1] === 'D' || state === 'D.'
      const between = /^[AMT][MTD]$/.test(state)
      return make(bytes, added ? 'new' : 'changed', { staged: added, between, deleted })
    }
    case 'u':
      return make(line.split(' ').slice(10).join(' '), 'unmerged', { staged: true })
    default:
      throw new OrchError('bug', `git status said something that is not understood: ${line.slice(0, 40)}`)
  }
}
