import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { outside, theUser } from './scene.ts'
import { files, tasks, wholeRun } from './whole-run.ts'

describe('a whole run', { timeout: 60_000 }, () => {
  it('beside a submodule: it is not populated for agents, and stays at its commit', async () => {
    const around = outside()
    const library = around.repository({ 'library.txt': 'library\n' }, { name: 'library' })
    const root = around.repository(files)
    around.git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor/library')
    around.git(root, ...theUser, 'commit', '--quiet', '--message', 'Use the library')
    const oid = around.git(library, 'rev-parse', 'HEAD')
    const beside = tasks.map((task) => ({ ...task, empty: ['vendor/library'] }))
    const real = await wholeRun(around, { root, tasks: beside, gitlinks: { 'vendor/library': oid } })
    expect(real.git(root, 'ls-tree', 'main', 'vendor/library')).toBe(`160000 commit ${oid}\tvendor/library`)
    expect(readFileSync(join(root, 'vendor/library/library.txt'), 'utf8')).toBe('library\n')
    expect(real.git(root, 'submodule', 'status')).toMatch(new RegExp(`^ ?${oid} vendor/library`))
  })

  it('with two files whose names differ in case only', async ({ skip }) => {
    const around = outside()
    if (existsSync(around.folder.toUpperCase())) return skip('file names here do not differ in case')
    const root = around.repository({ ...files, 'src/Main.txt': 'the other\n', 'SRC/main.txt': 'the third\n' })
    await wholeRun(around, { root })
    expect(readFileSync(join(root, 'src/Main.txt'), 'utf8')).toBe('the other\n')
    expect(readFileSync(join(root, 'SRC/main.txt'), 'utf8')).toBe('the third\n')
    expect(readFileSync(join(root, 'src/main.txt'), 'utf8')).toBe('begin\none\ntwo\n')
  })

  it('with symbolic links: to a file, a folder, nothing, and to the outside; an agent adds one', async () => {
    const around = outside()
    const root = around.repository({ ...files, 'links/keep.txt': 'keep\n' })
    const beyond = join(around.folder, 'beyond')
    const links = { file: '../src/main.txt', folder: '../src', nothing: 'not/there', beyond, above: '../../beyond' }
    for (const [name, to] of Object.entries(links)) symlinkSync(to, join(root, 'links', name))
    around.git(root, 'add', '--all')
    around.git(root, ...theUser, 'commit', '--quiet', '--message', 'Links')
    const added = { link: 'links/added', to: 'keep.txt' }
    const adding = tasks.map((task) =>
      task.id === 'two' ? { ...task, commits: [...(task.commits ?? []), [added]] } : task,
    )
    await wholeRun(around, { root, tasks: adding })
    for (const [name, to] of Object.entries({ ...links, added: 'keep.txt' }))
      expect(readlinkSync(join(root, 'links', name))).toBe(to)
    expect(readdirSync(around.folder)).not.toContain('beyond')
  })
})
