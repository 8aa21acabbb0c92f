import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectUserAt } from './from-git.ts'
import { outside } from './scene.ts'
import { files, wholeRun } from './whole-run.ts'

describe('a whole run', { timeout: 60_000 }, () => {
  it.each([
    ['on main', { init: ['--initial-branch=main'] }],
    ['on master', { init: ['--initial-branch=master'] }],
    ['on a branch in a folder', { init: ['--initial-branch=release/next'] }],
    ['with SHA-256 object names', { init: ['--initial-branch=main', '--object-format=sha256'] }],
    ['below a path with spaces, quotes and other letters', { name: `it's "über" 日本 $HOME ; #1` }],
  ])('%s', async (_, options) => {
    const around = outside()
    const { root } = await wholeRun(around, { root: around.repository(files, options) })
    expect(readFileSync(join(root, 'src/main.txt'), 'utf8')).toBe('begin\none\ntwo\n')
  })

  it('on a target that is checked out nowhere: the user keeps what they have', async () => {
    const around = outside()
    const root = around.repository(files)
    around.git(root, 'checkout', '--quiet', '-b', 'elsewhere')
    const real = await wholeRun(around, { root, target: 'main' }, { branch: 'elsewhere' })
    expect(real.git(root, 'rev-parse', 'elsewhere')).toBe(real.since)
    expect(readFileSync(join(root, 'src/main.txt'), 'utf8')).toBe('begin\n')
  })

  it('started in a linked worktree that has the target: its files follow, those of the main one stay', async () => {
    const around = outside()
    const main = around.repository(files)
    around.git(main, 'checkout', '--quiet', '-b', 'elsewhere')
    const linked = join(around.folder, 'linked')
    around.git(main, 'worktree', 'add', '--quiet', linked, 'main')
    const real = await wholeRun(around, { root: linked }, { worktrees: 2 })
    expect(readFileSync(join(linked, 'src/main.txt'), 'utf8')).toBe('begin\none\ntwo\n')
    expectUserAt(real, { directory: main, branch: 'elsewhere' })
    expect(readFileSync(join(main, 'src/main.txt'), 'utf8')).toBe('begin\n')
  })
})
