import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { failed, ok, type Result, type VcsInspection } from '@orch/core'
import { freshPath, lookAt, namesIn, readText } from '../disk/files.ts'
import { failPoint } from '../fail-point.ts'
import type { GitContext } from './context.ts'
import { ownerIn } from './index-lock.ts'
import { isDead, isLock } from './lock.ts'
import { occupantsOf } from './occupants.ts'

/** Milliseconds after which a lock of git's is taken for left behind where no git is seen at work, and where nobody can see that. */
const oldMs = process.platform === 'linux' ? 600_000 : 24 * 3_600_000

/** Locks that nobody holds. Nothing tells whose git's own are: those count when they are old and no git is at work in the repository. */
export async function leftLocks(context: GitContext): Promise<VcsInspection['locks']> {
  const left: VcsInspection['locks'][number][] = []
  for (const path of locksOf(context)) {
    const mark = markIn(context, path)
    if (await isLeft(context, path, mark)) left.push({ path, isOurs: mark !== null })
  }
  return left
}

export async function unlock(
  context: GitContext,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<Result<void, 'in-use'>> {
  signal.throwIfAborted()
  const before = lookAt(path)
  if (before === null || !locksOf(context).includes(path) || !(await isLeft(context, path, markIn(context, path))))
    return failed('in-use', `${path} is not there any more, or somebody holds it`)
  const aside = freshPath(join(context.repository.commonDirectory, 'orch', 'locks-aside'), basename(path))
  if (lookAt(path)?.ino !== before.ino) return failed('in-use', `${path} was taken meanwhile`)
  await rename(path, aside)
  failPoint('unlocked')
  return ok()
}

async function isLeft(context: GitContext, path: string, mark: string | null): Promise<boolean> {
  if (mark !== null) return isDead(mark)
  const found = lookAt(path)
  return found !== null && Date.now() - found.mtimeMs > oldMs && !isGitAtWork(context)
}

/** What a lock of ours says of its owner; null for git's own. */
function markIn(context: GitContext, path: string): string | null {
  const found = lookAt(path)
  const text = found?.isFile() === true && found.size < 4096 ? (readText(path) ?? '') : ''
  return ownLocks(context).includes(path) ? text : ownerIn(text)
}

/** Both kinds, with those under which ours are broken. */
function locksOf(context: GitContext): readonly string[] {
  const { repository, worktrees, target } = context
  const common = repository.commonDirectory
  const inDirectory = (directory: string, names: readonly string[]) => names.map((name) => join(directory, name))
  return [
    ...inDirectory(common, ['index.lock', 'HEAD.lock', 'config.lock', 'packed-refs.lock']),
    ...(target.ref.startsWith('refs/heads/') ? [] : [join(common, `${target.ref}.lock`)]),
    ...locksBelow(join(common, 'refs', 'heads')),
    ...worktrees.all().flatMap(({ directory }) => inDirectory(directory, ['index.lock', 'HEAD.lock'])),
    ...ownLocks(context),
  ].filter((path) => lookAt(path) !== null)
}

/** Of branches: git's own names of them end otherwise. */
function locksBelow(folder: string): readonly string[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name)
    if (lookAt(path)?.isDirectory() === true) return locksBelow(path)
    return name.endsWith('.lock') ? [path] : []
  })
}

function ownLocks({ locks }: GitContext): readonly string[] {
  return namesIn(locks).flatMap((name) => (isLock(name) ? [join(locks, name)] : []))
}

/** Git goes into the folder that it works in. */
function isGitAtWork({ repository, worktrees }: GitContext): boolean {
  const files = worktrees.others().flatMap((entry) => entry.files ?? [])
  const folders = [repository.root, repository.commonDirectory, worktrees.folder, ...files]
  return folders.flatMap(occupantsOf).some((pid) => /^git/.test(commandOf(pid)))
}

function commandOf(pid: number): string {
  try {
    return readText(`/proc/${pid}/comm`) ?? ''
  } catch {
    return '' // it has ended while it was looked at
  }
}
