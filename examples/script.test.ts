import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from '@orch/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runTheSprint } from './script.ts'

let folder = ''
let repository = ''
const git = (...args: string[]): string => execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' }).trim()

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'orch-script-')))
  repository = join(folder, 'app')
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', repository])
  git('config', 'user.name', 'Ann')
  git('config', 'user.email', 'ann@example.com')
  git('config', 'commit.gpgSign', 'false')
  git('config', 'core.hooksPath', '/dev/null')
  writeFileSync(join(repository, 'README.md'), 'app\n')
  git('add', '--all')
  git('commit', '--quiet', '--message=Start')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Writes one file of its task, asks once whether it may, and leaves committing to orch. */
const agent = command({
  argv: [
    'sh',
    '-c',
    `case "$ORCH_TASK" in
       export) mkdir -p src/components && echo button > src/components/ExportButton.tsx ;;
       auth) if [ "$ORCH_TURN" = 1 ]; then
           echo '{"tell":"stuck","reason":"sessions or tokens?","options":["tokens","sessions"],"context":""}' >> "$ORCH_OUTBOX"; exit 0
         fi
         mkdir -p src/auth && grep -c tokens "$ORCH_PROMPT_FILE" > src/auth/service.ts ;;
       sso) cat src/auth/service.ts > src/auth/sso.ts ;;
     esac`,
  ],
})

test('the script of the README lands its three tasks, the stuck one answered by its first option', async () => {
  const result = await runTheSprint(repository, agent, ['test -f README.md'])
  expect(result.outcome).toBe('done')
  expect(result.tasks.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'export merged',
    'auth merged',
    'sso merged',
  ])
  expect(git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual([
    'README.md',
    'src/auth/service.ts',
    'src/auth/sso.ts',
    'src/components/ExportButton.tsx',
  ])
  expect(git('status', '--porcelain')).toBe('')
  expect(git('branch', '--format=%(refname:short)')).toBe('main')
  expect(git('worktree', 'list').split('\n')).toHaveLength(1)
})
