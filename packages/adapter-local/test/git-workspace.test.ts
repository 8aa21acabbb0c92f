import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { findRepository } from '../src/git/repository.ts'
import { readCommit, readFolder, testRepository, write } from './git-repository.ts'
import { files, make, open, seal, sealing, signal } from './git-task.ts'

describe('a workspace', () => {
  it('is a worktree like any other for the user', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    expect(directory).toBe(join(repository.worktrees, 'task'))
    const listed = repository.git(['worktree', 'list', '--porcelain'])
    expect(listed).toContain(`worktree ${directory}\n`)
    expect(listed).toContain('branch refs/heads/orch/task\nlocked')
    expect(repository.git(['status', '--porcelain'], directory)).toBe('')
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(repository.git(['config', '--list'])).not.toContain('branch.')
    expect(repository.works(['branch', '-D', 'orch/task'])).toBe(false)
  })

  it('is made from a folder below the root, and from a linked worktree', async () => {
    using repository = testRepository(files)
    const linked = join(repository.folder, 'linked')
    repository.git(['worktree', 'add', '-q', '-b', 'elsewhere', linked])
    for (const [index, directory] of [join(repository.root, 'src'), linked].entries()) {
      expect(await findRepository(directory)).toEqual({
        root: repository.root,
        commonDirectory: repository.common,
        branch: 'main',
      })
      const workspace = await make(repository, gitVcs({ repository: directory, target: 'main' }), `task-${index}`)
      expect(workspace.directory).toBe(join(repository.worktrees, `task-${index}`))
    }
  })

  it('takes any path that git takes', async () => {
    const odd = {
      'with space.txt': '1\n',
      'quo"te\'s.txt': '2\n',
      'ünïcode/é.txt': '3\n',
      '-dash.txt': '4\n',
      'tab\there.txt': '5\n',
      'new\nline.txt': '6\n',
    }
    using repository = testRepository(odd)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    expect(readFolder(directory)).toEqual(odd)
    const changed = Object.fromEntries(Object.keys(odd).map((path) => [path, 'changed\n']))
    write(directory, { ...changed, 'nëw "one".txt': 'new\n', ':(top)x': 'x\n' })
    const { head } = await seal(vcs)
    expect(repository.git(['diff', '--stat', head, 'main']).split('\n')).toHaveLength(9)
    expect(repository.git(['status', '--porcelain'], directory)).toBe('')
    const base = repository.git(['rev-parse', 'main'])
    expect(await vcs.land({ expect: base, commit: head, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual(readFolder(directory))
  })

  it('lands where the target is checked out nowhere', async () => {
    using repository = testRepository(files)
    repository.git(['checkout', '-q', '-b', 'mine'])
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'src/a.ts': 'A\n' })
    const { head } = await seal(vcs)
    expect(await vcs.land({ expect: repository.git(['rev-parse', 'main']), commit: head, signal })).toEqual({
      ok: true,
    })
    expect(repository.git(['rev-parse', 'main'])).toBe(head)
    expect(readFolder(repository.root)).toEqual(files)
  })
})

describe('sealing and preserving', () => {
  it('leave the workspace clean for what was sealed', async () => {
    using repository = testRepository({ ...files, 'src/b.ts': 'b\n' })
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    repository.git(['mv', 'src/b.ts', 'src/c.ts'], directory)
    write(directory, { 'src/a.ts': 'A\n', 'notes.md': 'n\n', 'staged.md': 's\n' })
    repository.git(['add', 'staged.md'], directory)
    const { head, left } = await seal(vcs, { include: ['src/**'] })
    expect([...left].sort()).toEqual(['notes.md', 'staged.md'])
    expect(readCommit(repository, head)).toEqual({ 'README.md': 'read me\n', 'src/a.ts': 'A\n', 'src/c.ts': 'b\n' })
    expect(repository.git(['status', '--porcelain'], directory)).toBe('?? notes.md\n?? staged.md')
    expect(repository.git(['log', '-1', '--format=%an %s', head])).toBe('A User Do it')
  })

  it('take what only the user hides for work, and what .gitignore names for rebuildable', async () => {
    using repository = testRepository({ ...files, '.gitignore': 'dist/\n' })
    mkdirSync(join(repository.common, 'info'), { recursive: true })
    appendFileSync(join(repository.common, 'info', 'exclude'), '*.db\n')
    writeFileSync(join(repository.folder, 'ignore'), '*.local\n')
    repository.git(['config', 'core.excludesFile', join(repository.folder, 'ignore')])
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'beads.db': 'db\n', 'x.local': 'x\n', 'dist/built.js': 'built\n' })
    const kept = await vcs.preserve({ workspace: 'task', as: 'task', signal })
    if (!kept.ok) throw new Error(kept.detail)
    expect(Object.keys(readCommit(repository, kept.value.oid)).sort()).toEqual([
      '.gitignore',
      'README.md',
      'beads.db',
      'src/a.ts',
      'x.local',
    ])
    expect(repository.git(['diff', '--cached', '--name-only'], directory)).toBe('')
  })

  it('sees a change that keeps size and time', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'src/a.ts': 'A\n' })
    expect(readCommit(repository, (await seal(vcs)).head)).toMatchObject({ 'src/a.ts': 'A\n' })
    write(directory, { 'src/a.ts': 'B\n' })
    expect(readCommit(repository, (await seal(vcs)).head)).toMatchObject({ 'src/a.ts': 'B\n' })
  })

  it('refuse a merge that is not finished', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    repository.commit({ 'src/a.ts': 'theirs\n' })
    write(directory, { 'src/a.ts': 'ours\n' })
    repository.git(['commit', '-q', '-a', '-m', 'ours'], directory)
    expect(repository.works(['merge', 'main'], directory)).toBe(false)
    const sealed = await sealing(vcs)
    expect(sealed).toMatchObject({ reason: 'not-on-branch', detail: expect.stringContaining('a merge is in progress') })
    expect(await vcs.preserve({ workspace: 'task', as: 'task', signal })).toMatchObject({ ok: true })
  })

  it('break the index lock that a killed git left in the workspace', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    const lock = repository.git(['rev-parse', '--git-path', 'index.lock'], directory)
    writeFileSync(lock, '')
    write(directory, { 'src/a.ts': 'A\n' })
    await seal(vcs)
    expect(existsSync(lock)).toBe(false)
  })

  it('go on where a seal was killed between index and branch', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'src/a.ts': 'A\n', 'src/new.ts': 'new\n' })
    repository.git(['add', '-A'], directory)
    const { head, left } = await seal(vcs, { include: ['src/**'] })
    expect(left).toEqual([])
    expect(readCommit(repository, head)).toMatchObject({ 'src/a.ts': 'A\n', 'src/new.ts': 'new\n' })
  })

  it('pin commits that were reset away', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'src/a.ts': 'thrown away\n' })
    repository.git(['commit', '-q', '-a', '-m', 'lost'], directory)
    const lost = repository.git(['rev-parse', 'HEAD'], directory)
    repository.git(['reset', '-q', '--hard', 'HEAD~1'], directory)
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/'])).toContain(lost)
  })
})
