import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mayHide } from '../src/git/hidden.ts'
import { readCommit, type TestRepository, testRepository, write } from './git-repository.ts'
import { make, open, seal, signal } from './git-task.ts'

const files = { 'd1/f': 'f\n', 'd1/g': 'g\n', 'd2/f': 'f\n', 'd2/g': 'g\n' }

/** What retiring keeps of the working tree. */
async function preserved(
  repository: TestRepository,
  vcs = open(repository),
): Promise<Readonly<Record<string, string>>> {
  const kept = await vcs.preserve({ workspace: 'task', as: 'task', signal })
  if (!kept.ok) throw new Error(kept.detail)
  return readCommit(repository, kept.value.oid)
}

describe('work that marks in the index hide', () => {
  for (const version of ['2', '4', 'split'])
    it(`is kept and sealed (index ${version})`, async () => {
      using repository = testRepository(files)
      const vcs = open(repository)
      const { directory } = await make(repository, vcs)
      const git = (...given: string[]) => repository.git(given, directory)
      git('update-index', version === 'split' ? '--split-index' : `--index-version=${version}`)
      git('update-index', '--assume-unchanged', 'd1/f', 'd2/g')
      git('update-index', '--skip-worktree', 'd1/g', 'd2/g')
      write(directory, { 'd1/f': 'WORK\n', 'd1/g': 'WORK2\n', 'd1/n': 'new\n', 'd2/g': 'WORK3\n' })
      const made = { 'd1/f': 'WORK\n', 'd1/g': 'WORK2\n', 'd1/n': 'new\n', 'd2/f': 'f\n', 'd2/g': 'WORK3\n' }
      expect(await preserved(repository, vcs)).toEqual(made)
      const { head } = await seal(vcs)
      expect(readCommit(repository, head)).toEqual(made)
      expect(git('status', '--porcelain')).toBe('')
    })

  it('is counted among the changes', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    repository.git(['update-index', '--assume-unchanged', 'd1/f'], directory)
    write(directory, { 'd1/f': 'WORK\n' })
    const base = repository.git(['rev-parse', 'main'])
    expect(await vcs.changes({ workspace: 'task', base, signal })).toMatchObject({
      files: 1,
      insertions: 1,
      deletions: 1,
    })
  })

  for (const sparse of ['--no-sparse-index', '--sparse-index'])
    it(`is sealed where a check-out was made sparse (${sparse}), and what is not there is not deleted`, async () => {
      using repository = testRepository(files)
      const vcs = open(repository)
      const { directory } = await make(repository, vcs)
      repository.git(['sparse-checkout', 'set', '--cone', sparse, 'd1'], directory)
      rmSync(join(directory, 'd1/g'))
      write(directory, { 'd2/f': 'W\n' })
      const made = { 'd1/f': 'f\n', 'd2/f': 'W\n', 'd2/g': 'g\n' }
      expect(await preserved(repository, vcs)).toEqual(made)
      const { head } = await seal(vcs)
      expect(readCommit(repository, head)).toEqual(made)
    })

  it('costs no process where there is none', () => {
    using repository = testRepository(files)
    const index = join(repository.common, 'index')
    for (const version of ['2', '4']) {
      repository.git(['update-index', `--index-version=${version}`])
      expect(mayHide(readFileSync(index), 20)).toBe(false)
    }
    write(repository.root, { 'd1/n': 'new\n' })
    repository.git(['add', '--intent-to-add', 'd1/n'])
    expect(mayHide(readFileSync(index), 20)).toBe(false)
    repository.git(['update-index', '--skip-worktree', 'd1/f'])
    expect(mayHide(readFileSync(index), 20)).toBe(true)
    expect(mayHide(Buffer.from('garbage'), 20)).toBe(true)
  })
})
