import { describe, expect, it } from 'vitest'
import { expectLanded, expectNothingLeft, expectReachable, expectUserAt } from './from-git.ts'
import { outside, scene } from './scene.ts'
import { cloneOfThis, source, tenTasks } from './this-repository.ts'

const found = source()

describe('this repository, with its history', () => {
  it('ten tasks by four agents: each lands once, as it was checked, and nothing else is left', {
    timeout: 120_000,
  }, async ({ skip }) => {
    if ('missing' in found) return skip(found.missing)
    const around = outside()
    const root = cloneOfThis(around, found.root)
    const tasks = tenTasks(around, root)
    const real = await scene(around, { root, tasks })
    expect(await real.call('run')).toMatchObject({ exit: 0 })

    expectLanded(
      real,
      tasks.map(({ id }) => id),
    )
    expectNothingLeft(real)
    expectReachable(real, 25)
    expectUserAt(real)
    // What was left outside of the scope is not landed, and not lost either.
    expect(real.git(root, 'ls-tree', '--name-only', 'main', 'scratch.txt')).toBe('')
    const kept = real.git(root, 'for-each-ref', '--format=%(refname)', 'refs/orch/kept/commits-and-remains').split('\n')
    expect(kept.filter((ref) => real.git(root, 'ls-tree', '--name-only', ref, 'scratch.txt') !== '')).not.toEqual([])
  })
})
