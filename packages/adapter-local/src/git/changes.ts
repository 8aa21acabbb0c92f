import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Changes, type Glob, OrchError } from '@orch/core'
import { covers } from '@orch/core/plan'
import { codeOf, lookAt, withoutWaiting } from '../disk/files.ts'
import type { GitContext } from './context.ts'
import { reader } from './git.ts'
import { oidOf } from './names.ts'
import { ownChange } from './outside.ts'
import { pastPipes } from './pipes.ts'
import { differences, type Standing, standingOf, withWorkspace } from './status.ts'

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

const summary = ['diff', '--numstat', '-z', '--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=all']

const none: Changes = { files: 0, insertions: 0, deletions: 0, outside: [] }

function count(context: GitContext, standing: Standing, { base, include, signal }: ChangesOptions): Promise<Changes> {
  return withWorkspace(context, standing, signal, async (view) => {
    const { place, head } = standing
    const all = await differences(view)
    const own = await ownChange(context, view, { from: oidOf(base), head, noted: () => true })
    const found = all.filter(({ is, staged }) => is === 'new' && !staged)
    const lines = await Promise.all(found.map(({ path }) => linesOf(join(place.files, path))))
    // The reader takes no word of the environment.
    view.standAlone()
    const counting = pastPipes(
      () => ({ files: place.files }),
      signal,
      async (ended) => (await reader(view.directory, ended)).raw([...summary, oidOf(own.since), '--']),
    )
    const counted = await counting.catch((cause: unknown) => {
      signal.throwIfAborted()
      if (OrchError.is(cause)) throw cause
      throw uncounted(`what changed in ${place.files} cannot be counted: a file there cannot be read`, cause)
    })
    const touched = new Set([...own.paths, ...all.map(({ path }) => path)])
    const tracked = counted.split('\0').flatMap((line) => {
      const [insertions, deletions, ...path] = line.split('\t')
      return touched.has(path.join('\t')) ? [[Number(insertions) || 0, Number(deletions) || 0] as const] : []
    })
    return {
      files: tracked.length + found.length,
      insertions: [...tracked.map(([more]) => more), ...lines].reduce((sum, more) => sum + more, 0),
      deletions: tracked.reduce((sum, [, less]) => sum + less, 0),
      outside: include === undefined ? [] : [...touched].filter((path) => !covers(include, path)).sort(),
    }
  })
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
