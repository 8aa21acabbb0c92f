import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { type Prepared, prepared } from './prepared.ts'
import { running } from './real/running.ts'
import { freshFolder, git, isAlive } from './rig.ts'

/**
 * Keeps each prompt that it gets. `Listen`: ends when it was told two things, and leaves them in its file. `Half`: its first turn leaves half of it and
 * stays at work.
 */
const program = `
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const { ORCH_TASK: task, ORCH_TURN: turn, ORCH_PROMPT_FILE: file, ORCH_INBOX: inbox } = process.env
const prompt = readFileSync(file, 'utf8')
copyFileSync(file, join(import.meta.dirname, task + '.' + turn))
const told = () => existsSync(inbox) ? readdirSync(inbox).filter((name) => !name.startsWith('.')).sort() : []
const isWanted = () => existsSync(import.meta.filename) // a test that failed leaves no agent behind
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
if (prompt.includes('Half') && turn === '1') {
  writeFileSync(task + '.txt', 'half\\n')
  writeFileSync(join(import.meta.dirname, 'pid'), String(process.pid))
  while (isWanted()) pause()
}
if (prompt.includes('Fail')) process.exit(3)
if (prompt.includes('Listen')) while (isWanted() && told().length < 2) pause()
const heard = prompt.includes('Listen') ? told().map((name) => readFileSync(join(inbox, name), 'utf8')).join('') : 'done\\n'
writeFileSync(task + '.txt', heard)
execFileSync('orch', ['tell', 'done'])
`

interface Stage extends Prepared {
  /** What the agent of a task was told at the beginning of a turn. */
  prompt(task: string, turn: number): string
  /** Resolves when this file of the agents is there, with what it holds. */
  written(file: string): Promise<string>
}

async function stage(tasks: string): Promise<Stage> {
  const folder = freshFolder({ 'agent.mjs': program })
  const made = await prepared({ agent: [process.execPath, join(folder, 'agent.mjs')], tasks })
  return {
    ...made,
    prompt: (task, turn) => readFileSync(join(folder, `${task}.${turn}`), 'utf8'),
    written: async (file) => {
      const path = join(folder, file)
      await vi.waitUntil(() => existsSync(path) && readFileSync(path, 'utf8') !== '', { timeout: 20_000, interval: 10 })
      return readFileSync(path, 'utf8')
    },
  }
}

describe('orch guide', () => {
  it('reaches the running agent from other processes, in order, and shows that it has', async () => {
    const { root, call, prompt } = await stage('- { id: ears, title: Listen, writes: [ears.txt] }\n')
    expect(await call('guide', 'ears', 'a note for the start')).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('its next turn is told'),
    })
    const run = running({ root, environment: {} })
    await run.says(/agent started/)
    for (const text of ['first "this"', 'then $(that)'])
      expect(await call('guide', 'ears', text)).toMatchObject({ exit: 0 })
    expect(await run.over).toBe(0)
    expect(prompt('ears', 1)).toContain('a note for the start')
    const heard = readFileSync(join(root, 'ears.txt'), 'utf8')
    expect(heard.indexOf('first')).toBeGreaterThan(-1)
    expect(heard.indexOf('then $(that)')).toBeGreaterThan(heard.indexOf('first'))
    expect((await call('show', 'ears')).stdout).toContain('turn 1.1: then $(that)')
  })
})

