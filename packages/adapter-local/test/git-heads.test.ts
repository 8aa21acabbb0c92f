import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { make, open, signal } from './git-task.ts'

const files = { 'f.txt': 'f\n', 'g.txt': 'g\n' }

/** Makes a task's worktree, has `work` done in it, retires it, and tells whether the commit that `work` answers outlives a collection. */
async function outlives(
  repository: TestRepository,
  work: (git: (...given: string[]) => string, directory: string) => string,
): Promise<boolean> {
  const vcs = open(repository)
  const { directory } = await make(repository, vcs)
  const oid = work((...given) => repository.git(given, directory), directory)
  expect(repository.works(['cat-file', '-e', oid])).toBe(true)
  expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
  repository.git(['-c', 'gc.reflogExpire=now', 'gc', '-q', '--prune=now'])
  return repository.works(['cat-file', '-e', oid])
}

describe('a commit that goes with the worktree', () => {
  it.each(['refs/worktree/mine', 'refs/bisect/bad', 'refs/rewritten/onto'])(
    'is kept when only %s names it',
    async (ref) => {
      using repository = testRepository(files)
      const kept = await outlives(repository, (git) => {
        const made = git('commit-tree', '-m', 'work', '-p', 'HEAD', 'HEAD^{tree}')
        git('update-ref', ref, made)
        return made
      })
      expect(kept).toBe(true)
    },
  )

  it('is kept when it is a tag that only a ref of the worktree names', async () => {
    using repository = testRepository(files)
    const kept = await outlives(repository, (git) => {
      git('tag', '-a', '-m', 'notes', 'mine')
      const tag = git('rev-parse', 'refs/tags/mine')
      git('update-ref', 'refs/worktree/mine', tag)
      git('tag', '-d', 'mine')
      return tag
    })
    expect(kept).toBe(true)
  })

  it.each(['merge', 'apply'])(
    'is kept when a rebase (%s) has put changes into it that were not committed',
    async (kind) => {
      using repository = testRepository(files)
      const kept = await outlives(repository, (git, directory) => {
        write(directory, { 'f.txt': 'ours\n' })
        git('commit', '-q', '-a', '-m', 'ours')
        repository.commit({ 'f.txt': 'theirs\n' })
        write(directory, { 'g.txt': 'WORK\n' })
        expect(repository.works(['rebase', `--${kind}`, '--autostash', 'main'], directory)).toBe(false)
        return readFileSync(join(git('rev-parse', '--absolute-git-dir'), `rebase-${kind}`, 'autostash'), 'utf8').trim()
      })
      expect(kept).toBe(true)
    },
  )

  it('is kept when a merge has put changes into it that were not committed', async () => {
    using repository = testRepository(files)
    const kept = await outlives(repository, (git, directory) => {
      write(directory, { 'f.txt': 'ours\n' })
      git('commit', '-q', '-a', '-m', 'ours')
      repository.commit({ 'f.txt': 'theirs\n' })
      write(directory, { 'g.txt': 'WORK\n' })
      expect(repository.works(['merge', '--autostash', 'main'], directory)).toBe(false)
      const stash = readFileSync(join(git('rev-parse', '--absolute-git-dir'), 'MERGE_AUTOSTASH'), 'utf8').trim()
      // Files in conflict are moved aside before anything is pinned.
      write(directory, { 'f.txt': 'both\n' })
      git('add', 'f.txt')
      return stash
    })
    expect(kept).toBe(true)
  })

  it('is kept after a reset where the user wants no logs of refs', async () => {
    using repository = testRepository(files)
    repository.git(['config', 'core.logAllRefUpdates', 'false'])
    const kept = await outlives(repository, (git, directory) => {
      write(directory, { 'f.txt': 'WORK\n' })
      git('commit', '-q', '-a', '-m', 'work')
      const made = git('rev-parse', 'HEAD')
      git('reset', '-q', '--hard', 'HEAD~1')
      expect(readFileSync(join(git('rev-parse', '--absolute-git-dir'), 'logs', 'HEAD'), 'utf8')).toContain(made)
      return made
    })
    expect(kept).toBe(true)
  })
})
