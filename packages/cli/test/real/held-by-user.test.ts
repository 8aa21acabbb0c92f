import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { expectLanded, expectNothingLeft, expectReachable, expectUserAt, landings } from './from-git.ts'
import { type Running, running } from './running.ts'
import { outside, type RealTask, type Scene, scene, theUser } from './scene.ts'

const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`)
const page = lines.join('')
const files = { 'README.md': '# Example\n', 'page.md': page, 'other.md': page, 'staged.md': page }
const tasks: readonly RealTask[] = [
  { id: 'page', writes: ['page.md'], commits: [[{ append: 'page.md', text: 'by the agent\n' }]] },
  { id: 'more', writes: ['more.md'], commits: [[{ write: 'more.md', text: 'more\n' }]] },
]
const mine = `mine\n${page}`

function repository() {
  const around = outside()
  return { around, root: around.repository(files) }
}

interface Checked {
  readonly item: string
  readonly is: string
}

/** As a user does whom git tells that another one is at work: a held landing looks at the index now and then, and has its lock for that moment. */
async function patiently(git: () => string): Promise<void> {
  await vi.waitFor(git, { timeout: 30_000, interval: 20 })
}

/** A run that waits for the user, and has landed everything else. */
async function heldRun(real: Scene): Promise<Running> {
  writeFileSync(join(real.root, 'page.md'), mine)
  const run = running(real)
  await run.says(/more: landed as/)
  // What has landed beside it is part of what it is checked with: where it was held before that, it is built, checked and held once more, and
  // waits for its checks meanwhile.
  const row = await vi.waitUntil(
    async () => {
      const shown = JSON.parse((await real.call('show', 'page', '--json')).stdout)
      const isBuilt = shown.checklist.some(({ item, is }: Checked) => item === 'latest-base' && is === 'yes')
      return isBuilt && shown.waitsFor === 'held-by-user' ? shown : null
    },
    { timeout: 60_000, interval: 50 },
  )
  expect(row).toMatchObject({ status: 'complete', phase: 'pr_created' })
  expect(row.waits).toContain('the landing would overwrite it; commit it or put it away')
  expect((await real.call('status')).stdout).toMatch(/page +COMPLETE .*held by you: you changed page.md/)
  expect(run.child.exitCode).toBeNull()
  expect(landings(real).map(({ task }) => task)).toEqual(['more'])
  expect(readFileSync(join(real.root, 'page.md'), 'utf8')).toBe(mine)
  return run
}

describe('the target, checked out by a user who is editing', { timeout: 180_000 }, () => {
  it('files that no landing touches stay as they are, staged or not, known to git or not', async () => {
    const { around, root } = repository()
    const real = await scene(around, { root, tasks })
    const edits = { 'other.md': mine, 'staged.md': `${mine}staged\n`, 'new.md': 'nobody knows me\n' }
    for (const [name, text] of Object.entries(edits)) writeFileSync(join(root, name), text)
    real.git(root, 'add', 'staged.md')
    expect(await real.call('run')).toMatchObject({ exit: 0 })

    expectLanded(real, ['more', 'page'])
    expectNothingLeft(real)
    expectReachable(real, 2)
    for (const [name, text] of Object.entries(edits)) expect(readFileSync(join(root, name), 'utf8')).toBe(text)
    expectUserAt(real, { but: [' M other.md', 'M  staged.md', '?? new.md'] })
    expect(real.git(root, 'show', ':staged.md')).toBe(edits['staged.md'].trimEnd())
    expect(readFileSync(join(root, 'page.md'), 'utf8')).toBe(`${page}by the agent\n`)
  })

  it('one that a landing touches keeps that landing waiting, which comes by itself when the file is clean', async () => {
    const { around, root } = repository()
    const real = await scene(around, { root, tasks })
    const run = await heldRun(real)
    await patiently(() => real.git(root, 'checkout', '--', 'page.md'))
    expect(await run.over, run.told()).toBe(0)
    expectLanded(real, ['more', 'page'])
    expectNothingLeft(real)
    expectReachable(real, 2)
    expectUserAt(real)
  })

  it('or when it is committed: then what lands holds both, and was checked as that', async () => {
    const { around, root } = repository()
    const real = await scene(around, { root, tasks })
    const run = await heldRun(real)
    await patiently(() => real.git(root, ...theUser, 'commit', '--quiet', '--all', '--message', 'Mine'))
    expect(await run.over, run.told()).toBe(0)
    expectLanded(real, ['more', 'page'])
    expectNothingLeft(real)
    expectUserAt(real)
    expect(readFileSync(join(root, 'page.md'), 'utf8')).toBe(`${mine}by the agent\n`)
  })
})
