import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseYaml } from '../../src/yaml-text.ts'
import { orch } from '../rig.ts'
import { place, writeFiles } from './bad-input.ts'

const here = place()
afterAll(() => here[Symbol.dispose]())
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('')

/** Each would take many times as long if it were ten times as large and something compared everything with everything. */
const hostile: readonly (readonly [name: string, make: (size: number) => string])[] = [
  ['keys of one object', (size) => `- {${lines(size, (at) => `k${at}: 1, `)}}\n`],
  ['mistakes', (size) => lines(size, (at) => `- id: t${at}: x: y\n`)],
  ['anchors and aliases', (size) => lines(size, (at) => `- &a${at} x\n- *a${at}\n`)],
  ['unknown fields', (size) => lines(size, (at) => `- { idd: t${at}, id: t${at} }\n`)],
]

describe('a large file', () => {
  it.each(hostile)('with many %s is read in a time that grows with its size', (_name, make) => {
    const took = (size: number): number => {
      const text = make(size)
      const { user } = process.cpuUsage()
      parseYaml('x', text)
      return process.cpuUsage().user - user
    }
    took(500) // to be compiled
    const small = took(1000)
    // Quadratic would be a hundred times.
    expect(took(10_000)).toBeLessThan(40 * Math.max(small, 2000))
  })

  it('of a hundred thousand problems is answered with the first of them', async () => {
    writeFiles(here.folder, { 'many.yaml': lines(20_000, (at) => `- { id: t${at}, titel: x, wirtes: [] }\n`) })
    const { exit, stderr } = await orch(['plan', 'many.yaml'], { directory: here.folder })
    expect(exit).toBe(2)
    expect(stderr.split('\n')[1]).toBe('  t0: unknown field `titel`; did you mean `title`?')
    expect(stderr).toMatch(/\n {2}… and 950 more; --json tells all of them\n$/)
  })

  it('of 10,000 tasks is added whole, and told in few words', async () => {
    const tasks = Array.from({ length: 10_000 }, (_, at) => ({
      id: `t${at}`,
      writes: [`src/${at}/**`],
      dependsOn: at === 0 ? [] : [`t${at - 1}`],
    }))
    writeFiles(here.folder, { 'tasks.json': JSON.stringify(tasks) })
    const added = await orch(['add', join(here.folder, 'tasks.json')], { directory: here.repository })
    expect(added).toMatchObject({ exit: 0, stderr: '' })
    expect(added.stdout.split('\n')[0]).toMatch(/^Added 10000 tasks: t0, t1, .+, t19 … and 9980 more$/)
  })
})
