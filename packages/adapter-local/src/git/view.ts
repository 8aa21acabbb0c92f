import { randomBytes } from 'node:crypto'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { freshFolder, lookAt, namesIn, readText, remove, removeFile } from '../disk/files.ts'
import { bytesOf, type GitAnswer, git } from './git.ts'
import type { Repository } from './repository.ts'
import { sharedView, type ViewFiles, writeView } from './view-files.ts'

/** A git directory of our own for one piece of work. It reads and writes the user's objects, and nothing else of theirs. */
export interface View {
  readonly directory: string
  /** The index that commands use; a caller puts a copy there or moves it away. */
  readonly index: string
  git(call: ViewCall): Promise<GitAnswer>
}

export interface ViewCall {
  readonly arguments: readonly string[]
  readonly input?: string
  readonly answers?: readonly number[]
  readonly take?: (part: Buffer) => void
}

export interface ViewOptions {
  /** The commit that HEAD is at; without it there is no HEAD. */
  readonly head?: string
  /** The files to look at. */
  readonly worktree?: string
  /** Lines for `info/attributes`. */
  readonly attributes?: string
  /** A git directory of the user's whose index is going to be written: what the index refers to is made visible. */
  readonly forIndexOf?: string
  readonly signal?: AbortSignal
}

/**
 * Makes a view, uses it and takes it away. Its configuration is written by us a moment before, so nothing that was planted in
 * the repository's is read: no filter, no driver, no hook. What says nothing of its own shares a view that was written earlier and is
 * seen to be as it was written.
 */
export async function withView<T>(
  repository: Repository,
  options: ViewOptions,
  use: (view: View) => Promise<T>,
): Promise<T> {
  if (options.head === undefined && options.forIndexOf === undefined) {
    const directory = sharedView(viewsOf(repository), filesOf(repository, options))
    const index = join(viewsOf(repository), `index.${process.pid}.${randomBytes(6).toString('hex')}`)
    try {
      return await use(viewAt(repository, options, directory, index))
    } finally {
      // Mostly it has been moved to where it belongs.
      removeFile(index)
    }
  }
  const directory = freshFolder(viewsOf(repository), String(process.pid))
  try {
    writeView(directory, filesOf(repository, options))
    if (options.forIndexOf !== undefined) await linkSharedIndexes(directory, options.forIndexOf)
    return await use(viewAt(repository, options, directory, join(directory, 'index')))
  } finally {
    await remove(directory)
  }
}

function viewAt(repository: Repository, options: ViewOptions, directory: string, index: string): View {
  return {
    directory,
    index,
    git: (call) =>
      git({
        // Inside the files, where the user's git directory is, git would take paths as relative to here.
        directory: '/',
        arguments: call.arguments,
        environment: {
          GIT_DIR: directory,
          GIT_OBJECT_DIRECTORY: join(repository.commonDirectory, 'objects'),
          GIT_INDEX_FILE: index,
          ...(options.worktree === undefined ? {} : { GIT_WORK_TREE: options.worktree }),
        },
        ...(call.input === undefined ? {} : { input: bytesOf(call.input) }),
        ...(call.take === undefined ? {} : { take: call.take }),
        ...(call.answers === undefined ? {} : { answers: call.answers }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
  }
}

export function viewsOf(repository: Repository): string {
  return join(repository.commonDirectory, 'orch', 'git')
}

function configurationFor(repository: Repository, options: ViewOptions): string {
  const sha256 = repository.objectFormat === 'sha256'
  const lines = [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    `\tbare = ${options.worktree === undefined}`,
  ]
  if (options.worktree !== undefined && options.head !== undefined)
    lines.push(`\tworktree = ${JSON.stringify(options.worktree)}`)
  for (const [key, value] of repository.settings) {
    // Only the user's own check-out is sparse; workspaces hold everything.
    if (key.startsWith('core.sparse') && options.forIndexOf === undefined) continue
    lines.push(`\t${key.slice('core.'.length)} = ${/^[a-z]+$/i.test(value) ? value : JSON.stringify(value)}`)
  }
  // What it refuses is refused for ever: nobody is there to convert the file.
  lines.push('\tsafecrlf = false')
  lines.push('\tsplitIndex = false', '\tuntrackedCache = keep', '[index]', '\tsparse = false')
  if (sha256) lines.push('[extensions]', '\tobjectformat = sha256')
  return `${lines.join('\n')}\n`
}

/** Everything that is in a view, but for its index. */
function filesOf(repository: Repository, options: ViewOptions): ViewFiles {
  const sparse = options.forIndexOf === undefined ? null : sparsePatterns(repository, options.forIndexOf)
  return {
    HEAD: options.head === undefined ? 'ref: refs/heads/none\n' : `${options.head}\n`,
    config: configurationFor(repository, options),
    ...(options.attributes ? { 'info/attributes': options.attributes } : {}),
    ...(sparse === null ? {} : { 'info/sparse-checkout': sparse }),
  }
}

/** Which files the user's own check-out holds, where that is not all. */
function sparsePatterns(repository: Repository, of: string): string | null {
  if (!repository.settings.some(([key, value]) => key === 'core.sparsecheckout' && value === 'true')) return null
  return readText(join(of, 'info', 'sparse-checkout'))
}

/** A split index names files beside it. */
async function linkSharedIndexes(directory: string, of: string): Promise<void> {
  // Never a pipe, which git would wait at.
  const shared = namesIn(of).filter((name) => name.startsWith('sharedindex.') && lookAt(join(of, name))?.isFile())
  await Promise.all(shared.map((name) => symlink(join(of, name), join(directory, name))))
}
