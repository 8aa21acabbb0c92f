import { playSeed, shrunkText } from '@orch/core/testing'
import { expect, it } from 'vitest'
import { playInProcess, shrinkInProcess } from './in-processes.ts'
import { mutations } from './mutations.ts'

it('a run that fails is told by its seed, with the tasks and the mishaps that it needs and no others', async () => {
  const mutation = mutations.find(({ name }) => name === 'keeps a pattern to itself')
  if (mutation === undefined) throw new Error('the list has no such mutation')
  const { violations } = await playInProcess({ first: 0, runs: 20, mutation })
  const found = await Promise.all(violations.map(({ seed }) => playSeed(seed, { traced: true })))
  const largest = found.sort((a, b) => b.setting.tasks.length - a.setting.tasks.length).slice(0, 4)
  const both = await Promise.all(
    largest.map(async (whole) => ({ whole, shrunk: await shrinkInProcess(whole.setting.seed, mutation) })),
  )
  // One may need all that it has.
  const smaller = both.find(({ whole, shrunk }) => shrunk !== null && shrunk.tasks.length < whole.setting.tasks.length)
  if (smaller?.shrunk == null) throw new Error('no seed can do without a task')
  const { whole, shrunk } = smaller
  const { seed } = whole.setting
  expect(shrunk.tasks.map(({ id }) => id)).toContain('t0')
  expect(shrunk.trace.length).toBeLessThan(whole.trace.length)
  expect(shrunk.trace.at(-1)).toContain('invariant 8: t0 was closed before its pattern was told')
  expect(shrunkText(shrunk)).toContain(`orch simulate --seed ${seed} tasks.yaml plays it again`)
  expect(await shrinkInProcess(seed, mutation, shrunk.tasks)).toEqual(shrunk)
  expect((await playSeed(seed, { tasks: shrunk.tasks })).violation).toBeNull()
})
