import { playSeed, shrunkText } from '@orch/core/testing'
import { expect, it } from 'vitest'
import { findMutation } from './found.ts'
import { shrinkInProcess } from './in-processes.ts'
import { mutations } from './mutations.ts'

it('a run that fails is told by its seed, with the tasks and the mishaps that it needs and no others', async () => {
  const mutation = mutations.find(({ name }) => name === 'keeps a pattern to itself')
  if (mutation === undefined) throw new Error('the list has no such mutation')
  const { seed } = await findMutation(mutation)
  const whole = await playSeed(seed ?? 0, { traced: true })
  const shrunk = await shrinkInProcess(seed ?? 0, mutation)
  if (shrunk === null) throw new Error('the seed breaks nothing')
  expect(shrunk.tasks.map(({ id }) => id)).toContain('t0')
  expect(shrunk.tasks.length).toBeLessThan(whole.setting.tasks.length)
  expect(shrunk.trace.length).toBeLessThan(whole.trace.length)
  expect(shrunk.trace.at(-1)).toContain('invariant 8: t0 was closed before its pattern was told')
  expect(shrunkText(shrunk)).toContain(`orch simulate --seed ${seed} tasks.yaml plays it again`)
  expect(await shrinkInProcess(seed ?? 0, mutation, shrunk.tasks)).toEqual(shrunk)
  expect((await playSeed(seed ?? 0, { tasks: shrunk.tasks })).violation).toBeNull()
})