describe('orch take and orch give', () => {
  it.each(['goes on', 'was killed'])('while the run that started the agent %s', async (state) => {
    const { root, call, prompt, written } = await stage('- { id: hand, title: Half, writes: [hand.txt, more.txt] }\n')
    const run = running({ root, environment: {} })
    const pid = Number(await written('pid'))
    if (state === 'was killed') run.child.kill('SIGKILL')
    const taken = await call('take', 'hand')
    expect(taken).toMatchObject({ exit: 0, stderr: '' })
    expect(isAlive(pid)).toBe(false)
    const workspace = `${root}.worktrees/hand`
    expect(taken.stdout.split('\n').slice(1)).toEqual([workspace, 'Hand it back with: orch give hand', ''])
    expect(await run.over).toBe(state === 'was killed' ? null : 3)

    writeFileSync(join(workspace, 'hand.txt'), 'by hand\n')
    git(workspace, 'add', '--all')
    git(workspace, 'commit', '--quiet', '--message', 'Mend `it` by hand')
    const commit = git(workspace, 'rev-parse', 'HEAD').trim()
    writeFileSync(join(workspace, 'more.txt'), 'not committed\n')
    const idle = await call('run')
    expect(idle).toMatchObject({ exit: 3, stdout: expect.stringContaining('  orch give hand') })
    expect(idle.stderr).not.toContain('agent started')
    expect((await call('status')).stdout).toContain(
      `hand  taken by a person in ${workspace}: orch give hand hands it back`,
    )
    expect(readFileSync(join(workspace, 'more.txt'), 'utf8')).toBe('not committed\n')
    expect(await call('retry', 'hand')).toMatchObject({ exit: 2, stderr: expect.stringContaining('taken by a person') })

    expect(await call('give', 'hand')).toMatchObject({ exit: 0, stdout: expect.stringContaining('handed back') })
    expect(git(root, 'for-each-ref', '--format=%(objectname)', 'refs/orch/kept/hand')).toContain(commit)
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(prompt('hand', 2)).toContain(`- ${commit.slice(0, 12)} Mend \`it\` by hand`)
    expect(prompt('hand', 2)).toContain('- hand.txt\n- more.txt')
    expect(git(root, 'show', 'main:more.txt')).toBe('not committed\n')
    expect(git(root, 'show', 'main:hand.txt')).toBe('done\n')
    expect(git(root, 'log', '--format=%s', 'main')).toContain('Mend `it` by hand')
  })

  it('orch cancel of a taken task keeps what the person did', async () => {
    const { root, call, written } = await stage('- { id: hand, title: Half, writes: [hand.txt] }\n')
    const run = running({ root, environment: {} })
    await written('pid')
    expect(await call('take', 'hand')).toMatchObject({ exit: 0 })
    await run.over
    writeFileSync(`${root}.worktrees/hand/hand.txt`, 'by hand\n')
    expect(await call('cancel', 'hand')).toMatchObject({ exit: 0 })
    expect(existsSync(`${root}.worktrees/hand`)).toBe(false)
    const kept = git(root, 'for-each-ref', '--format=%(objectname)', 'refs/orch/kept/hand').trim().split('\n')
    expect(kept.map((oid) => git(root, 'ls-tree', oid, 'hand.txt') && git(root, 'show', `${oid}:hand.txt`))).toContain(
      'by hand\n',
    )
  })
})

describe('orch pause, resume, prioritise and release', () => {
  const tasks = [
    '- { id: one, title: One, writes: [one.txt, two.txt] }',
    '- { id: two, title: Two, writes: [one.txt, two.txt] }',
    '- { id: held, title: Held, writes: [held.txt], hold: true }\n',
  ].join('\n')

  it('say what may start, and in which order', async () => {
    const { call } = await stage(tasks)
    expect(await call('pause')).toMatchObject({ exit: 0, stdout: expect.stringContaining('Go on with: orch resume') })
    const paused = await call('run')
    expect(paused).toMatchObject({ exit: 3, stderr: '', stdout: expect.stringContaining('  orch resume\n') })
    expect((await call('status')).stdout).toMatch(/^The run is paused, nothing new is started: orch resume\n/)
    expect(await call('resume')).toMatchObject({ exit: 0 })

    expect(await call('pause', 'one')).toMatchObject({ exit: 0, stdout: expect.stringContaining('paused') })
    expect((await call('status')).stdout).toContain('one   paused: orch resume one')
    expect(await call('resume', 'one')).toMatchObject({ exit: 0 })
    expect(await call('resume', 'one')).toMatchObject({ exit: 2, stderr: expect.stringContaining('is not paused') })

    expect(await call('prioritise', 'two', '0')).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('priority 0'),
    })
    expect(await call('prioritise', 'two', 'first')).toMatchObject({ exit: 2 })
    expect(await call('release', 'held')).toMatchObject({ exit: 0 })
    const run = await call('run')
    expect(run.exit).toBe(0)
    const started = [...run.stderr.matchAll(/\] (\w+): agent started/g)].map(([, id]) => id)
    expect(started).toEqual(expect.arrayContaining(['one', 'two', 'held']))
    expect(started.indexOf('two')).toBeLessThan(started.indexOf('one'))
  })
})

describe('orch run --on-failure', () => {
  const tasks = [
    '- { id: bad, title: Fail, writes: [one.txt], priority: 0 }',
    '- { id: good, title: Good, writes: [good.txt] }\n',
  ].join('\n')
  const one = ['run', '--max-agents', '1']

  it('no-new and stop start no other task, and the exit code tells', async () => {
    for (const mode of ['no-new', 'stop']) {
      const { call } = await stage(tasks)
      const run = await call(...one, '--on-failure', mode)
      expect(run).toMatchObject({
        exit: 1,
        stdout: expect.stringContaining('good  nothing is started while bad is stuck'),
      })
      expect(run.stderr).not.toContain('good')
      expect(await call(...one)).toMatchObject({ exit: 1, stderr: expect.stringContaining('good: landed') })
    }
  })

  it('knows no other mode', async () => {
    const { call } = await stage(tasks)
    expect(await call('run', '--on-failure', 'panic')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('no-new'),
    })
  })
})
