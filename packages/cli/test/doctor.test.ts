import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { local } from '@orch/adapter-local'
import { command } from '@orch/core'
import { describe, expect, it, vi } from 'vitest'
import { type Prepared, prepared } from './prepared.ts'
import { running } from './real/running.ts'
import { freshFolder, git, isAlive } from './rig.ts'

const signal = new AbortController().signal

/** `Half` leaves half of it and stays at work until its file is gone. */
const program = `
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const { ORCH_TASK: task, ORCH_ATTEMPT: attempt, ORCH_PROMPT_FILE: file } = process.env
if (readFileSync(file, 'utf8').includes('Half') && attempt === '1') {
  writeFileSync(task + '.txt', 'half\\n')
  writeFileSync(join(import.meta.dirname, 'pid'), String(process.pid))
  while (existsSync(import.meta.filename)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
}
if (task === 'fails') process.exit(1)
writeFileSync(task + '.txt', 'done\\n')
execFileSync('orch', ['tell', 'done'])
`

interface Stage extends Prepared {
  readonly worktrees: string
  readonly common: string
  /** The process of the agent that stays at work, once it does. */
  pid(): Promise<number>
  /** What `orch doctor` finds: the exit code first, then `code needs` of each. */
  doctor(...words: string[]): Promise<readonly unknown[]>
}

async function stage(tasks: string): Promise<Stage> {
  const folder = freshFolder({ 'agent.mjs': program })
  const made = await prepared({ agent: [process.execPath, join(folder, 'agent.mjs')], tasks, checks: ['true'] })
  return {
    ...made,
    worktrees: `${made.root}.worktrees`,
    common: join(made.root, '.git'),
    async pid() {
      const path = join(folder, 'pid')
      await vi.waitUntil(() => existsSync(path) && readFileSync(path, 'utf8') !== '', { timeout: 20_000, interval: 10 })
      return Number(readFileSync(path, 'utf8'))
    },
    async doctor(...words) {
      const { exit, stdout } = await made.call('doctor', '--json', ...words)
      const { findings } = JSON.parse(stdout) as { findings: { code: string; needs: string }[] }
      return [exit, ...findings.map(({ code, needs }) => `${code} ${needs}`).sort()]
    },
  }
}

function old(path: string): void {
  utimesSync(path, new Date(0), new Date(0))
}

