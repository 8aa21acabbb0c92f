import { chmodSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { orch } from '../rig.ts'
import { badConfigurations } from './bad-configurations.ts'
import { place, writeFiles } from './bad-input.ts'
import { expectRefusal, expectRefusalAsJson, snapshot } from './refusal.ts'

describe.concurrent('a configuration', () => {
  it.each(badConfigurations)('is refused: $input', async (bad) => {
    using here = place()
    rmSync(join(here.repository, 'orch.config.yaml'))
    writeFiles(here.repository, bad.files)
    for (const [name, to] of Object.entries(bad.links ?? {})) symlinkSync(to, join(here.repository, name))
    const where = { directory: here.repository, from: here.folder }
    const before = snapshot(here.folder)
    const [first = [], second = first] = bad.calls
    await Promise.all([expectRefusal(bad, first, where), expectRefusalAsJson(bad, second, where)])
    expect(snapshot(here.folder)).toEqual(before)
  })

  it('that cannot be parsed is named, whatever the words of the engine', async () => {
    using here = place()
    writeFiles(here.repository, { 'orch.config.ts': 'export default {\n' })
    const { exit, stderr } = await orch(['status'], { directory: here.repository })
    expect(exit).toBe(2)
    expect(stderr).toMatch(/^orch: \S+orch\.config\.ts cannot be loaded: [^\n]+\n$/)
  })

  it('that may not be read is named', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read every file')
    using here = place()
    chmodSync(join(here.repository, 'orch.config.yaml'), 0)
    const { exit, stderr } = await orch(['status'], { directory: here.repository })
    expect(exit).toBe(2)
    expect(stderr).toMatch(/orch\.config\.yaml may not be read; change its permissions\n$/)
  })
})
