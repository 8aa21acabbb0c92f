import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { OrchError } from '@orch/core'
import { codeOf, lookAt, readText } from '../disk/files.ts'
import { git, textOf } from './git.ts'

/** A repository as its user sees it. */
export interface RepositoryFacts {
  /** The main worktree, absolute, symbolic links resolved. */
  readonly root: string
  /** Where refs, objects and worktrees are kept, absolute, symbolic links resolved. */
  readonly commonDirectory: string
  /** The branch that is checked out in the main worktree; null when HEAD is detached. */
  readonly branch: string | null
}

export interface Repository extends RepositoryFacts {
  readonly objectFormat: 'sha1' | 'sha256'
  /** The user's `core.*` settings that change which bytes a file has. */
  readonly settings: readonly (readonly [string, string])[]
  /** Addresses of remotes by name, in lower case. Agents in linked worktrees can write them. */
  readonly remotes: ReadonlyMap<string, string>
  /** The keys of the filters that the user has configured, in lower case: `filter.lfs.clean`. */
  readonly filters: readonly string[]
  /** Who our commits are by. */
  readonly identity: { readonly name: string; readonly email: string }
}

const copied = new Set(
  [
    'autocrlf',
    'eol',
    'filemode',
    'symlinks',
    'ignorecase',
    'precomposeunicode',
    'sparsecheckout',
    'sparsecheckoutcone',
  ].map((name) => `core.${name}`),
)

/**
 * The repository that holds `directory`, which may be a folder below its root or a linked worktree. Throws `not-a-repository`, or
 * what keeps it from being worked in: `bare-repository`, `shallow-repository`, …
 */
export async function findRepository(directory: string): Promise<RepositoryFacts> {
  const { inMain, ...found } = await look(directory)
  const { root, commonDirectory, branch } = found
  const facts = { root, commonDirectory, branch }
  // From elsewhere (a linked worktree, a work tree that the configuration names) git may find less at the root than it did there.
  if (inMain && commonDirectory === join(root, '.git')) foundAtRoot.set(facts, found)
  return facts
}

/** What `findRepository` gave away of repositories that git finds in the same way from their roots. */
const foundAtRoot = new WeakMap<RepositoryFacts, Found>()

/** As `findRepository`, with what working in it takes: two processes, or one after `findRepository`. */
export async function openRepository(given: string | RepositoryFacts): Promise<Repository> {
  const found = typeof given === 'string' ? await look(given) : (foundAtRoot.get(given) ?? (await look(given.root)))
  const settings = await configurationOf(found.commonDirectory)
  const value = (name: string) => settings.findLast(([key]) => key === name)?.[1]
  const storage = value('extensions.refstorage') ?? 'files'
  if (storage !== 'files') {
    throw new OrchError(
      'unsupported-refs',
      `the refs of ${found.root} are kept as ${storage}; 'git refs migrate --ref-format=files' changes that`,
    )
  }
  const printable = (text: string | undefined) => text?.replaceAll(/[<>\n\0]/g, '').trim()
  return {
    root: found.root,
    commonDirectory: found.commonDirectory,
    branch: found.branch,
    objectFormat: found.objectFormat,
    settings: settings.filter(([key]) => copied.has(key)),
    remotes: new Map(
      settings.flatMap(([key, url]) => {
        const [, name] = /^remote\.(.+)\.url$/.exec(key) ?? []
        return name === undefined ? [] : [[name, url] as const]
      }),
    ),
    filters: settings.map(([key]) => key).filter((key) => /^filter\..+\.(clean|smudge|process)$/.test(key)),
    identity: {
      name: printable(value('user.name')) || 'orch',
      email: printable(value('user.email')) || 'orch@localhost',
    },
  }
}

interface Found extends RepositoryFacts {
  readonly objectFormat: 'sha1' | 'sha256'
}

