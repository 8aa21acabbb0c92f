import { expect, it } from 'vitest'
import { branchRef } from '../src/git/names.ts'
import { refsOf } from '../src/git/refs.ts'
import { openRepository } from '../src/git/repository.ts'
import { testRepository } from './git-repository.ts'

it('refs move only from the value that was expected, all of them or none', async () => {
  const repository = testRepository()
  const base = repository.git(['rev-parse', 'main'])
  const other = repository.git(['commit-tree', '-m', 'Other', `${base}^{tree}`])
  repository.git(['branch', 'side', base])
  const refs = refsOf(await openRepository(repository.root))
  const [main, side] = [branchRef('main'), branchRef('side')]

  expect(await refs.change([{ ref: main, to: other, from: other }], 'test')).toBe(false)
  const both = [
    { ref: side, to: other, from: base },
    { ref: main, to: other, from: null },
  ]
  expect(await refs.change(both, 'test')).toBe(false)
  expect(await refs.change([{ ref: side, to: null, from: other }], 'test')).toBe(false)
  expect([await refs.read(main), await refs.read(side)]).toEqual([base, base])

  expect(await refs.change([{ ref: side, to: other, from: base }], 'test')).toBe(true)
  expect(await refs.read(side)).toBe(other)
})
