import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { freshFolder, lookAt, namesIn, readText, remove, removeFile } from '../disk/files.ts'
import { bytesOf, type GitAnswer, type GitCall, git } from './git.ts'
import type { Repository } from './repository.ts'
import { nameObjects, sharedView, type ViewFiles, writeView } from './view-files.ts'

/** A git directory of our own for one piece of work. It reads and writes the user's objects, and nothing else of theirs. */
export interface View {
  readonly directory: string
  /** What it shares with others: a git directory as well, in which HEAD names nothing. Not to be written into. */
  readonly common: string
  /** The index that commands use; a caller puts a copy there or moves it away. */
  readonly index: string
  git(call: ViewCall): Promise<GitAnswer>
  /** Lets commands use the directory that are not told by their environment where everything is. Only for one with a HEAD. */
  standAlone(): void
}

export interface ViewCall {
  readonly arguments: readonly string[]
  readonly settings?: GitCall['settings']
  /** Beside those that say where everything is. */
  readonly environment?: GitCall['environment']
  readonly input?: string | Readable
  readonly answers?: readonly number[]
  readonly take?: (part: Buffer) => undefined | Promise<unknown>
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
  /** Where objects are; new ones go into the first. Default: the user's. */
  readonly objects?: readonly [string, ...string[]]
  readonly signal?: AbortSignal
}

/**
 * Makes a view, uses it and takes it away. Its configuration is written by us a moment before, so nothing that was planted in
 * the repository's is read: no filter, no driver, no hook. Configuration and attributes are in a view that all with the same share, which was
 * written earlier and is seen to be as it was written; what has a HEAD or an index of the user's has a folder of its own for these.
 */
export async function withView<T>(
  repository: Repository,
  options: ViewOptions,
  use: (view: View) => Promise<T>,
): Promise<T> {
  const common = sharedView(viewsOf(repository), filesOf(repository, options))
  if (options.head === undefined && options.forIndexOf === undefined) {
    const index = join(viewsOf(repository), `index.${process.pid}.${randomBytes(6).toString('hex')}`)
    try {
      return await use(viewAt(repository, options, { common, directory: common, index }))
    } finally {
      // Mostly it has been moved to where it belongs.
      removeFile(index)
    }
  }
  const directory = await freshFolder(viewsOf(repository), String(process.pid))
  try {
    await writeFile(join(directory, 'HEAD'), headOf(options))
    if (options.forIndexOf !== undefined) {
      writeSparse(repository, options.forIndexOf, directory)
      await linkSharedIndexes(directory, options.forIndexOf)
    }
    return await use(viewAt(repository, options, { common, directory, index: join(directory, 'index') }))
  } finally {
    await remove(directory)
  }
}

interface Where {
  readonly common: string
  readonly directory: string
  readonly index: string
}

function viewAt(repository: Repository, options: ViewOptions, { common, directory, index }: Where): View {
  const [objects, ...others] = options.objects ?? [join(repository.commonDirectory, 'objects')]
  return {
    directory,
    common,
    index,
    git: (call) =>
      git({
        // Inside the files, where the user's git directory is, git would take paths as relative to here.
        directory: '/',
        arguments: call.arguments,
        environment: {
          ...call.environment,
          GIT_DIR: directory,
          ...(common === directory ? {} : { GIT_COMMON_DIR: common }),
          GIT_OBJECT_DIRECTORY: objects,
          ...(others.length === 0 ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: others.map(quoted).join(':') }),
          GIT_INDEX_FILE: index,
          ...(options.worktree === undefined ? {} : { GIT_WORK_TREE: options.worktree }),
        },
        ...(call.settings === undefined ? {} : { settings: call.settings }),
        ...(call.input === undefined
          ? {}
          : { input: typeof call.input === 'string' ? bytesOf(call.input) : call.input }),
        ...(call.take === undefined ? {} : { take: call.take }),
        ...(call.answers === undefined ? {} : { answers: call.answers }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
    standAlone() {
      const files = filesOf(repository, options)
      const where = options.worktree === undefined ? '' : `[core]\n\tworktree = ${JSON.stringify(options.worktree)}\n`
      writeView(directory, { ...files, HEAD: headOf(options), config: files.config + where })
      nameObjects(directory, objects)
    },
  }
}

/** A colon would end it otherwise. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&')}"`
}

export function viewsOf(repository: Repository): string {
  return join(repository.commonDirectory, 'orch', 'git')
}

function headOf({ head }: ViewOptions): string {
  return head === undefined ? 'ref: refs/heads/none\n' : `${head}\n`
}

function configurationFor(repository: Repository, options: ViewOptions): string {
  const sha256 = repository.objectFormat === 'sha256'
  const lines = [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    `\tbare = ${options.worktree === undefined}`,
  ]
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

/** Everything that is in a view that is shared. */
function filesOf(repository: Repository, options: ViewOptions): ViewFiles {
  return {
    HEAD: headOf({}),
    config: configurationFor(repository, options),
    ...(options.attributes ? { 'info/attributes': options.attributes } : {}),
  }
}

/** Which files the user's own check-out holds, where that is not all. */
function writeSparse(repository: Repository, of: string, directory: string): void {
  if (!repository.settings.some(([key, value]) => key === 'core.sparsecheckout' && value === 'true')) return
  const patterns = readText(join(of, 'info', 'sparse-checkout'))
  if (patterns === null) return
  mkdirSync(join(directory, 'info'))
  writeFileSync(join(directory, 'info', 'sparse-checkout'), patterns)
}

/** A split index names files beside it. */
async function linkSharedIndexes(directory: string, of: string): Promise<void> {
  // Never a pipe, which git would wait at.
  const shared = namesIn(of).filter((name) => name.startsWith('sharedindex.') && lookAt(join(of, name))?.isFile())
  await Promise.all(shared.map((name) => symlink(join(of, name), join(directory, name))))
}
