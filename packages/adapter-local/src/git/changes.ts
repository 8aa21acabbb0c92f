import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Changes, type Glob, OrchError } from '@orch/core'
import { covers } from '@orch/core/plan'
import { codeOf, lookAt, withoutWaiting } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { reader } from './git.ts'
import { oidOf } from './names.ts'
import { ownPaths } from './outside.ts'
import { pastPipes } from './pipes.ts'
import { type Difference, differences, type Standing, standingOf, withWorkspace } from './status.ts'
import type { View } from './view.ts'

/** Bytes of a new file up to which its lines are counted. */
const countable = 1024 * 1024

interface ChangesOptions {
  readonly base: string
  readonly include?: readonly Glob[]
  readonly signal: AbortSignal
}

/** Numbers for people. New files count although git does not track them yet. */
export async function changes(
  context: GitContext,
  { workspace, ...options }: ChangesOptions & { readonly workspace: string },
): Promise<Changes> {
  const standing = await standingOf(context, workspace)
  if (standing === null) return none
  try {
    return await count(context, standing, options)
  } catch (error) {
    // Retired while we looked: whoever asks wants to know of all the others.
    if ((await standingOf(context, workspace)) === null) return none
    // One workspace may not keep anybody from the table of all tasks.
    if (OrchError.is(error) && error.code === 'no-access') throw uncounted(error.message, error)
    throw error
  }
}

const summary = ['--numstat', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=all']

const none: Changes = { files: 0, insertions: 0, deletions: 0, outside: [] }

function count(context: GitContext, standing: Standing, { base, include, signal }: ChangesOptions): Promise<Changes> {
  return withWorkspace(context, standing, signal, async (view) => {
    const all = await differences(view)
    const outside = include === undefined ? [] : await outsideNow(context, view, { standing, base, include, all })
    const found = all.filter(({ is, staged }) => is === 'new' && !staged)
    const lines = await Promise.all(found.map(({ path }) => linesOf(join(standing.place.files, path))))
    // The reader takes no word of the environment.
    view.standAlone()
    const counting = pastPipes(
      () => ({ files: standing.place.files }),
      signal,
      async (ended) => (await reader(view.directory, ended)).diffSummary([...summary, oidOf(base), '--']),
    )
    const tracked = await counting.catch((cause: unknown) => {
      signal.throwIfAborted()
      if (OrchError.is(cause)) throw cause
      throw uncounted(`what changed in ${standing.place.files} cannot be counted: a file there cannot be read`, cause)
    })
    return {
      files: tracked.files.length + found.length,
      insertions: tracked.insertions + lines.reduce((sum, count) => sum + count, 0),
      deletions: tracked.deletions,
      outside,
    }
  })
}

/** What is committed and what is not. */
async function outsideNow(
  context: GitContext,
  view: View,
  {
    standing: { head },
    base: from,
    include,
    all,
  }: {
    readonly standing: Standing
    readonly base: string
    readonly include: readonly Glob[]
    readonly all: readonly Difference[]
  },
): Promise<readonly string[]> {
  const noted = (path: string) => !covers(include, path)
  const committed = await ownPaths(context, view, { from, head, noted })
  const lying = all.map(({ path }) => path).filter(noted)
  return [...new Set([...committed, ...lying])].sort()
}

function uncounted(message: string, cause: unknown): OrchError {
  return new OrchError('port-failed', message, { port: 'vcs', retryable: true, cause })
}

async function linesOf(path: string): Promise<number> {
  const found = lookAt(path)
  if (found?.isSymbolicLink()) return 1
  if (!found?.isFile() || found.size > countable) return 0
  const bytes = await readable(path)
  if (bytes.includes(0)) return 0
  const breaks = bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0)
  return bytes.length > 0 && bytes.at(-1) !== 10 ? breaks + 1 : breaks
}

/** Nothing for what an agent has closed to everybody: one file may not keep anybody from the table of all tasks. */
async function readable(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path, { flag: withoutWaiting })
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOENT'].includes(codeOf(error) ?? '')) throw error
    return new Uint8Array()
  }
}
