import { execFile, execFileSync } from 'node:child_process'
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll } from 'vitest'

const built = join(import.meta.dirname, '../../../tools/beads/bin/bd')

/** The real program: what `scripts/build-bd.sh` has built, or what `PATH` has; null when there is none. */
export const program: string | null =
  [built, ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'bd'))].find(isProgram) ?? null

/** Whether tests on a real `bd` cannot run. */
export const lacksBd = program === null

/** What such tests are called: with the reason when they are skipped. */
export function onRealBd(name: string): string {
  return lacksBd ? `${name} (skipped: there is no bd; scripts/build-bd.sh builds it)` : name
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const environment = {
  ...process.env,
  BD_JSON_ENVELOPE: '1',
  BD_DISABLE_METRICS: '1',
  BD_NON_INTERACTIVE: '1',
  BD_BACKUP_ENABLED: 'false',
  BEADS_ACTOR: 'somebody',
}

/** What a person does at a terminal. */
export function bd(directory: string, ...argv: readonly string[]): string {
  return execFileSync(program ?? 'bd', argv, { cwd: directory, env: environment, encoding: 'utf8', stdio: 'pipe' })
}

/** The same beside what else goes on. */
export function bdBeside(directory: string, ...argv: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program ?? 'bd', argv, { cwd: directory, env: environment, encoding: 'utf8' }, (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(error)
    })
  })
}

const root = realpathSync(mkdtempSync(join(tmpdir(), 'orch-beads-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let template: string | undefined
let count = 0

/** A git repository with one commit and an empty database, prefix `demo`. */
export function freshDatabase(): string {
  template ??= makeTemplate()
  const directory = join(root, `repository-${count++}`)
  cpSync(template, directory, { recursive: true })
  return directory
}

/** Making one takes five seconds; copying it a moment. */
function makeTemplate(): string {
  const directory = join(root, 'template')
  mkdirSync(directory)
  const git = (...argv: readonly string[]) => execFileSync('git', argv, { cwd: directory })
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Somebody')
  git('config', 'user.email', 'somebody@example.com')
  git('commit', '--quiet', '--allow-empty', '--message=Begin')
  bd(directory, 'init', '-q', '--non-interactive', '--stealth', '--skip-hooks', '--skip-agents', '-p', 'demo')
  return directory
}
