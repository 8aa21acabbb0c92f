import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseYaml } from '../../src/yaml-text.ts'
import { orch } from '../rig.ts'
import { place, writeFiles } from './bad-input.ts'

const here = place()
afterAll(() => here[Symbol.dispose]())
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('')

/** What compares everything with everything needs minutes for one of these, and the test runs into its limit. */
const hostile: readonly (readonly [name: string, text: string, problem: RegExp | null])[] = [
  ['keys of one object', `- {${lines(80_000, (at) => `k${at}: 1, `)}}\n`, null],
  ['mistakes', lines(30_000, (at) => `- id: t${at}: x: y\n`), /^x:1:7: Nested mappings/],
  [
    'anchors and aliases',
    lines(50_000, (at) => `- &a${at} x\n- *a${at}\n`),
    /^x:2001:\d+: anchors are repeated too often/,
  ],
]

describe('a large file', () => {
  it.each(hostile)('with many %s is read all the same', (_name, text, problem) => {
    const { problems } = parseYaml('x', text)
    expect(problems.map(({ message }) => message)).toEqual(problem === null ? [] : [expect.stringMatching(problem)])
  })

  it('of forty thousand problems is answered with the first of them', async () => {
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
