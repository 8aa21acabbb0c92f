import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Vcs, VcsInspection } from '@orch/core'
import { isFolder, lookAt, namesIn, withoutWaiting } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { mayHide } from './hidden.ts'
import { begunLanding } from './land.ts'
import { leftLocks } from './left-locks.ts'
import { branchRef, isWorkspaceName, type NamedRef, oidOf } from './names.ts'
import { halfMade, leftOfLocks } from './sweep.ts'
import { readEntry } from './worktrees.ts'

type Asked = Parameters<Required<Vcs>['inspect']>[0]

/** Reads files; git is asked only for commits that have been packed. */
export async function inspect(context: GitContext, asked: Asked): Promise<VcsInspection> {
  asked.signal.throwIfAborted()
  const { worktrees, checkFolders } = context
  const checks = join(worktrees.folder, '.checks')
  const targets = [context.branch, ...(asked.targets ?? []).map((name) => ({ name, ref: branchRef(name) }))]
  const users = targets.flatMap((branch) => usersOf(context, branch))
  const [missing, branches, kept, locks, onTheWay, left, landing, blind] = await Promise.all([
    missingOf(context, asked.commits),
    branchesOf(context, asked),
    keptIn(context),
    leftLocks(context),
    leftOfLocks(context),
    checkFolders.leftBehind(),
    begunLanding(context),
    Promise.all(users.map((user) => isBlind(context, user.directory))),
  ])
  return {
    missing,
    branches,
    kept,
    folders: foldersOf(context),
    locks,
    torn: worktrees.others().flatMap(({ torn, directory }) => (torn ? [directory] : [])),
    checkouts: byBranch(users),
    blind: users.flatMap(({ files }, at) => (blind[at] === true ? [files] : [])),
    leavings: [...left.map((name) => join(checks, name)), ...halfMade(context), ...onTheWay],
    landing,
  }
}

async function missingOf({ objects }: GitContext, commits: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(commits.map((oid) => objects.exists(oidOf(oid))))
  return commits.filter((_, at) => there[at] === false)
}

async function branchesOf({ refs }: GitContext, { branches, prefix }: Asked): Promise<ReadonlyMap<string, string>> {
  const all = await refs.list('refs/heads/')
  const named = [...all].map(([ref, oid]) => [ref.slice('refs/heads/'.length), oid] as const)
  return new Map(named.filter(([name]) => name.startsWith(prefix) || branches.includes(name)))
}

async function keptIn({ refs, worktrees }: GitContext): Promise<ReadonlyMap<string, number>> {
  const aside = namesIn(join(worktrees.folder, '.aside')).map((name) => name.replace(/\.[^.]+$/, ''))
  const pinned = [...(await refs.list('refs/orch/kept/')).keys()].map((ref) => ref.split('/')[3] ?? '')
  const count = new Map<string, number>()
  for (const name of [...pinned, ...aside]) count.set(name, (count.get(name) ?? 0) + 1)
  return count
}

/** Somebody has taken their entries away, with `git worktree prune` or by hand. */
function foldersOf({ worktrees }: GitContext): ReadonlyMap<string, string> {
  const known = new Set<string>(worktrees.entries())
  const names = namesIn(worktrees.folder).filter((name) => isWorkspaceName(name) && !known.has(name))
  return new Map(
    names.map((name) => [name, join(worktrees.folder, name)] as const).filter(([, path]) => isFolder(path)),
  )
}

interface User {
  readonly branch: string
  readonly files: string
  readonly directory: string
}

function byBranch(users: readonly User[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { branch, files } of users) found.set(branch, [...(found.get(branch) ?? []), files])
  return found
}

function usersOf({ repository, worktrees }: GitContext, { name, ref }: NamedRef): readonly User[] {
  const main = { ...readEntry(repository.commonDirectory), files: repository.root }
  return [main, ...worktrees.others()].flatMap(({ head, files, directory }) =>
    head === ref && files !== null && isFolder(files) ? [{ branch: name, files, directory }] : [],
  )
}

async function isBlind({ repository }: GitContext, directory: string): Promise<boolean> {
  const path = join(directory, 'index')
  // Where the check-out is sparse, that is how git says so.
  if (lookAt(path)?.isFile() !== true || repository.settings.some(([key]) => key === 'core.sparsecheckout'))
    return false
  return mayHide(await readFile(path, { flag: withoutWaiting }), repository.objectFormat === 'sha256' ? 32 : 20)
}
