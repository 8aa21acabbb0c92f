import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FailureCode } from '../../src/failure-exit.ts'

/** One thing that somebody may give us and that cannot be used. The tests call it, `docs/errors.md` lists it. */
export interface BadInput {
  /** For people, continuing a list. */
  readonly input: string
  /** Each is refused in the same words. */
  readonly calls: readonly (readonly string[])[]
  /** What is printed behind `orch: `, with DIRECTORY for where it was called. */
  readonly printed: string
  readonly code: FailureCode
  /** Default 2. */
  readonly exit?: number
}

export interface BadRepository extends BadInput {
  /** Makes it out of a repository in order; answers the directory to call from when it is another one. */
  readonly make: (place: Place) => string | undefined
}

export interface BadFile extends BadInput {
  /** What is in which file. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** What symbolic links name. */
  readonly links?: Readonly<Record<string, string>>
}

/** A folder with a repository in order, and a file with a task beside it. */
export interface Place extends Disposable {
  readonly folder: string
  /** On `main`, with an agent that is done at once. */
  readonly repository: string
  git(...words: readonly string[]): string
}

const configuration = 'agent: { command: [sh, -c, "echo done > done.txt"] }\n'

/** Without vitest, which the page of errors does not have. */
export function place(): Place {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-bad-')))
  const repository = join(folder, 'repository')
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-c', 'protocol.file.allow=always', ...words], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  writeFiles(folder, {
    'tasks.yaml': '- { id: a, writes: [done.txt] }\n',
    'repository/orch.config.yaml': configuration,
    'repository/README.md': '# Example\n',
  })
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Somebody')
  git('config', 'user.email', 'somebody@example.com')
  git('config', 'commit.gpgSign', 'false')
  git('add', '--all')
  git('commit', '--quiet', '--message=Begin')
  return { folder, repository, git, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}
