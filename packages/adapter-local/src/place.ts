import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { OrchError } from '@orch/core'
import { codeOf, readText } from './disk/files.ts'

/** What can be known of a repository by reading two small files, without any process. */
export interface Place {
  /** `<common git directory>/orch`: where all of our state is. */
  readonly state: string
  /** The branch that is checked out in the main worktree; null when HEAD is detached. */
  readonly branch: string | null
}

/** Finds the repository that holds `directory`. Throws `not-a-repository`. Whether it can be worked in is found out by its first use. */
export function placeOf(directory: string): Place {
  const start = resolve(directory)
  for (let at = start; ; at = dirname(at)) {
    const common = commonDirectoryOf(join(at, '.git'))
    if (common !== null) {
      const head = /^ref: refs\/heads\/(.+)\n?$/.exec(readOrNull(join(common, 'HEAD')) ?? '')
      return { state: join(common, 'orch'), branch: head?.[1] ?? null }
    }
    if (at === dirname(at)) break
  }
  throw new OrchError('not-a-repository', `${start} is in no git repository; go into one, or make one with 'git init'`)
}

/**
 * The branch that was last checked out in the main worktree before the present one, of those that `isIt`; null when the log of HEAD names none
 * that is still there.
 */
export function branchBefore(commonDirectory: string, isIt: (branch: string) => boolean): string | null {
  const packed = readOrNull(join(commonDirectory, 'packed-refs')) ?? ''
  const isThere = (branch: string): boolean =>
    readOrNull(join(commonDirectory, 'refs', 'heads', branch)) !== null || packed.includes(` refs/heads/${branch}\n`)
  const log = readOrNull(join(commonDirectory, 'logs', 'HEAD')) ?? ''
  const left = log.split('\n').flatMap((line) => /\tcheckout: moving from (\S+) to \S+$/.exec(line)?.[1] ?? [])
  return left.findLast((branch) => isIt(branch) && isThere(branch)) ?? null
}

/** `.git` is a directory, or in a linked worktree a file that names the directory of that worktree. */
function commonDirectoryOf(dotGit: string): string | null {
  const kind = statSync(dotGit, { throwIfNoEntry: false })
  if (kind === undefined) return null
  if (kind.isDirectory()) return readOrNull(join(dotGit, 'HEAD')) === null ? null : dotGit
  const named = /^gitdir: (.+)\n?$/.exec(readOrNull(dotGit) ?? '')?.[1]
  if (named === undefined) return null
  const own = resolve(dirname(dotGit), named)
  const common = readOrNull(join(own, 'commondir'))
  return common === null ? own : resolve(own, common.trimEnd())
}

function readOrNull(file: string): string | null {
  try {
    return readText(file)
  } catch (cause) {
    throw new OrchError('no-permission', `${file} cannot be read (${codeOf(cause)}); check its permissions`, {
      port: 'vcs',
      cause,
    })
  }
}

/** What is left in our state once a task was run: who ran each process. */
export function evidenceIn(state: string): string {
  return join(state, 'processes', '.claims')
}
