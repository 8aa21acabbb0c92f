import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPolicy, forTeam, policyOf, presets } from '@orch/core'
import * as plan from '@orch/core/plan'
import { expect, test } from 'vitest'

test('own choices go over those of the preset, and those over the defaults', () => {
  const policy = policyOf({
    preset: 'cautious',
    maxAgents: 4,
    landing: { by: 'orchestrator' },
    limits: { layers: { ios: 1 } },
  })
  expect(policy).toEqual({
    ...defaultPolicy,
    onOverlap: 'wait',
    maxAgents: 4,
    unknownScope: 'alone',
    readsBlock: true,
    limits: { layers: { ios: 1 }, roles: {}, features: {} },
    landing: { ...defaultPolicy.landing, by: 'orchestrator', train: 1 },
  })
  expect(policyOf({ preset: 'fast', worth: { single: 20 } }).worth).toEqual({ direct: 1, single: 20 })
  expect(policyOf({ onOverlap: 'stack', landing: { by: 'orchestrator' } }).onOverlap).toBe('stack')
  expect(policyOf({ preset: 'balanced' })).toEqual(defaultPolicy)
  expect(policyOf()).toEqual(defaultPolicy)
})

test('presets are plain data, and plan without a repository', () => {
  expect(JSON.parse(JSON.stringify(presets))).toEqual(presets)
  expect(plan.presets).toBe(presets)
  const tasks = ['a', 'b', 'c', 'd'].map((id) => ({ id, writes: [`${id}.ts`] }))
  const atOnce = (choices: plan.PlanPolicy) => plan.planTasks(tasks, choices).tasks.filter(({ start }) => start === 0)
  expect(atOnce(presets.cautious)).toHaveLength(2)
  expect(atOnce(plan.policyOf({ preset: 'cautious' }))).toHaveLength(2)
  expect(atOnce({ ...presets.cautious, ...forTeam(4) })).toHaveLength(4)
})

test('a team has as many agents as it can keep an eye on', () => {
  expect([1, 2, 3, 7].map((size) => forTeam(size).maxAgents)).toEqual([3, 2, 3, 7])
  expect(policyOf({ preset: 'solo' }).maxAgents).toBe(3)
  expect(policyOf({ preset: 'pair' }).maxAgents).toBe(2)
  for (const size of [0, -1, 1.5, Number.NaN]) {
    expect(() => forTeam(size)).toThrow(`the size of a team is a whole number from 1, not ${size}`)
  }
})

test('every field is documented with its default, and every preset with its choices', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/policy.md'), 'utf8')
  const cells = new Map(
    page
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map((row) => [row[1]?.replaceAll('`', ''), row] as const),
  )
  const fields = Object.entries(defaultPolicy).flatMap(([name, value]) =>
    ['limits', 'hotFiles', 'worth', 'landing'].includes(name) && value !== null
      ? Object.entries(value).map(([inner, own]) => [`${name}.${inner}`, own] as const)
      : [[name, value] as const],
  )
  for (const [name, value] of fields) {
    const said = cells.get(name)?.at(-2)?.replaceAll('`', '')
    const told = said?.replace(/^stack where a person lets changes land, otherwise wait$/, 'stack')
    expect([name, told]).toEqual([
      name,
      typeof value === 'object' && value !== null ? JSON.stringify(value).replaceAll('"', "'") : `${value}`,
    ])
  }
  for (const [name, choices] of Object.entries(presets)) {
    const said = cells.get(name)?.[2] ?? ''
    for (const [field, value] of Object.entries(choices)) {
      if (typeof value === 'object' && value !== null)
        for (const inner of Object.keys(value)) expect([name, said]).toEqual([name, expect.stringContaining(inner)])
      else expect([name, said]).toEqual([name, expect.stringContaining(`\`${field}: ${value}\``)])
    }
  }
})
