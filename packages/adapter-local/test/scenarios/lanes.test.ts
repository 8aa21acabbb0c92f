import { describe, expect, it } from 'vitest'
import { scene, statuses } from './scene.ts'

const landing = { train: 1, lanes: 2 }

describe('lanes on real git', { timeout: 60_000 }, () => {
  it('are checked at the same time, and land one after the other with one run each', async () => {
    await using lanes = await scene({ agents: ['a', 'b'], check: '$gate; test ! -e a.txt || test ! -e b.txt', landing })
    const { orch, runs, repository, open, onTarget } = lanes
    const running = orch.run()
    await expect.poll(() => runs.map((run) => run.join()).toSorted(), { timeout: 20_000 }).toEqual(['a', 'b'])
    open()
    expect((await running).outcome).toBe('done')
    expect(runs).toHaveLength(2)
    // Nobody has checked them together: they would be red.
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
    expect(repository.git(['rev-list', '--first-parent', '--count', 'main'])).toBe('3')
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('are checked again on what a person commits meanwhile', async () => {
    await using lanes = await scene({ agents: ['a', 'b'], check: '$gate; test ! -e a.txt || test ! -e b.txt', landing })
    const { orch, runs, repository, open, onTarget } = lanes
    const running = orch.run()
    await expect.poll(() => runs.length, { timeout: 20_000 }).toBe(2)
    repository.commit({ 'mine.txt': 'mine\n' })
    await expect.poll(() => runs.length, { timeout: 20_000 }).toBe(4)
    open()
    expect((await running).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'mine.txt'])
  })

  it('of which one is red do not hold up the other', async () => {
    await using lanes = await scene({ agents: ['a', 'b'], check: 'test ! -e a.txt', landing })
    const { orch, onTarget } = lanes
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses({ orch })).toEqual(['a stuck', 'b merged'])
    expect(onTarget()).toEqual(['README.md', 'b.txt'])
  })
})
