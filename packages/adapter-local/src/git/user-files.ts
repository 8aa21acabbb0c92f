import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type FailureReason, failed, ok, type Result } from '@orch/core'
import { isFolder, lookAt, readText } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import { absent, type Change, metBy } from './added.ts'
import type { GitContext } from './context.ts'
import { textOf } from './git.ts'
import { copyIndex } from './index-copy.ts'
import { dropIndexLock, takeIndexLock } from './index-lock.ts'
import type { RefName } from './names.ts'
import { pipeBelow, pipeText } from './pipes.ts'
import { type Asked, type Sight, sightOf } from './refusals.ts'
import { inProgress } from './status.ts'
import { removeTorn } from './torn.ts'
import { touchedFolders } from './touched.ts'
import { addAll, readTree, setAll, staged, touched, treeOf, treeSoFar, trialOf, unstaged } from './user-index.ts'
import { type View, withView } from './view.ts'
import { readEntry } from './worktrees.ts'

/** A place where the user has a branch checked out. */
export interface UserCheckout {
  readonly files: string
  readonly gitDirectory: string
}

/**
 * Where `ref` is checked out. `held-by-user` when something is going on there that a landing would disturb: a merge, or a rebase of that
 * branch.
 */
export async function checkoutsOf(
  context: GitContext,
  ref: RefName,
): Promise<Result<readonly UserCheckout[], 'held-by-user'>> {
  const { repository, worktrees } = context
  const main = { ...readEntry(repository.commonDirectory), files: repository.root }
  const found: UserCheckout[] = []
  // An agent that checks the target out in its workspace is no user.
  for (const entry of [main, ...worktrees.others()]) {
    const { directory: gitDirectory, files } = entry
    if (isRebased(gitDirectory, ref)) {
      return failed(
        'held-by-user',
        `a rebase of ${ref.slice('refs/heads/'.length)} is in progress in ${files}; finish it or abort it`,
      )
    }
    if (entry.head !== ref || files === null || !isFolder(files)) continue
    const going = inProgress(gitDirectory)
    if (going !== null) return failed('held-by-user', `${going} is in progress in ${files}; finish it or abort it`)
    found.push({ files, gitDirectory })
  }
  return ok(found)
}

function isRebased(gitDirectory: string, ref: RefName): boolean {
  const names = ['rebase-merge', 'rebase-apply'].map((folder) => readText(join(gitDirectory, folder, 'head-name')))
  return names.some((name) => name?.trim() === ref)
}

interface Move {
  readonly from: string
  readonly to: string
  /** When a move between the two was begun that did not get to its end, in milliseconds since 1970; null for a new one. */
  readonly begun: number | null
}

/**
 * Moves the files and the index of a user's check-out from one commit to another, all or nothing. Changes of the user's to other files
 * stay, staged or not. What an interrupted call did already is taken as done. `in-use` while a git of the user's is at work there. Throws
 * when git cannot write the files: some of them may then be moved, so that it has to be taken up again with `begun`.
 */
export async function moveFiles(
  context: GitContext,
  { files, gitDirectory }: UserCheckout,
  { from, to, begun }: Move,
): Promise<Result<void, 'held-by-user' | 'in-use'>> {
  const asked = { gitDirectory, files, from, to }
  const refused = await context.refusals.standing(asked)
  if (refused !== null) return failed('held-by-user', refused)
  // A git that is ended while it waits has written half of the files, so it is not begun.
  const pipe = pipeBelow(files, (await touchedFolders(context.objects, from, to)).map(textOf))
  if (pipe !== null) return failed('held-by-user', pipeText(pipe))
  return withIndexOf(context, { files, gitDirectory }, from, async (view) => {
    if (begun !== null) await removeTorn(view, files, await unstaged(view, await touched(view, from, to)), begun)
    const obstacle = (await overwritten(context, view, asked)) ?? (await obstacleOf(view, asked))
    if (obstacle === null) return ok('moved' as const)
    const why = `${obstacle.why} in ${files}: the landing would overwrite it; commit it or put it away`
    if (obstacle.sight !== null) context.refusals.remember(asked, obstacle.sight, why)
    return failed('held-by-user', why)
  })
}

/** Works on a copy of the index of a check-out, which takes its place when `use` answers `moved`. */
async function withIndexOf<Reason extends FailureReason>(
  context: GitContext,
  { files, gitDirectory }: UserCheckout,
  head: string,
  use: (view: View) => Promise<Result<'moved' | 'as-it-was', Reason>>,
): Promise<Result<void, Reason | 'in-use'>> {
  if (!(await takeIndexLock(gitDirectory)))
    return failed('in-use', `git is at work in ${files} (or left ${join(gitDirectory, 'index.lock')} behind)`)
  try {
    const options = { head, worktree: files, forIndexOf: gitDirectory }
    return await withView(context.repository, options, async (view) => {
      await copyIndex(join(gitDirectory, 'index'), view.index)
      const used = await use(view)
      if (!used.ok) return used
      if (used.value === 'moved') {
        failPoint('landing-files-moved')
        await rename(view.index, join(gitDirectory, 'index'))
        failPoint('landing-index-moved')
      }
      return ok()
    })
  } finally {
    // Once: given back before, it may be the user's by now.
    await dropIndexLock(gitDirectory)
  }
}

