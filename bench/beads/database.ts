import { execFileSync } from 'node:child_process'
import {
  accessSync,
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const program = resolve(import.meta.dirname, '../../tools/beads/bin/bd')

/** A Beads database for one measurement. */
export interface BenchDatabase extends Disposable {
  readonly root: string
  /** A `bd` that writes down what it was called with. */
  readonly program: string
  readonly path: string
  bd(input: string | null, ...words: readonly string[]): string
  /** Command lines of orch since the last time. */
  calls(): readonly string[]
}

/** @param issues how many it holds, all of them on hold. 10,000 take some minutes to make */
export function benchDatabase(issues: number, given?: string): BenchDatabase {
  try {
    accessSync(program)
  } catch {
    throw new Error(`${program} is not there: scripts/build-bd.sh builds it`)
  }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-bench-beads-')))
  const root = given ?? join(folder, 'repository')
  const env = {
    ...process.env,
    BD_DISABLE_METRICS: '1',
    BD_NON_INTERACTIVE: '1',
    BD_BACKUP_ENABLED: 'false',
    BD_JSON_ENVELOPE: '1',
  }
  const bd = (input: string | null, ...words: readonly string[]): string =>
    execFileSync(program, words, { cwd: root, env, input: input ?? '', encoding: 'utf8', maxBuffer: 1 << 28 })
  if (given === undefined) {
    mkdirSync(root)
    const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: root })
    git('init', '--quiet', '--initial-branch=main')
    git(
      '-c',
      'user.name=Bench',
      '-c',
      'user.email=bench@example.com',
      'commit',
      '--quiet',
      '--allow-empty',
      '--message=Begin',
    )
  }
  bd(null, 'init', '-q', '--non-interactive', '--stealth', '--skip-hooks', '--skip-agents', '-p', 'bench')
  const time = '2026-01-01T00:00:00Z'
  const lines = Array.from({ length: issues }, (_, index) => {
    const row = {
      id: `bench-${index}`,
      title: `Issue ${index}`,
      description: 'What is to be done. '.repeat(10),
      priority: 2,
    }
    return `${JSON.stringify({ ...row, issue_type: 'task', metadata: { hold: true }, created_at: time, updated_at: time })}\n`
  })
  if (issues > 0) bd(lines.join(''), 'import', '-', '--json')

  const log = join(folder, 'calls')
  mkdirSync(join(folder, 'bin'))
  const wrapper = join(folder, 'bin', 'bd')
  writeFileSync(wrapper, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec '${program}' "$@"\n`)
  chmodSync(wrapper, 0o755)
  appendFileSync(log, '')
  return {
    root,
    program: wrapper,
    path: `${join(folder, 'bin')}:${process.env.PATH}`,
    bd,
    calls() {
      const lines = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
      writeFileSync(log, '')
      return lines
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
