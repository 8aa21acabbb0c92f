import { execFile } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Vcs, Workspace } from '@orch/core'
import { afterEach, describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { findRepository } from '../src/git/repository.ts'
import { readCommit, readFolder, type TestRepository, testRepository, write } from './git-repository.ts'

const signal = new AbortController().signal

function open(repository: TestRepository): Vcs {
  return gitVcs({ repository: repository.root, target: 'main' })
}

async function make(repository: TestRepository, vcs = open(repository), name = 'task'): Promise<Workspace> {
  const from = repository.git(['rev-parse', 'main'])
  const made = await vcs.createWorkspace({ name, branch: `orch/${name}`, from, signal })
  if (!made.ok) throw new Error(`${made.reason}: ${made.detail}`)
  return made.value
}

async function seal(vcs: Vcs, include: readonly string[] = ['**']): Promise<{ head: string; left: readonly string[] }> {
  const sealed = await vcs.seal({ workspace: 'task', branch: 'orch/task', include, message: 'Do it', signal })
  if (!sealed.ok) throw new Error(sealed.detail)
  return sealed.value
}

const files = { 'README.md': 'read me\n', 'src/a.ts': 'a\n' }

afterEach(() => {
  delete process.env.GIT_TRACE2_EVENT
})

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
    expect(repository.git(['config', '--get-regexp', '^branch'].slice(0, 1).concat('--list'))).not.toContain('branch.')
    expect(repository.works(['branch', '-D', 'orch/task'])).toBe(false)
  })

  it('is made from a folder below the root, and from a linked worktree', async () => {
    using repository = testRepository(files)
    const linked = join(repository.folder, 'linked')
    repository.git(['worktree', 'add', '-q', '-b', 'elsewhere', linked])
    for (const [index, directory] of [join(repository.root, 'src'), linked].entries()) {
      expect(await findRepository(directory)).toEqual({ root: repository.root, commonDirectory: repository.common, branch: 'main' })
      const workspace = await make(repository, gitVcs({ repository: directory, target: 'main' }), `task-${index}`)
      expect(workspace.directory).toBe(join(repository.worktrees, `task-${index}`))
    }
  })

  it('takes any path that git takes', async () => {
    const odd = { 'with space.txt': '1\n', 'quo"te\'s.txt': '2\n', 'ünïcode/é.txt': '3\n', '-dash.txt': '4\n', 'tab\there.txt': '5\n', 'new\nline.txt': '6\n' }
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
    expect(await vcs.land({ expect: repository.git(['rev-parse', 'main']), commit: head, signal })).toEqual({ ok: true })
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
    const { head, left } = await seal(vcs, ['src/**'])
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
    expect(Object.keys(readCommit(repository, kept.value.oid)).sort()).toEqual(['.gitignore', 'README.md', 'beads.db', 'src/a.ts', 'x.local'])
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
    const sealed = await vcs.seal({ workspace: 'task', branch: 'orch/task', include: ['**'], message: 'x', signal })
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
    const { head, left } = await seal(vcs, ['src/**'])
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

describe('making a workspace that was interrupted', () => {
  it('before it had a name leaves nothing in the way', async () => {
    using repository = testRepository(files)
    await make(repository)
    repository.git(['branch', 'orch/other'])
    write(join(repository.worktrees, '.making', 'other.0123'), { 'src/half': '' })
    const { directory } = await make(repository, open(repository), 'other')
    expect(readFolder(directory)).toEqual(files)
  })

  it('between entry and files is completed', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    renameSync(directory, join(repository.worktrees, '.making', 'task.0123'))
    const vcs = open(repository)
    expect((await vcs.observe({ landed: [], signal })).workspaces.get('task')?.state).toBe('torn')
    expect((await make(repository, vcs)).state).toBe('ready')
    expect(readFolder(directory)).toEqual(files)
    expect(repository.git(['status', '--porcelain'], directory)).toBe('')
  })

  it('before the index was there adds what is missing and overwrites nothing', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    rmSync(repository.git(['rev-parse', '--git-path', 'index'], directory))
    write(directory, { 'src/a.ts': 'work\n', 'README.md': null })
    await make(repository)
    expect(readFolder(directory)).toEqual({ 'README.md': 'read me\n', 'src/a.ts': 'work\n' })
    expect(repository.git(['status', '--porcelain'], directory)).toBe('M src/a.ts'.padStart(11))
  })

  it('or whose entry was pruned keeps the work in it', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    write(directory, { 'src/a.ts': 'work\n' })
    rmSync(join(repository.common, 'worktrees'), { recursive: true })
    await make(repository)
    expect(readFolder(directory)).toMatchObject({ 'src/a.ts': 'work\n' })
    expect(repository.git(['status', '--porcelain'], directory)).toBe(' M src/a.ts')
  })

  it('mends an entry of ours that is torn, and leaves others alone', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    const [id = ''] = readdirSync(join(repository.common, 'worktrees'))
    writeFileSync(join(repository.common, 'worktrees', id, 'commondir'), '')
    expect(repository.works(['worktree', 'list'])).toBe(false)
    const vcs = open(repository)
    expect((await vcs.observe({ landed: [], signal })).workspaces.get('task')?.state).toBe('torn')
    await make(repository, vcs)
    expect(repository.works(['worktree', 'list'])).toBe(true)
    expect(repository.git(['status', '--porcelain'], directory)).toBe('')

    const dead = join(repository.common, 'worktrees', 'dead')
    mkdirSync(dead)
    for (const [name, text] of [['commondir', ''], ['locked', ''], ['gitdir', '../x/.git\n']] as const) writeFileSync(join(dead, name), text)
    await make(repository, vcs, 'other')
    write(directory, { 'src/a.ts': 'A\n' })
    const { head } = await seal(vcs)
    expect(await vcs.land({ expect: repository.git(['rev-parse', 'main']), commit: head, signal })).toEqual({ ok: true })
    for (const name of ['task', 'other']) {
      expect(await vcs.retire({ workspace: name, branch: `orch/${name}`, signal })).toMatchObject({ ok: true })
    }
    expect(readdirSync(join(repository.common, 'worktrees'))).toEqual(['dead'])
    expect(readFileSync(join(dead, 'gitdir'), 'utf8')).toBe('../x/.git\n')
  })
})

