import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scene, statuses } from './scene.ts'

describe('a train on real git', { timeout: 60_000 }, () => {
  it('of green changes is checked once and lands in one step', async () => {
    await using train = await scene({ agents: ['a', 'b', 'c', 'd'], check: 'true' })
    const { orch, runs, repository, onTarget } = train
    const before = repository.git(['rev-parse', 'main'])
    expect((await orch.run()).outcome).toBe('done')
    expect(runs.map((run) => run.toSorted())).toEqual([['a', 'b', 'c', 'd']])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'c.txt', 'd.txt'])
    // Four landings of the history, one move of the branch.
    expect(repository.git(['rev-list', '--first-parent', '--count', `${before}..main`])).toBe('4')
    const moves = repository.git(['reflog', '--format=%gs', 'main']).split('\n')
    expect(moves.filter((move) => move.startsWith('orch: land'))).toHaveLength(1)
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('with one red in the middle lands the others, and only that one waits for a person', async () => {
    await using train = await scene({ agents: ['a', 'b', 'c', 'd', 'e'], check: 'test ! -e c.txt' })
    const { orch, runs, onTarget } = train
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses({ orch })).toEqual(['a merged', 'b merged', 'c stuck', 'd merged', 'e merged'])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'd.txt', 'e.txt'])
    // All, two halves, perhaps the target, and those behind the guilty one.
    expect(runs.length).toBeLessThanOrEqual(6)
    expect(runs[0]).toHaveLength(5)
  })

  it('with two that only fail together lands the one that comes first', async () => {
    await using train = await scene({ agents: ['a', 'b', 'c', 'd'], check: '! { test -e b.txt && test -e d.txt; }' })
    const { orch, onTarget } = train
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses({ orch })).toEqual(['a merged', 'b merged', 'c merged', 'd stuck'])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'c.txt'])
  })

  it('is built again on what a person commits to the target while it is checked', async () => {
    await using train = await scene({ agents: ['a', 'b'], check: '$gate; test -e mine.txt || echo before >&2' })
    const { orch, runs, repository, waits, open, onTarget } = train
    const running = orch.run()
    await waits()
    const mine = repository.commit({ 'mine.txt': 'mine\n' })
    open()
    expect((await running).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'mine.txt'])
    expect(runs).toHaveLength(2)
    expect(repository.works(['merge-base', '--is-ancestor', mine, 'main'])).toBe(true)
  })

  it('lands what was reviewed when the branch of a change moves while it is checked', async () => {
    await using train = await scene({ agents: ['a', 'b'], check: '$gate' })
    const { orch, repository, waits, open, onTarget } = train
    const running = orch.run()
    await waits()
    const workspace = join(repository.worktrees, 'a')
    writeFileSync(join(workspace, 'later.txt'), 'nobody has seen this\n')
    repository.git(['add', '-A'], workspace)
    repository.git(['commit', '-qm', 'Later'], workspace)
    const later = repository.git(['rev-parse', 'HEAD'], workspace)
    open()
    expect((await running).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
    const kept = repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/'])
    expect(kept.split('\n')).toContain(later)
  })

  it('goes on without a change that is cancelled while it is checked', async () => {
    await using train = await scene({ agents: ['a', 'b', 'c'], check: '$gate' })
    const { orch, waits, open, onTarget } = train
    const running = orch.run()
    await waits()
    await orch.cancel('b')
    open()
    await running
    expect(await statuses({ orch })).toEqual(['a merged', 'b cancelled', 'c merged'])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'c.txt'])
  })

  it('is not blamed for a red target, and lands when that is mended', async () => {
    await using train = await scene({ agents: ['a', 'b'], check: 'test ! -e broken.txt' })
    const { orch, repository, onTarget } = train
    repository.commit({ 'broken.txt': 'x\n' })
    const { outcome, tasks } = await orch.run()
    expect([outcome, ...tasks.map(({ waitsFor }) => waitsFor)]).toEqual(['waits', 'red-target', 'red-target'])
    repository.commit({ 'broken.txt': null })
    expect((await orch.run()).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
  })

  it('lands though its checks are flaky, and says so', async () => {
    await using train = await scene({ agents: ['a'], check: '$flakes', landing: { retryRed: true } })
    const { orch } = train
    const flaky: string[] = []
    orch.on('checks-flaky', ({ task }) => flaky.push(task))
    expect((await orch.run()).outcome).toBe('done')
    expect(flaky).toEqual(['a'])
  })
})
