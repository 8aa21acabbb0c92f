import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { type Prepared, prepared } from './prepared.ts'
import { freshFolder, git } from './rig.ts'

const author = `
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
const isTold = readFileSync(process.env.ORCH_PROMPT_FILE, 'utf8').includes('the other half is missing')
writeFileSync('mine.txt', isTold ? 'both halves\\n' : 'a half\\n')
execFileSync('orch', ['tell', 'done'])
`

/** Reads the change where it was told that it is, and tries to put something into it on the way. */
const reviewer = `
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
const { ORCH_PROMPT_FILE, ORCH_REVIEW } = process.env
const isWhole = readFileSync(ORCH_PROMPT_FILE, 'utf8').includes('| +both halves') && readFileSync('mine.txt', 'utf8') === 'both halves\\n'
writeFileSync('mine.txt', 'by the reviewer\\n')
writeFileSync('planted.txt', 'by the reviewer\\n')
const verdict = isWhole
  ? { verdict: 'approve', summary: 'Whole in round ' + ORCH_REVIEW, findings: [{ file: 'mine.txt', line: 1, text: 'could be shorter' }] }
  : { verdict: 'changes', summary: 'Not whole', findings: [{ file: 'mine.txt', line: 1, text: 'the other half is missing' }] }
execFileSync('orch', ['tell', 'review', JSON.stringify(verdict)])
`

const silent = 'process.exit(0)\n'

async function stage(review: string, policy: PolicyInput = {}): Promise<Prepared & { readonly landed: () => string }> {
  const folder = freshFolder({ 'author.mjs': author, 'reviewer.mjs': review })
  const program = (name: string) => [process.execPath, join(folder, name)] as const
  const landing = { by: 'orchestrator', review: 'agent', ...policy.landing } as const
  const made = await prepared({
    agent: program('author.mjs'),
    tasks: '- { id: mine, title: Write both halves, writes: [mine.txt] }\n',
    more: {
      reviewer: { command: program('reviewer.mjs') },
      policy: { leaseMs: 2000, backoffMs: 1, maxAttempts: 2, ...policy, landing },
    },
  })
  return { ...made, landed: () => git(made.root, 'ls-tree', '--name-only', 'main') }
}

describe('a reviewer agent', { timeout: 120_000 }, () => {
  it('sends a change back and then approves, and what it writes lands nowhere', async () => {
    const { root, call, landed } = await stage(reviewer)
    const run = await call('run')
    expect(run).toMatchObject({ exit: 0, stderr: expect.stringContaining('reviewer asks for changes: Not whole') })
    expect(run.stderr).toContain('reviewer approves: Whole in round 2')
    expect(git(root, 'show', 'main:mine.txt')).toBe('both halves\n')
    expect(landed()).not.toContain('planted.txt')
    expect(existsSync(join(root, 'planted.txt'))).toBe(false)
    const shown = await call('show', 'mine')
    expect(shown.stdout).toMatch(/reviewed +yes +by the reviewer agent: Whole in round 2/)
    expect(shown.stdout).toContain('mine.txt:1: could be shorter')
    const report = JSON.parse((await call('show', 'mine', '--json')).stdout)
    expect(report).toMatchObject({ verdict: { verdict: 'approve', summary: 'Whole in round 2' } })
  })

  it('is no approval when it says nothing; then a person asks for another one, or lets the change land', async () => {
    const { call, landed } = await stage(silent)
    expect(await call('run')).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('its reviewer gave no verdict 2 times: it ended with exit 0'),
    })
    expect(landed()).not.toContain('mine.txt')
    expect(await call('retry', 'mine')).toMatchObject({ exit: 0 })
    expect(JSON.parse((await call('status', '--json')).stdout).tasks[0]).toMatchObject({
      waitsFor: 'review',
      waits: 'waits for its reviewer',
    })
    expect(await call('land', 'mine')).toMatchObject({ exit: 0 })
    expect(landed()).toContain('mine.txt')
  })
})
