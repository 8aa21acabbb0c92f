import { setTimeout as rest } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { testRepository } from './git-repository.ts'
import { open } from './git-task.ts'

it.each([
  ['was there', true],
  ['is made later', false],
])('a branch of an epic that %s is watched like the target', async (_, isThere) => {
  using repository = testRepository()
  const commit = () => repository.git(['commit-tree', '-m', String(Math.random()), 'main^{tree}'])
  const move = () => repository.git(['update-ref', 'refs/heads/feature/x', commit()])
  if (isThere) move()
  const stop = new AbortController()
  let hints = 0
  open(repository).watch?.({ targets: ['feature/x'], onChange: () => hints++, signal: stop.signal })
  // That a folder appears is a hint by itself.
  for (const wanted of isThere ? [1] : [1, 2, 3])
    while (hints < wanted) {
      move()
      await rest(5)
    }
  expect(hints).toBeGreaterThan(0)
  stop.abort()
})
