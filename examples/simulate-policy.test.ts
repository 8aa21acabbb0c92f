import { expect, test } from 'vitest'
import { comparePolicies } from './simulate-policy.ts'

test('policies are compared by what a run would come to', async () => {
  expect(await comparePolicies()).toEqual([
    'one agent: 315 min, at work 100 % of the time, conflicts: 1',
    'two agents: 180 min, at work 96 % of the time, conflicts: 1',
    'three agents: 165 min, at work 70 % of the time, conflicts: 1',
    'three agents, one at the web: 180 min, at work 64 % of the time, conflicts: 1',
  ])
})
