import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectLanded, expectNothingLeft, expectReachable, expectUserAt } from './from-git.ts'
import { running } from './running.ts'
import { outside, scene, theUser } from './scene.ts'

const files = { 'README.md': '# Example\n', 'broken.txt': 'x\n' }
const notBroken = ['test -f README.md', 'test ! -e broken.txt']
const writes = (id: string) => ({
  id,
  writes: [`${id}.txt`],
  commits: [[{ write: `${id}.txt`, text: `by ${id}\n` }]],
})

describe('a target that fails its own checks', { timeout: 60_000 }, () => {
  it('is told apart from a change that breaks them: the change waits, and lands when the target is mended', async () => {
    const around = outside()
    const root = around.repository(files)
    const real = await scene(around, { root, tasks: [writes('a'), writes('b')], checks: notBroken })
    const red = 'main itself is red: `test ! -e broken.txt` fails there without this change, too; mend main'

    const run = await real.call('run', '--json')
    expect(run).toMatchObject({ exit: 3 })
    expect(run.stderr).toContain('are they red without this change, too?')
    expect(run.stderr).toContain(red)
    const status = await real.call('status', '--json')
    for (const printed of [run, status]) {
      for (const row of JSON.parse(printed.stdout).tasks) {
        expect(row).toMatchObject({ status: 'complete', waitsFor: 'red-target', attempt: 1, guidance: null })
        expect(row.waits).toContain(red)
      }
    }
    expect((await real.call('status')).stdout).toContain('main itself is red')
    expect(real.git(root, 'rev-parse', 'main')).toBe(real.since)

    real.git(root, 'rm', '--quiet', 'broken.txt')
    real.git(root, ...theUser, 'commit', '--quiet', '--message', 'Mend it')
    expect(await real.call('run')).toMatchObject({ exit: 0 })
    expectLanded(real, ['a', 'b'])
    expectNothingLeft(real)
    expectReachable(real, 2)
    expectUserAt(real)
    // Nobody was sent back.
    expect(real.lines('counts')).toHaveLength(2)
  })

  it('is mended by a change of which the checks are green, and the others follow in the same run', async () => {
    const around = outside()
    const root = around.repository(files)
    const mend = { id: 'mend', writes: ['broken.txt'], commits: [[{ remove: 'broken.txt' }]], after: 'go' }
    const real = await scene(around, { root, tasks: [writes('a'), mend], checks: notBroken })
    const run = running(real)
    await run.says(/a: main itself is red/)
    writeFileSync(join(around.folder, 'go'), '')
    expect(await run.over, run.told()).toBe(0)
    expectLanded(real, ['a', 'mend'])
    expectUserAt(real)
    expect(real.lines('counts')).toHaveLength(2)
  })

  it('a change that breaks the checks of a green target goes back to its agent', async () => {
    const around = outside()
    const root = around.repository({ 'README.md': files['README.md'] })
    const breaks = {
      id: 'breaks',
      writes: ['broken.txt', 'fine.txt'],
      commits: [[{ write: 'broken.txt', text: 'x\n' }], [{ write: 'fine.txt', text: 'x\n' }]],
      repair: { commits: [[{ remove: 'broken.txt' }]] },
    }
    const real = await scene(around, { root, tasks: [breaks, writes('a')], checks: notBroken })
    const run = await real.call('run')
    expect(run).toMatchObject({ exit: 0 })
    expect(run.stderr).toContain('breaks: is told: Your change is not landed: the checks are red')
    expect(run.stderr).not.toContain('itself is red')
    expectLanded(real, ['a', 'breaks'])
    expectReachable(real, 4)
    expectUserAt(real)
    expect(real.git(root, 'ls-tree', '--name-only', 'main').split('\n')).not.toContain('broken.txt')
  })
})
