import { join } from 'node:path'
import { OrchError } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { readCommit, readFolder, write } from '../git-repository.ts'
import { scene, statuses } from './scene.ts'

describe('the target', { timeout: 60_000 }, () => {
  it('is forced back by a person during the checks: what lands was checked on what it is then', async () => {
    await using waiting = await scene({
      agents: ['a', 'b'],
      check: '$gate',
      prepare: (repository) => repository.commit({ 'gone.txt': 'gone\n' }),
    })
    const { orch, runs, repository, waits, open, onTarget } = waiting
    const running = orch.run()
    await waits()
    repository.git(['reset', '-q', '--hard', 'main~1'])
    const mine = repository.commit({ 'mine.txt': 'mine\n' })
    open()
    expect((await running).outcome).toBe('done')
    expect(runs.length).toBeGreaterThan(1)
    expect(repository.works(['merge-base', '--is-ancestor', mine, 'main'])).toBe(true)
    // They took it away: it does not come back with the branches that began on it.
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'mine.txt'])
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('is forced back by a person right after a landing: nothing else lands until they have decided, and both sides are kept', async () => {
    let landed = ''
    await using waiting = await scene({
      agents: ['a', 'b'],
      landing: { train: 1 },
      beside: (vcs, repository) => ({
        async land(options) {
          const answer = await vcs.land(options)
          if (landed === '' && answer.ok) {
            landed = options.commit
            repository.git(['reset', '-q', '--hard', options.expect])
          }
          return answer
        },
      }),
    })
    const { orch, repository, onTarget, row } = waiting
    const forced = repository.git(['rev-parse', 'main'])
    expect((await orch.run()).outcome).toBe('failures')
    expect((await row('a')).stuckReason).toContain(`main is at ${forced}, which does not hold ${landed}`)
    expect(await row('b')).toMatchObject({ waitsFor: 'violated' })
    expect(onTarget()).toEqual(['README.md'])
    const kept = repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/landing']).split('\n')
    expect(kept.toSorted()).toEqual([forced, landed].toSorted())
    await orch.land('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
  })

  it('is forced back after a landing that nobody could tell of, and before that is looked at: it does not count as landed', async () => {
    let landed = ''
    let looks = 0
    await using waiting = await scene({
      agents: ['a'],
      beside: (vcs, repository) => ({
        async land(options) {
          const answer = await vcs.land(options)
          if (landed !== '') return answer
          landed = options.commit
          throw new OrchError('git-failed', 'its answer got lost', { port: 'vcs', retryable: true })
        },
        verifyLanding(options) {
          if (looks++ === 0) repository.git(['reset', '-q', '--hard', options.base])
          return vcs.verifyLanding(options)
        },
      }),
    })
    const { orch, onTarget, row } = waiting
    expect((await orch.run()).outcome).toBe('failures')
    expect((await row('a')).stuckReason).toContain(`does not hold ${landed}`)
    await orch.land('a')
    expect((await orch.run()).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt'])
  })

  it('has got a change by a squash of somebody while its checks run: it lands once, and counts as theirs', async () => {
    await using waiting = await scene({ agents: ['a', 'b'], check: '$gate' })
    const { orch, repository, waits, open, onTarget } = waiting
    const running = orch.run()
    await waits()
    repository.git(['merge', '-q', '--squash', 'orch/a'])
    repository.git(['commit', '-q', '-m', 'Squashed by hand'])
    const squash = repository.git(['rev-parse', 'main'])
    open()
    expect((await running).outcome).toBe('done')
    expect(await statuses(waiting)).toEqual(['a merged', 'b merged'])
    expect((await orch.show('a')).landed).toEqual({ commit: squash, by: 'other' })
    expect((await orch.show('b')).landed?.by).toBe('us')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
    const subjects = repository.git(['log', '--first-parent', '--format=%s', 'main']).split('\n')
    expect(subjects).toEqual(['b', 'Squashed by hand', 'The first commit'])
  })

  it.each(['--force', '--ignore-other-worktrees'])(
    'is checked out twice (%s): the files of both follow, and where one is edited nothing lands',
    async (how) => {
      await using waiting = await scene({
        agents: { a: 'echo a >a.txt; echo more >>README.md; commit' },
        writes: { a: ['a.txt', 'README.md'] },
      })
      const { orch, repository, row } = waiting
      const second = join(repository.folder, 'second')
      if (how === '--force') repository.git(['worktree', 'add', '-q', '--force', second, 'main'])
      else {
        repository.git(['worktree', 'add', '-q', '--detach', second])
        repository.git(['checkout', '-q', '--ignore-other-worktrees', 'main'], second)
      }
      write(second, { 'README.md': 'mine\n' })
      const running = orch.run()
      await expect.poll(async () => (await row('a')).waitsFor, { timeout: 20_000 }).toBe('held-by-user')
      expect((await row('a')).waits).toMatch(/you changed README\.md .*second/)
      expect(readFolder(repository.root)).toEqual({ 'README.md': 'read me\n' })
      expect(readFolder(second)).toEqual({ 'README.md': 'mine\n' })
      repository.git(['checkout', '--', 'README.md'], second)
      expect((await running).outcome).toBe('done')
      for (const checkout of [repository.root, second]) {
        expect(readFolder(checkout)).toEqual(readCommit(repository, 'main'))
        expect(repository.git(['status', '--porcelain'], checkout)).toBe('')
      }
    },
  )
})
