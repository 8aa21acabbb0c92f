import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFolder, type TestRepository, testRepository, write } from './git-repository.ts'
import { candidate, signal } from './git-task.ts'

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' }

describe('landing where the user has the target checked out', () => {
  it('leaves a clean status and says so in the reflog', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'b.txt': null, 'new/d.txt': 'd\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(repository.git(['diff-files', '--name-only'])).toBe('')
    expect(repository.git(['symbolic-ref', 'HEAD'])).toBe('refs/heads/main')
    expect(repository.git(['reflog', '-1', '--format=%gs', 'main'])).toBe(`orch: land ${commit.slice(0, 12)}`)
    expect(repository.git(['fsck', '--no-dangling'])).toBe('')
    expect(existsSync(join(repository.common, 'index.lock'))).toBe(false)
  })

  it('keeps what is staged, changed and new elsewhere as it is', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    write(repository.root, { 'b.txt': 'staged\n', 'staged.txt': 'staged\n' })
    repository.git(['add', '-A'])
    write(repository.root, { 'b.txt': 'changed\n', 'c.txt': null, 'new.txt': 'new\n' })
    const before = repository.git(['status', '--porcelain'])
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe(before)
    expect(repository.git(['show', ':b.txt'])).toBe('staged')
    expect(readFolder(repository.root)).toMatchObject({ 'a.txt': 'A\n', 'b.txt': 'changed\n' })
  })

  for (const [what, disturb] of [
    [
      'a staged change',
      (repository: TestRepository) => {
        write(repository.root, { 'a.txt': 'mine\n' })
        repository.git(['add', 'a.txt'])
      },
    ],
    ['a removal', (repository: TestRepository) => repository.git(['rm', '-q', 'a.txt'])],
    ['a new file in the way', (repository: TestRepository) => write(repository.root, { 'new.txt': 'mine\n' })],
  ] as const) {
    it(`waits for ${what}`, async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'new.txt': 'new\n', 'b.txt': 'B\n' })
      disturb(repository)
      const before = [repository.git(['status', '--porcelain']), readFolder(repository.root)]
      expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user' })
      expect([repository.git(['status', '--porcelain']), readFolder(repository.root)]).toEqual(before)
      expect(repository.git(['rev-parse', 'main'])).toBe(base)
    })
  }

  it('does not mind files that were touched but not changed', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    rmSync(join(repository.root, 'a.txt'))
    write(repository.root, { 'a.txt': 'a\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('waits for a git that is at work, and never takes its lock away', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    const lock = join(repository.common, 'index.lock')
    writeFileSync(lock, '')
    const held = await vcs.land({ expect: base, commit, signal })
    expect(held).toMatchObject({ reason: 'held-by-user', detail: expect.stringContaining('index.lock') })
    expect(existsSync(lock)).toBe(true)
    rmSync(lock)
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
  })

  it('tries again only when something has moved, so that the git of the user who cleans up finds their index free', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    write(repository.root, { 'a.txt': 'mine\n' })
    const held = await vcs.land({ expect: base, commit, signal })
    expect(held).toMatchObject({ reason: 'held-by-user', detail: expect.stringContaining('you changed a.txt') })
    // Whoever is kept from the index has asked for it.
    const lock = join(repository.common, 'index.lock')
    writeFileSync(lock, '')
    expect(await vcs.land({ expect: base, commit, signal })).toEqual(held)
    write(repository.root, { 'a.txt': 'mine again\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({
      detail: expect.stringContaining('index.lock'),
    })
    rmSync(lock)
    repository.git(['checkout', '--', 'a.txt'])
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('waits for a merge or a rebase of the target to end', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    repository.git(['checkout', '-q', '-b', 'side'])
    repository.commit({ 'b.txt': 'side\n' })
    repository.git(['checkout', '-q', 'main'])
    repository.git(['merge', '-q', '--no-ff', '--no-commit', 'side'])
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({
      reason: 'held-by-user',
      detail: expect.stringContaining('a merge'),
    })
    repository.git(['merge', '--abort'])
    mkdirSync(join(repository.common, 'rebase-merge'))
    writeFileSync(join(repository.common, 'rebase-merge', 'head-name'), 'refs/heads/main\n')
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({
      reason: 'held-by-user',
      detail: expect.stringContaining('a rebase'),
    })
  })

  it('leaves another branch, or a detached HEAD, alone', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    repository.git(['checkout', '-q', '--detach'])
    write(repository.root, { 'a.txt': 'mine\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['rev-parse', 'main'])).toBe(commit)
    expect(repository.git(['rev-parse', 'HEAD'])).toBe(base)
    expect(readFolder(repository.root)).toMatchObject({ 'a.txt': 'mine\n' })
  })

  it('follows in a linked worktree of the user', async () => {
    using repository = testRepository(files)
    repository.git(['checkout', '-q', '-b', 'elsewhere'])
    const linked = join(repository.folder, 'linked tree')
    repository.git(['worktree', 'add', '-q', linked, 'main'])
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(readFolder(linked)).toEqual({ ...files, 'a.txt': 'A\n' })
    expect(repository.git(['status', '--porcelain'], linked)).toBe('')
    expect(readFolder(repository.root)).toEqual(files)
  })

  it('keeps a split index and a sparse check-out whole', async () => {
    using repository = testRepository({ ...files, 'far/x.txt': 'x\n', 'near/y.txt': 'y\n' })
    repository.git(['sparse-checkout', 'set', 'near'])
    repository.git(['update-index', '--split-index'])
    const { vcs, base, commit } = await candidate(repository, { 'far/x.txt': 'X\n', 'near/y.txt': 'Y\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual({ ...files, 'near/y.txt': 'Y\n' })
  })
})
