import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { make, open, sealing, signal } from './git-task.ts'

/** A repository with the submodule `sm`, whose remote is beside it. */
function withSubmodule(): TestRepository {
  const repository = testRepository({ 'd1/a.txt': 'a\n' })
  const { folder, root } = repository
  repository.git(['config', '--global', 'protocol.file.allow', 'always'])
  repository.git(['config', '--global', 'user.name', 'An Agent'])
  repository.git(['config', '--global', 'user.email', 'agent@example.org'])
  const seed = join(folder, 'seed')
  repository.git(['init', '-q', '-b', 'main', seed], folder)
  write(seed, { s: 's\n' })
  repository.git(['add', '-A'], seed)
  repository.git(['commit', '-q', '-m', 'seed'], seed)
  repository.git(['clone', '-q', '--bare', seed, join(folder, 'remote.git')], folder)
  repository.git(['submodule', '--quiet', 'add', join(folder, 'remote.git'), 'sm'], root)
  repository.commit({}, 'A submodule')
  return repository
}

/** As an agent commits inside of the submodule; returns that commit. */
function workInside(repository: TestRepository, directory: string): string {
  repository.git(['submodule', '--quiet', 'update', '--init'], directory)
  write(join(directory, 'sm'), { s: 'SUBWORK\n' })
  repository.git(['commit', '-q', '-a', '-m', 'sub work'], join(directory, 'sm'))
  return repository.git(['rev-parse', 'HEAD'], join(directory, 'sm'))
}

function bump(repository: TestRepository, directory: string): void {
  repository.git(['add', 'sm'], directory)
  repository.git(['commit', '-q', '-m', 'bump'], directory)
  write(directory, { 'd1/n': 'x\n' })
}

const retiring = { workspace: 'task', branch: 'orch/task', signal }

describe('submodules in a workspace', () => {
  it('what was committed inside is moved aside with the files, and can be worked with there', async () => {
    using repository = withSubmodule()
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    const made = workInside(repository, directory)
    write(join(directory, 'sm'), { 'new.txt': 'new\n' })
    const retired = await vcs.retire(retiring)
    const aside = (retired.ok && retired.value.moved) || ''
    expect(aside).toMatch(/\.aside/)
    expect(existsSync(join(repository.common, 'worktrees', 'orch.task'))).toBe(false)
    const sm = join(aside, 'sm')
    expect(repository.git(['rev-parse', 'HEAD', '--show-toplevel'], sm)).toBe(`${made}\n${sm}`)
    expect(repository.git(['status', '--porcelain'], sm)).toBe('?? new.txt')
    repository.git(['push', '-q', 'origin', 'HEAD:refs/heads/work'], sm)
    const left = await vcs.prune({ keep: [], branches: [], drop: true, signal })
    expect(left).toContainEqual({ what: 'moved-aside', name: dirname(aside), oid: null })
    expect(existsSync(aside)).toBe(false)
  })

  it('what was committed inside is kept when its files are gone', async () => {
    using repository = withSubmodule()
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    const made = workInside(repository, directory)
    repository.git(['submodule', '--quiet', 'deinit', '-f', 'sm'], directory)
    const retired = await vcs.retire(retiring)
    const aside = (retired.ok && retired.value.moved) || ''
    expect(repository.git(['cat-file', '-t', made], join(aside, 'sm'))).toBe('commit')
  })

  it("a repository of somebody else's in the place of a submodule's is not written to", async () => {
    using repository = withSubmodule()
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    workInside(repository, directory)
    const users = join(repository.common, 'modules', 'sm')
    const before = repository.git(['config', 'core.worktree'], users)
    const own = join(repository.common, 'worktrees', 'orch.task', 'modules', 'sm')
    rmSync(own, { recursive: true })
    symlinkSync(users, own)
    expect(await vcs.retire(retiring)).toMatchObject({ ok: true })
    expect(repository.git(['config', 'core.worktree'], users)).toBe(before)
  })

  it('a link to a commit that is only in the workspace is refused until that is pushed', async () => {
    using repository = withSubmodule()
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    workInside(repository, directory)
    bump(repository, directory)
    const refused = await sealing(vcs)
    expect(refused).toMatchObject({ reason: 'not-representable', detail: expect.stringMatching(/submodule sm .*push/) })
    repository.git(['push', '-q', 'origin', 'HEAD:refs/heads/work'], join(directory, 'sm'))
    expect(await sealing(vcs)).toMatchObject({ ok: true })
  })

  it('a link that is taken back, or to what the user has, is sealed', async () => {
    using repository = withSubmodule()
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    const made = workInside(repository, directory)
    bump(repository, directory)
    repository.git(['fetch', '-q', join(directory, 'sm'), made], join(repository.root, 'sm'))
    expect(await sealing(vcs)).toMatchObject({ ok: true })
    repository.git(['reset', '-q', '--hard', 'main'], directory)
    repository.git(['submodule', '--quiet', 'update'], directory)
    rmSync(join(repository.common, 'modules'), { recursive: true })
    write(directory, { 'd1/m': 'x\n' })
    expect(await sealing(vcs)).toMatchObject({ ok: true })
  })
})