describe('orch doctor', () => {
  it('finds what was left behind, mends what is safe, and leaves the rest to the person', async () => {
    const { root, worktrees, common, call, doctor } = await stage('- { id: one, title: First, writes: [one.txt] }\n')
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(await call('doctor')).toMatchObject({ exit: 0, stdout: 'All is well.\n', stderr: '' })

    const { vcs, runner, queue } = local({ repository: root, target: 'main' })
    const base = git(root, 'rev-parse', 'main').trim()
    for (const name of ['one', 'nobody'])
      expect(await vcs.createWorkspace({ name, branch: `orch/${name}`, from: base, signal })).toMatchObject({
        ok: true,
      })
    writeFileSync(join(worktrees, 'one', 'late.txt'), 'late\n')
    writeFileSync(join(worktrees, 'nobody', 'late.txt'), 'late\n')
    git(root, 'branch', 'orch/stray')
    git(root, 'update-ref', 'refs/orch/kept/ghost/head-1', 'HEAD')
    // A process of an attempt that is over, and one of a task that nobody knows.
    const forever = `process.stdin.resume(); setInterval(() => {}, 1000)`
    const agent = command({ argv: [process.execPath, '-e', forever] })
    const start = { directory: worktrees, prompt: '', environment: {}, signal }
    expect(await runner.start({ ...start, key: 'turn-one.0.1', profile: agent })).toMatchObject({ ok: true })
    const ends = command({ argv: [process.execPath, '-e', ''] })
    expect(await runner.start({ ...start, key: 'turn-ghost.1.1', profile: ends })).toMatchObject({ ok: true })
    const turn = async (key: string) => (await runner.observe({ keys: [key], signal })).get(key)?.is
    await vi.waitUntil(async () => (await turn('turn-ghost.1.1')) === 'ended', { timeout: 20_000, interval: 20 })
    // A git that was killed.
    writeFileSync(join(common, 'index.lock'), '')
    old(join(common, 'index.lock'))
    // Half made.
    mkdirSync(join(worktrees, '.making/half'), { recursive: true })
    old(join(worktrees, '.making/half'))
    mkdirSync(join(worktrees, '.checks/left'), { recursive: true })
    // As a git that was killed leaves it.
    const dead = join(common, 'worktrees/dead')
    mkdirSync(dead, { recursive: true })
    for (const [name, text] of [
      ['commondir', ''],
      ['locked', ''],
      ['gitdir', '../x/.git\n'],
    ] as const)
      writeFileSync(join(dead, name), text)
    queue[Symbol.dispose]()

    const person = ['foreign-worktree person', 'unknown person', 'unknown person']
    const notes = ['unknown-kept nobody', 'unknown-turn nobody']
    const mendable = ['leavings run', 'leavings run', 'left-lock fix', 'leftover-workspace fix', 'orphan-process fix']
    expect(await doctor()).toEqual([1, ...[...person, ...notes, ...mendable].sort()])
    const text = (await call('doctor')).stdout
    expect(text).toContain(`${join(common, 'index.lock')} (left-lock)`)
    expect(text).toContain('      --fix     stops it; its files stay as they are')
    expect(text.split('\n').at(-2)).toBe(
      '10 findings: 3 for you, 3 for orch doctor --fix, 2 for the next orch run, which heals by itself',
    )

    const fixed = await call('doctor', '--fix')
    expect(fixed).toMatchObject({ exit: 1, stderr: '' })
    expect(fixed.stdout.match(/^\[\+\] mended: /gm)).toHaveLength(5)
    expect(await doctor()).toEqual([1, ...[...person, ...notes].sort()])
    expect(await turn('turn-one.0.1')).toBe('ended')
    expect(existsSync(join(worktrees, 'one'))).toBe(false)
    expect((await call('kept', 'show', 'one')).stdout).toContain('late.txt')
    expect(existsSync(join(common, 'index.lock'))).toBe(false)
    expect(readFileSync(join(worktrees, 'nobody/late.txt'), 'utf8')).toBe('late\n')

    rmSync(dead, { recursive: true })
    expect(await call('prune', '--yes')).toMatchObject({ exit: 0 })
    expect(await call('prune', '--yes')).toMatchObject({ exit: 0 })
    expect(await doctor()).toEqual([0, 'unknown-turn nobody'])
    git(root, 'worktree', 'add', '--quiet', '--force', '../second', 'main')
    git(root, 'update-index', '--assume-unchanged', 'README.md')
    expect(await doctor()).toEqual([0, 'blind-checkout nobody', 'target-twice nobody', 'unknown-turn nobody'])
  })

  it('finds nothing after a run that has ended, whatever waits for the person', async () => {
    const { call, doctor } = await stage('- { id: one, title: First }\n- { id: fails, title: Second }\n')
    expect(await call('run')).toMatchObject({ exit: 1 })
    expect(await doctor()).toEqual([0])
  })

  it('leaves a running task alone, and says of a killed run what the next one does', async () => {
    const { root, worktrees, common, call, doctor, pid } = await stage(
      '- { id: hand, title: Half, writes: [hand.txt] }\n',
    )
    const run = running({ root, environment: {} })
    const agent = await pid()
    expect(await doctor('--fix')).toEqual([0])
    expect(isAlive(agent)).toBe(true)
    run.child.kill('SIGKILL')
    await run.over
    expect(await doctor()).toEqual([3, 'dead-owner run'])
    expect(await doctor('--fix')).toEqual([3, 'dead-owner run'])
    expect(isAlive(agent)).toBe(true)

    process.kill(agent, 'SIGKILL')
    const key = join(common, 'orch/processes/turn-hand.1.1')
    // Its launcher still writes there how it ended.
    await vi.waitUntil(() => existsSync(join(key, 'exit')), { timeout: 20_000, interval: 10 })
    rmSync(key, { recursive: true })
    rmSync(join(worktrees, 'hand'), { recursive: true })
    git(root, 'update-ref', '-d', 'refs/heads/orch/hand')
    const torn = ['dead-owner run', 'no-branch run', 'torn-workspace run', 'unreadable-turn run']
    expect(await doctor()).toEqual([3, ...torn])
    rmSync(join(common, 'worktrees/orch.hand'), { recursive: true })
    expect(await doctor()).toEqual([3, 'dead-owner run', 'no-branch run', 'no-workspace run', 'unreadable-turn run'])

    expect(await call('run')).toMatchObject({ exit: 1 })
    expect(await call('retry', 'hand')).toMatchObject({ exit: 0 })
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(git(root, 'show', 'main:hand.txt')).toBe('done\n')
    expect(await doctor()).toEqual([0])
  })

  it('tells what is wrong with a database that cannot be used, and of everything else', async () => {
    const { common, call, doctor } = await stage('- { id: one, title: First, writes: [one.txt] }\n')
    const database = new DatabaseSync(join(common, 'orch/orch.db'))
    database.exec('PRAGMA user_version = 9999')
    database.close()
    writeFileSync(join(common, 'orch/landing'), `${'1'.repeat(40)} ${'2'.repeat(40)}\n`)
    expect(await doctor()).toEqual([1, 'no-answer person', 'unfinished-landing run'])
    expect((await call('doctor')).stdout).toContain('newer version of orch')
  })
})
