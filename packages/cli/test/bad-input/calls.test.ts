import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orch } from '../rig.ts'
import { badCalls } from './bad-calls.ts'
import { place } from './bad-input.ts'
import { expectRefusal, expectRefusalAsJson, snapshot } from './refusal.ts'

const here = place()
afterAll(() => here[Symbol.dispose]())
beforeAll(async () => {
  expect(await orch(['add', '../tasks.yaml'], { directory: here.repository })).toMatchObject({ exit: 0, stderr: '' })
})

describe.concurrent('a call', () => {
  it.each(badCalls)('is refused: $input', async (bad) => {
    const where = { directory: here.repository, from: here.folder }
    const before = snapshot(here.folder)
    await Promise.all(bad.calls.map((words) => expectRefusal(bad, words, where)))
    for (const words of bad.calls.slice(0, 1)) await expectRefusalAsJson(bad, words, where)
    expect(snapshot(here.folder)).toEqual(before)
  })

  it('without git says what is missing', async () => {
    const { exit, stdout, stderr } = await orch(['status'], {
      directory: here.repository,
      environment: { PATH: here.folder },
    })
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' })
    expect(stderr).toBe('orch: git cannot be started: it is not on PATH. Install git 2.39 or newer.\n')
  })

  it('of nothing at all shows the help and where to begin', async () => {
    const { exit, stdout, stderr } = await orch([], { directory: here.folder })
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
    expect(stderr).toContain('Begin with:\n  $ orch init')
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('orch: say which command; orch --help shows what there is')
  })
})
