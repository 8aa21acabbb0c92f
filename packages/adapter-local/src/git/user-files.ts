import { join } from 'node:path'
import { failed, ok, type Result } from '@orch/core'
import { isFolder, readText } from '../disk/files.ts'
import { absent, type Change, metBy } from './added.ts'
import type { GitContext } from './context.ts'
import { failureOf, shown, textOf } from './git.ts'
import { copyIndex } from './index-copy.ts'
import { dropIndexLock, installIndex, takeIndexLock } from './index-lock.ts'
import { oidOf, type RefName } from './names.ts'
import { pipeBelow, pipeText } from './pipes.ts'
import { type Asked, type Sight, sightOf } from './refusals.ts'
import { inProgress } from './status.ts'
import { removeTorn } from './torn.ts'
import { touchedFolders } from './touched.ts'
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
  if (!(await takeIndexLock(gitDirectory))) {
    return failed('in-use', `git is at work in ${files} (or left ${join(gitDirectory, 'index.lock')} behind)`)
  }
  try {
    return await withView(
      context.repository,
      { head: from, worktree: files, forIndexOf: gitDirectory },
      async (view) => {
        await copyIndex(join(gitDirectory, 'index'), view.index)
        if (begun !== null) await removeTorn(context.objects, files, await touched(view, from, to), begun)
        const obstacle = (await overwritten(context, view, asked)) ?? (await obstacleOf(view, asked))
        if (obstacle !== null) {
          const why = `${obstacle.why} in ${files}: the landing would overwrite it; commit it or put it away`
          if (obstacle.sight !== null) context.refusals.remember(asked, obstacle.sight, why)
          return failed('held-by-user', why)
        }
        await installIndex(gitDirectory, view.index)
        return ok()
      },
    )
  } finally {
    await dropIndexLock(gitDirectory)
  }
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
  const last = await readTree(view, from, to)
  return last === null ? null : { why: last.why, sight: last.why === first.why ? sight : null }
}

/** Null when it went through, otherwise what is in the way. */
async function readTree(
  view: View,
  from: string,
  to: string,
): Promise<{ readonly why: string; readonly paths: readonly string[] } | null> {
  const call = { arguments: ['read-tree', '-m', '-u', oidOf(from), oidOf(to)], answers: [0, 128] }
  const answer = await view.git(call)
  if (answer.code === 0) return null
  if (!/would be|would lose|not uptodate|Cannot|will not/.test(answer.errors))
    throw failureOf(call, shown(answer.errors), answer)
  const paths = [...new Set([...answer.errors.matchAll(/'([^'\n]+)'/g)].map(([, path]) => path ?? ''))]
  if (paths.length > 0) return { why: `you changed ${paths.join(', ')}`, paths }
  return { why: shown(answer.errors), paths }
}

/** Makes the index agree with files that are as they should become, or that only look changed. */
async function acceptDone(view: View, from: string, to: string): Promise<void> {
  // Not what is assumed to be unchanged either: that git takes for current, whatever is in it.
  await view.git({ arguments: ['update-index', '-q', '--really-refresh'], answers: [0, 1] })
  const wanted = await touched(view, from, to)
  const before = await staged(view)
  const untouched = [...wanted].filter(([path, { old }]) => (before.get(path) ?? absent) === old).map(([path]) => path)
  const after = await trialOf(view, untouched)
  const done = untouched.filter((path) => (after.get(path) ?? absent) === wanted.get(path)?.new)
  if (done.length > 0) await addAll(view, done)
}

/** What the index would say if these were added as they are. */
async function trialOf(view: View, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const before = `${view.index}.trial`
  await copyIndex(view.index, before)
  await addAll(view, paths)
  const after = await staged(view)
  await copyIndex(before, view.index)
  return after
}

function addAll(view: View, paths: readonly string[]): Promise<unknown> {
  const input = paths.map((path) => `${path}\0`).join('')
  return view.git({
    arguments: ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'],
    input,
    answers: [0, 128],
  })
}

/** Mode and object of each path that differs, before and after. */
async function touched(view: View, from: string, to: string): Promise<ReadonlyMap<string, Change>> {
  const answer = await view.git({ arguments: ['diff-tree', '-r', '-z', '--no-renames', oidOf(from), oidOf(to)] })
  const fields = answer.output.split('\0')
  const found = new Map<string, Change>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = (fields[at] ?? '').slice(1).split(' ')
    const state = (mode: string, oid: string) => (/^0+$/.test(mode) ? absent : `${mode} ${oid}`)
    found.set(fields[at + 1] ?? '', { old: state(oldMode, oldOid), new: state(newMode, newOid) })
  }
  return found
}

async function staged(view: View): Promise<ReadonlyMap<string, string>> {
  const listed = await view.git({ arguments: ['ls-files', '-z', '--stage'] })
  return new Map(
    listed.output.split('\0').map((line) => {
      const [mode = '', oid = ''] = line.split(' ')
      return [line.slice(line.indexOf('\t') + 1), `${mode} ${oid}`]
    }),
  )
}
