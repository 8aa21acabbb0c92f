import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Edits, Files } from '@orch/core/testing'

/** A user's repository in a temporary folder of its own, used by the user's own git, which sees no configuration but its own. */
export interface TestRepository extends Disposable {
  readonly folder: string
  readonly root: string
  readonly common: string
  readonly worktrees: string
  /** Runs git in `directory`, by default the root, and returns what it printed. */
  git(given: readonly string[], directory?: string): string
  /** Like `git`, and tells whether it succeeded. */
  works(given: readonly string[], directory?: string): boolean
  /** Commits everything in the root. */
  commit(edits: Edits, message?: string): string
  /** The same with the bytes as they are given: attributes change none of them. */
  commitAsIs(files: Files): string
  /** Makes a program that leaves a file when it runs, and tells whether it ran. */
  canary(): { readonly program: string; readonly ran: () => boolean }
}

export function testRepository(
  files: Files = { 'README.md': 'read me\n' },
  options: readonly string[] = [],
): TestRepository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-git-')))
  const root = join(folder, 'repository')
  const home = join(folder, 'home')
  mkdirSync(home)
  const environment = {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_AUTHOR_DATE: '2024-01-01T00:00:00Z',
    GIT_COMMITTER_DATE: '2024-01-01T00:00:00Z',
  }
  const git = (given: readonly string[], directory = root): string =>
    execFileSync('git', given, {
      cwd: directory,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    }).trimEnd()
  git(['init', '-q', '-b', 'main', ...options, root], folder)
  git(['config', 'user.name', 'A User'])
  git(['config', 'user.email', 'user@example.org'])
  const repository: TestRepository = {
    folder,
    root,
    common: join(root, '.git'),
    worktrees: `${root}.worktrees`,
    git,
    works(given, directory) {
      try {
        git(given, directory)
        return true
      } catch {
        return false
      }
    },
    commit(edits, message = 'By the user') {
      write(root, edits)
      git(['add', '-A'])
      git(['commit', '-q', '--allow-empty', '-m', message])
      return git(['rev-parse', 'HEAD'])
    },
    commitAsIs(given) {
      write(root, given)
      const paths = Object.keys(given)
      const blobs = git(['hash-object', '-w', '--no-filters', '--', ...paths]).split('\n')
      git(['update-index', '--add', ...paths.flatMap((path, at) => ['--cacheinfo', `100644,${blobs[at]},${path}`])])
      git(['commit', '-q', '--allow-empty', '-m', 'As it is'])
      git(['checkout', '-q', '-f', 'HEAD'])
      return git(['rev-parse', 'HEAD'])
    },
    canary() {
      const name = `canary-${Math.random().toString(36).slice(2)}`
      const program = join(folder, `${name}.sh`)
      writeFileSync(program, `#!/bin/sh\ntouch '${join(folder, name)}'\n`, { mode: 0o755 })
      return { program, ran: () => readdirSync(folder).includes(name) }
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
  repository.commit(files, 'The first commit')
  return repository
}

export function write(directory: string, edits: Edits): void {
  for (const [path, content] of Object.entries(edits)) {
    const file = join(directory, path)
    if (content === null) unlinkSync(file)
    else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  }
}

/** What a folder holds, without git's own; a link as the path that it names. */
export function readFolder(directory: string, below = ''): Files {
  const files: Record<string, string> = {}
  for (const name of readdirSync(join(directory, below)).sort()) {
    if (name === '.git') continue
    const path = below === '' ? name : `${below}/${name}`
    const found = lstatSync(join(directory, path))
    if (found.isDirectory()) Object.assign(files, readFolder(directory, path))
    else
      files[path] = found.isSymbolicLink()
        ? `-> ${readlinkSync(join(directory, path))}`
        : readFileSync(join(directory, path), 'utf8')
  }
  return files
}

/** What a commit holds. */
export function readCommit(repository: TestRepository, oid: string): Files {
  const paths = repository
    .git(['ls-tree', '-r', '-z', '--name-only', oid])
    .split('\0')
    .filter((path) => path !== '')
  return Object.fromEntries(paths.map((path) => [path, repository.git(['show', `${oid}:${path}`]).concat('\n')]))
}