/**
 * Takes back what an interrupted `moveFiles` did, path by path: what the user has changed or staged since stays as it is, and so does what
 * the branch, now at `now`, has got in the meantime. `in-use` while that has to wait.
 */
export async function moveFilesBack(
  context: GitContext,
  { files, gitDirectory }: UserCheckout,
  { from, to, begun, now }: Move & { readonly now: string },
): Promise<Result<void, 'in-use'>> {
  const pipe = pipeBelow(files, (await touchedFolders(context.objects, from, to)).map(textOf))
  if (pipe !== null) return failed('in-use', pipeText(pipe))
  return withIndexOf(context, { files, gitDirectory }, from, async (view) => {
    await view.git({ arguments: ['update-index', '-q', '--really-refresh'], answers: [0, 1] })
    const left = await touched(view, now, to)
    const wanted = new Map([...(await touched(view, from, to))].filter(([path]) => left.has(path)))
    const ours = await unstaged(view, wanted)
    if (begun !== null) await removeTorn(view, files, ours, begun)
    const trial = await trialOf(view, pathsOf(ours))
    const found = [...ours].map(([path, change]) => ({ path, change, is: trial.get(path) ?? absent }))
    const agreeing = found.filter(({ change, is }) => is === change.old || is === change.new)
    await addAll(view, pathsOf(agreeing.map(({ path, change }) => [path, change])))
    // Taken away to be written anew, or torn.
    const isMissing = (path: string) => lookAt(join(files, textOf(path))) === null
    const missing = found.filter(({ path, change, is }) => is === absent && change.old !== absent && isMissing(path))
    await setAll(view, missing)
    const done = agreeing.filter(({ change, is }) => is === change.new)
    const obstacle = await readTree(view, await treeOf(view, from, [...done, ...missing]), from)
    return ok(obstacle === null ? 'moved' : 'as-it-was')
  })
}

interface Obstacle {
  readonly why: string
  /** How what is in the way looked before it was looked at for the last time. */
  readonly sight: Sight | null
}

/** What of the user's is where something new is to be: git itself would keep only what no `.gitignore` names. */
async function overwritten({ repository }: GitContext, view: View, asked: Asked): Promise<Obstacle | null> {
  const { files, from, to } = asked
  const wanted = await touched(view, from, to)
  const ignoreCase = repository.settings.some(([key, value]) => key === 'core.ignorecase' && value === 'true')
  const met = await metBy(files, wanted, { ignoreCase })
  if (met.files.length + met.others.length === 0) return null
  const sight = await sightOf(asked, [...met.files, ...met.others].map(textOf))
  // An interrupted landing has written what it adds already.
  const after = met.files.length === 0 ? null : await trialOf(view, met.files)
  const oid = (state = absent) => state.slice(state.indexOf(' ') + 1)
  const different = met.files.filter((path) => oid(after?.get(path)) !== oid(wanted.get(path)?.new))
  const paths = [...different, ...met.others]
  return paths.length === 0 ? null : { why: `you have ${paths.map(textOf).join(', ')}`, sight }
}

/** Null when it went through, otherwise what is in the way. */
async function obstacleOf(view: View, asked: Asked): Promise<Obstacle | null> {
  const { from, to } = asked
  const first = await readTree(view, from, to)
  if (first === null) return null
  const sight = first.paths.length === 0 ? null : await sightOf(asked, first.paths)
  await acceptDone(view, from, to)
  // Where a folder has become a file, git takes that for a file of the user's even when its index has it.
  const last = await readTree(view, await treeSoFar(view, from, to), to)
  return last === null ? null : { why: last.why, sight: last.why === first.why ? sight : null }
}

/** Makes the index agree with files that are as they should become, or that only look changed. */
async function acceptDone(view: View, from: string, to: string): Promise<void> {
  // Not what is assumed to be unchanged either: that git takes for current, whatever is in it.
  await view.git({ arguments: ['update-index', '-q', '--really-refresh'], answers: [0, 1] })
  const wanted = await touched(view, from, to)
  const before = await staged(view)
  const untouched = pathsOf([...wanted].filter(([path, { old }]) => (before.get(path) ?? absent) === old))
  const after = await trialOf(view, untouched)
  const done = untouched.filter((path) => (after.get(path) ?? absent) === wanted.get(path)?.new)
  if (done.length > 0) await addAll(view, done)
}

/** Those that can be looked at as files: at the folder of a submodule that it does not know git gives up, and adds none of the others. */
function pathsOf(changes: Iterable<readonly [string, Change]>): readonly string[] {
  const isSubmodule = (state: string) => state.startsWith('160000 ')
  return [...changes].filter(([, change]) => !isSubmodule(change.old) && !isSubmodule(change.new)).map(([path]) => path)
}
