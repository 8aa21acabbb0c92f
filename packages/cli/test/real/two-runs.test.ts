import { describe, expect, it } from 'vitest'
import { expectLanded, expectNothingLeft, expectReachable, expectUserAt, landings } from './from-git.ts'
import { outside, type Scene, scene } from './scene.ts'
import { cloneOfThis, source, tenTasks } from './this-repository.ts'

const found = source()

/** The most agents that any agent has seen alive, itself included. */
function mostAtOnce(real: Scene): number {
  return Math.max(...real.lines('counts').map(Number))
}

describe('two orch run at once from the start', () => {
  it('come to the same end, and three agents are never more than three', { timeout: 120_000 }, async ({ skip }) => {
    if ('missing' in found) return skip(found.missing)
    const around = outside()
    const root = cloneOfThis(around, found.root)
    const tasks = tenTasks(around, root)
    const real = await scene(around, { root, tasks, method: 'squash' })
    const limit = ['run', '--max-agents', '3']
    const ids = tasks.map(({ id }) => id)
    const ended = [0, 1].map(async () => {
      const { exit } = await real.call(...limit)
      // Neither leaves while there is something that may still move, whoever moves it.
      expect(landings(real)).toHaveLength(ids.length)
      return exit
    })
    expect(await Promise.all(ended)).toEqual([0, 0])

    expectLanded(real, ids)
    expectNothingLeft(real)
    expectReachable(real, 25)
    expectUserAt(real)
    expect(real.lines('counts')).toHaveLength(ids.length)
    expect(mostAtOnce(real)).toBe(3)
  })

  it('the count from outside can see four', { timeout: 60_000 }, async () => {
    const around = outside()
    const root = around.repository({ 'README.md': '# Example\n' })
    const ids = ['a', 'b', 'c', 'd', 'e']
    const tasks = ids.map((id) => ({
      id,
      writes: [`${id}.txt`],
      commits: [[{ write: `${id}.txt`, text: id }]],
      together: 4,
    }))
    const real = await scene(around, { root, tasks })
    const limit = ['run', '--max-agents', '4']
    const ended = await Promise.all([real.call(...limit), real.call(...limit)])
    expect(ended.map(({ exit }) => exit)).toEqual([0, 0])
    expect(mostAtOnce(real)).toBe(4)
    expectLanded(real, ids)
  })
})