describe('retiring', () => {
  it('goes on where it was killed', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'src/a.ts': 'A\n' })
    const { head } = await seal(vcs)
    rmSync(directory, { recursive: true })
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(repository.works(['rev-parse', '--verify', '-q', 'orch/task'])).toBe(false)
    expect(repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/'])).toBe(head)
    expect(repository.git(['worktree', 'list']).split('\n')).toHaveLength(1)
  })

  it('leaves a branch that the user has checked out', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    repository.git(['checkout', '-q', '--detach'], directory)
    repository.git(['checkout', '-q', 'orch/task'])
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(repository.git(['symbolic-ref', '--short', 'HEAD'])).toBe('orch/task')
    expect(repository.works(['rev-parse', '--verify', '-q', 'orch/task'])).toBe(true)
  })

  it('moves a folder that git knows nothing of aside', async () => {
    using repository = testRepository(files)
    write(join(repository.worktrees, 'task'), { 'notes.txt': 'mine\n' })
    const retired = await open(repository).retire({ workspace: 'task', branch: 'orch/task', signal })
    if (!retired.ok || retired.value.moved === null) throw new Error('not moved aside')
    expect(readFolder(retired.value.moved)).toEqual({ 'notes.txt': 'mine\n' })
  })
})

describe('many at once', () => {
  it('two processes make and retire eight workspaces each without losing one', async () => {
    using repository = testRepository(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}.txt`, `${index}\n`])))
    const base = repository.git(['rev-parse', 'main'])
    const run = (names: readonly string[]) =>
      promisify(execFile)(process.execPath, ['--conditions=@orch/source', join(import.meta.dirname, 'git-maker.ts'), repository.root, base, ...names])
    const names = (letter: string) => Array.from({ length: 8 }, (_, index) => `${letter}${index}${index % 2 === 0 ? '' : '-gone'}`)
    const [one, two] = await Promise.all([run(names('a')), run([...names('b'), 'shared'])])
    expect(`${one.stdout}${two.stdout}`.trim().split('\n')).toHaveLength(17)
    expect(repository.git(['worktree', 'list']).split('\n')).toHaveLength(10)
    const { workspaces } = await open(repository).observe({ landed: [], signal })
    expect([...workspaces.values()].every(({ state }) => state === 'ready')).toBe(true)
    for (const { directory } of workspaces.values()) expect(repository.git(['status', '--porcelain'], directory)).toBe('')
    expect(repository.git(['fsck', '--no-dangling'])).toBe('')
  })

  it('a lock whose owner died is broken', async () => {
    using repository = testRepository(files)
    const { thisOwner } = await import('../src/git/lock.ts')
    const locks = join(repository.common, 'orch', 'locks')
    mkdirSync(locks, { recursive: true })
    const owner = { ...(JSON.parse(await thisOwner()) as object), start: 'long ago' }
    writeFileSync(join(locks, 'worktrees'), JSON.stringify(owner))
    await make(repository)
    expect(readdirSync(locks)).toEqual([])
  })

  it('a lock whose owner may live is waited for', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    await vcs.observe({ landed: [], signal })
    const { thisOwner } = await import('../src/git/lock.ts')
    const lock = join(repository.common, 'orch', 'locks', 'worktrees')
    writeFileSync(lock, JSON.stringify({ ...(JSON.parse(await thisOwner()) as object), machine: 'another' }))
    const over = AbortSignal.timeout(100)
    const from = repository.git(['rev-parse', 'main'])
    await expect(vcs.createWorkspace({ name: 'task', branch: 'orch/task', from, signal: over })).rejects.toThrow()
    expect(existsSync(lock)).toBe(true)
    rmSync(lock)
    await make(repository, vcs)
  })
})

describe('the number of git processes', () => {
  const traced = (repository: TestRepository) => {
    const folder = join(repository.folder, 'trace')
    mkdirSync(folder)
    process.env.GIT_TRACE2_EVENT = folder
    return () => readdirSync(folder).length
  }

  it('is none for a look when nothing moved', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'src/a.ts': 'A\n' })
    const base = repository.git(['rev-parse', 'main'])
    const { head } = await seal(vcs)
    repository.git(['pack-refs', '--all'])
    repository.git(['commit', '-q', '--allow-empty', '-m', 'moved'])
    const question = { task: 'task', head, base, commit: null }
    await vcs.observe({ landed: [question], signal })
    const count = traced(repository)
    for (let pass = 0; pass < 3; pass++) await vcs.observe({ landed: [question], signal })
    expect(count()).toBe(0)
  })

  it('is at most 18 in the life of a task', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    await vcs.observe({ landed: [], signal })
    const base = repository.git(['rev-parse', 'main'])
    const count = traced(repository)
    const workspace = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!workspace.ok) throw new Error(workspace.detail)
    await vcs.observe({ landed: [], signal })
    write(workspace.value.directory, { 'src/a.ts': 'A\n', 'src/new.ts': 'new\n' })
    const { head } = await seal(vcs)
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
    // Another task landed meanwhile, so that there is something to merge.
    process.env.GIT_TRACE2_EVENT = ''
    const target = repository.commit({ 'README.md': 'another\n' })
    process.env.GIT_TRACE2_EVENT = join(repository.folder, 'trace')
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
    const built = await vcs.buildCandidate({ base: target, head, from: base, method: 'merge', message: 'Land', signal })
    if (!built.ok) throw new Error(built.detail)
    await vcs.checkout({ commit: built.value.commit, signal })
    expect(await vcs.land({ expect: target, commit: built.value.commit, signal })).toEqual({ ok: true })
    const { landed } = await vcs.observe({ landed: [{ task: 'task', head, base, commit: built.value.commit }], signal })
    expect(landed.get('task')?.by).toBe('us')
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(count()).toBeLessThanOrEqual(18)
  })
})

describe('a repository that cannot be used says what to do', () => {
  it('none, bare, without commits, without the target, shallow', async () => {
    using repository = testRepository(files)
    const { folder } = repository
    const look = (directory: string, target = 'main') => gitVcs({ repository: directory, target }).observe({ landed: [], signal })
    await expect(look(folder)).rejects.toMatchObject({ code: 'not-a-repository', message: expect.stringContaining('git init') })
    await expect(look(join(folder, 'missing'))).rejects.toMatchObject({ code: 'not-a-repository' })
    await expect(look(repository.common)).rejects.toMatchObject({ code: 'not-a-repository' })
    repository.git(['clone', '-q', '--bare', repository.root, join(folder, 'bare')])
    await expect(look(join(folder, 'bare'))).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('clone') })
    repository.git(['init', '-q', '-b', 'main', join(folder, 'empty')])
    await expect(look(join(folder, 'empty'))).rejects.toMatchObject({ code: 'no-target', message: expect.stringContaining('no commits') })
    await expect(look(repository.root, 'other')).rejects.toMatchObject({ code: 'no-target', message: expect.stringContaining('git branch other') })
    repository.commit({ 'x.txt': 'x\n' })
    repository.git(['clone', '-q', '--depth=1', `file://${repository.root}`, join(folder, 'shallow')])
    await expect(look(join(folder, 'shallow'))).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('--unshallow') })
  })
})
