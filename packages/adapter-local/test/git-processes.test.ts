import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { thisOwner } from '../src/git/lock.ts'
import { findRepository } from '../src/git/repository.ts'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { files, make, open, seal, signal } from './git-task.ts'

afterEach(() => {
  delete process.env.GIT_TRACE2_EVENT
})

describe('many at once', () => {
  it('two processes make and retire eight workspaces each without losing one', async () => {
    using repository = testRepository(
      Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}.txt`, `${index}\n`])),
    )
    const base = repository.git(['rev-parse', 'main'])
    const run = (names: readonly string[]) =>
      promisify(execFile)(process.execPath, [
        '--conditions=@orch/source',
        join(import.meta.dirname, 'git-maker.ts'),
        repository.root,
        base,
        ...names,
      ])
    const names = (letter: string) =>
      Array.from({ length: 8 }, (_, index) => `${letter}${index}${index % 2 === 0 ? '' : '-gone'}`)
    const [one, two] = await Promise.all([run(names('a')), run([...names('b'), 'shared'])])
    expect(`${one.stdout}${two.stdout}`.trim().split('\n')).toHaveLength(17)
    expect(repository.git(['worktree', 'list']).split('\n')).toHaveLength(10)
    const { workspaces } = await open(repository).observe({ landed: [], signal })
    expect([...workspaces.values()].every(({ state }) => state === 'ready')).toBe(true)
    for (const { directory } of workspaces.values())
      expect(repository.git(['status', '--porcelain'], directory)).toBe('')
    expect(repository.git(['fsck', '--no-dangling'])).toBe('')
  })

  it('a lock whose owner died is broken', async () => {
    using repository = testRepository(files)
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
    rmSync(folder, { recursive: true, force: true })
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

  it('is none for workspaces and pairs when nothing moved, and what moved alone is looked at again', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const names = ['a', 'b', 'c']
    for (const name of names) {
      const { directory } = await make(repository, vcs, name)
      write(directory, { 'src/a.ts': `by ${name}\n` })
    }
    const look = async () => {
      const workspaces = names.map((workspace) => ({ workspace, include: ['**'] }))
      const [a = '', b = '', c = ''] = ((await vcs.snapshots?.({ workspaces, signal })) ?? []).map((oid) => oid ?? '')
      const found = await vcs.predict?.({
        pairs: [
          [a, b],
          [a, c],
          [b, c],
        ],
        signal,
      })
      return found?.map((conflicts) => conflicts?.length)
    }
    // What was changed this very moment is looked at twice.
    await expect
      .poll(
        async () => {
          const before = traced(repository)
          expect(await look()).toEqual([1, 1, 1])
          return before()
        },
        { timeout: 20_000 },
      )
      .toBe(0)
    write(join(repository.worktrees, 'b'), { 'src/a.ts': 'by d\n' })
    const count = traced(repository)
    expect(await look()).toEqual([1, 1, 1])
    // Three to see it, one for both pairs of it, one for the lines.
    expect(count()).toBe(5)
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

  it('is one for what any number of landed tasks changed', async () => {
    using repository = testRepository(files)
    const names = ['a', 'b', '1'.repeat(40)]
    const oids = [repository.git(['rev-parse', 'main']), ...names.map((name) => repository.commit({ [name]: 'new\n' }))]
    const vcs = open(repository)
    await vcs.observe({ landed: [], signal })
    const count = traced(repository)
    const pairs = oids.slice(1).map((to, at) => ({ from: oids[at] ?? '', to }))
    expect(await vcs.changedFiles?.({ pairs, signal })).toEqual(names.map((name) => [name]))
    expect(count()).toBe(1)
  })

  it('what was found is not looked for again, but from a linked worktree', async () => {
    using repository = testRepository(files)
    const linked = join(repository.folder, 'linked')
    repository.git(['worktree', 'add', '-q', '-b', 'elsewhere', linked])
    const here = await findRepository(join(repository.root, 'src'))
    const there = await findRepository(linked)
    const count = traced(repository)
    const { target } = await gitVcs({ repository: here, target: 'main' }).observe({ landed: [], signal })
    expect(count()).toBe(1)
    expect(await gitVcs({ repository: there, target: 'main' }).observe({ landed: [], signal })).toMatchObject({
      target,
    })
    expect(count()).toBe(3)
  })
})

describe('a repository that cannot be used says what to do', () => {
  it('none, bare, without commits, without the target, shallow', async () => {
    using repository = testRepository(files)
    const { folder } = repository
    const look = (directory: string, target = 'main') =>
      gitVcs({ repository: directory, target }).observe({ landed: [], signal })
    await expect(look(folder)).rejects.toMatchObject({
      code: 'not-a-repository',
      message: expect.stringContaining('git init'),
    })
    await expect(look(join(folder, 'missing'))).rejects.toMatchObject({ code: 'no-directory' })
    await expect(look(repository.common)).rejects.toMatchObject({ code: 'inside-git-directory' })
    repository.git(['clone', '-q', '--bare', repository.root, join(folder, 'bare')])
    await expect(look(join(folder, 'bare'))).rejects.toMatchObject({
      code: 'bare-repository',
      message: expect.stringContaining('clone'),
    })
    repository.git(['init', '-q', '-b', 'main', join(folder, 'empty')])
    await expect(look(join(folder, 'empty'))).rejects.toMatchObject({
      code: 'empty-repository',
      message: expect.stringContaining('no commits'),
    })
    await expect(look(repository.root, 'other')).rejects.toMatchObject({
      code: 'no-target',
      message: expect.stringContaining('git branch other'),
    })
    repository.commit({ 'x.txt': 'x\n' })
    repository.git(['clone', '-q', '--depth=1', `file://${repository.root}`, join(folder, 'shallow')])
    await expect(look(join(folder, 'shallow'))).rejects.toMatchObject({
      code: 'shallow-repository',
      message: expect.stringContaining('--unshallow'),
    })
  })
})
