import { type ExecFileException, execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'

export const main = join(import.meta.dirname, '../src/main.ts')

/** Halves the start of each process. */
const compiled = join(import.meta.dirname, '../node_modules/.cache/orch-compiled')

export interface Ended {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** The real command in a process of its own. */
export function orch(
  words: readonly string[],
  options: { readonly directory?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const { ORCH_OUTBOX: _outbox, NO_COLOR: _colours, FORCE_COLOR: _force, ...environment } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@orch/source', main, ...words],
      {
        cwd: options.directory ?? tmpdir(),
        env: { ...environment, NODE_COMPILE_CACHE: compiled, ...options.environment },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error: ExecFileException | null, stdout, stderr) => {
        resolve({ exit: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
      },
    )
  })
}

const folders: string[] = []
// At the end of the file: tests that run side by side cannot be told apart by vitest's own hook.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A folder of this test's own, with these files. */
export function freshFolder(files: Readonly<Record<string, string>> = {}, below = tmpdir()): string {
  const folder = realpathSync(mkdtempSync(join(below, 'orch-cli-')))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** A git repository with one commit on `main` that holds these files. */
export function freshRepository(files: Readonly<Record<string, string>> = {}): string {
  const folder = freshFolder()
  const root = join(folder, 'repository')
  mkdirSync(root)
  for (const [name, text] of Object.entries({ 'README.md': '# Example\n', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  git(root, 'init', '--quiet', '--initial-branch=main')
  git(root, 'config', 'user.name', 'Somebody')
  git(root, 'config', 'user.email', 'somebody@example.com')
  git(root, 'config', 'commit.gpgSign', 'false')
  git(root, 'config', 'core.hooksPath', '/dev/null')
  git(root, 'add', '--all')
  git(root, 'commit', '--quiet', '--message=Begin')
  return root
}

export function git(directory: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: directory, encoding: 'utf8' })
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // ESRCH: there is no such process
  }
}
