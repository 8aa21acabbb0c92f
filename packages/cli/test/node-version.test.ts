import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { tooOld } from '../src/node-version.ts'

it('a Node that is too old is named, with what is needed', () => {
  expect(tooOld('20.20.2')).toMatch(/^Node 22\.18 or newer is needed, and this is 20\.20\.2/)
  expect(tooOld('22.17.9')).not.toBe(null)
  for (const version of ['22.18.0', '22.20.0', '24.0.0']) expect(tooOld(version)).toBe(null)
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(engines.node).toBe('>=22.18')
})