/** Nothing is waited for before git is started, so that a caller can do something else until it answers. */
async function look(given: string): Promise<Found & { readonly inMain: boolean }> {
  const directory = resolve(given)
  const answer = await git({
    directory: existing(directory),
    arguments: [
      'rev-parse',
      '--path-format=absolute',
      '--is-bare-repository',
      '--is-shallow-repository',
      '--show-object-format',
      '--git-common-dir',
      '--absolute-git-dir',
      '--show-toplevel',
    ],
    environment: theUsers(),
    answers: [0, 128],
  })
  const [bare, shallow, format, common, own, top] = textOf(answer.output).split('\n')
  if (bare === undefined || bare === '') {
    if (answer.errors.includes('dubious ownership')) {
      const hint = `git config --global --add safe.directory ${directory}`
      throw new OrchError('foreign-owner', `${directory} belongs to another user; if you trust it: ${hint}`)
    }
    throw noRepository(directory, answer.errors)
  }
  if (bare === 'true') {
    throw new OrchError(
      'bare-repository',
      `${directory} is a bare repository, without files to work on; clone it (git clone ${directory}) and work in the clone`,
    )
  }
  if (common === undefined || own === undefined || top === undefined || top === '') {
    throw new OrchError(
      'inside-git-directory',
      `${directory} is inside a git directory; go to the files of the repository`,
    )
  }
  if (shallow === 'true') {
    throw new OrchError(
      'shallow-repository',
      `${top} is a shallow clone, so its history cannot be compared; run 'git fetch --unshallow' first`,
    )
  }
  const commonDirectory = realpathSync.native(common)
  const inMain = realpathSync.native(own) === commonDirectory
  const root = realpathSync.native(await mainWorktree(commonDirectory, inMain ? top : null))
  if (/[\n\0]/.test(root + commonDirectory)) {
    throw new OrchError('unsupported-path', 'the path of the repository holds a line break; move it')
  }
  const head = /^ref: refs\/heads\/(.+)\n?$/.exec(readText(join(commonDirectory, 'HEAD')) ?? '')
  const objectFormat = format === 'sha256' ? 'sha256' : 'sha1'
  return { root, commonDirectory, branch: head?.[1] ?? null, objectFormat, inMain }
}

function existing(directory: string): string {
  try {
    const found = realpathSync.native(directory)
    if (statSync(found).isDirectory()) {
      accessSync(found, constants.X_OK)
      return found
    }
  } catch (cause) {
    if (codeOf(cause) === 'EACCES' || codeOf(cause) === 'EPERM')
      throw new OrchError('no-permission', `${directory} may not be entered; check its permissions`, { cause })
    throw new OrchError('no-directory', `${directory} does not exist; check the path`, { cause })
  }
  throw new OrchError('no-directory', `${directory} is no directory; name the one that holds it`)
}

/** Git says the same of a folder outside of every repository and of a `.git` that it cannot use. */
function noRepository(directory: string, said: string): OrchError {
  for (let at = directory; ; at = dirname(at)) {
    if (lookAt(join(at, '.git')) !== null) {
      const why = said.trim().replace(/^fatal: /, '')
      return new OrchError(
        'broken-repository',
        `git cannot use ${join(at, '.git')}: ${why}; see what 'git status' says, or move it away`,
      )
    }
    if (at === dirname(at)) break
  }
  const hint = "go into one, or make one with 'git init'"
  return new OrchError('not-a-repository', `${directory} is in no git repository; ${hint}`)
}

async function mainWorktree(commonDirectory: string, top: string | null): Promise<string> {
  if (top !== null) return top
  const configured = (await configurationOf(commonDirectory)).findLast(([key]) => key === 'core.worktree')?.[1]
  if (configured !== undefined) return isAbsolute(configured) ? configured : join(commonDirectory, configured)
  if (basename(commonDirectory) === '.git') return dirname(commonDirectory)
  throw new OrchError(
    'no-main-worktree',
    `${commonDirectory} has no main worktree that git can name; start in the main worktree`,
  )
}

/** Reading a configuration runs nothing, so this is the one place that sees the user's own. Names are in lower case. */
async function configurationOf(commonDirectory: string): Promise<readonly (readonly [string, string])[]> {
  const answer = await git({
    directory: commonDirectory,
    arguments: ['--git-dir=.', 'config', '--null', '--list'],
    environment: theUsers(),
  })
  return textOf(answer.output)
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [key = '', ...value] = entry.split('\n')
      return [key.toLowerCase(), value.length === 0 ? 'true' : value.join('\n')] as const
    })
}

/** Where the user's own settings are found: their identity, and which repositories they trust. */
function theUsers(): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const name of ['HOME', 'XDG_CONFIG_HOME']) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  const home = environment.HOME ?? '/dev/null'
  return { ...environment, GIT_CONFIG_GLOBAL: process.env.GIT_CONFIG_GLOBAL ?? join(home, '.gitconfig') }
}
