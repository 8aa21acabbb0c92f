import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { started } from '../bad-agents/scripted.ts'
import { outcomeOf } from './outcome.ts'
import { expectSame, tell } from './play.ts'
import type { Stage } from './stage.ts'
import { letGo, life, working } from './stories.ts'

const patience = { timeout: 60_000, interval: 20 }

/** A run whose agent is at work, with the numbers of its process and of its launcher, which leads the group of both. */
async function atWork(stage: Stage) {
  const run = started(stage.root)
  await stage.hears('ready')
  const last = (name: string): number => Number(stage.noted(name).at(-1))
  return { run, agent: last('pids'), launcher: last('launchers') }
}

type AtWork = Awaited<ReturnType<typeof atWork>>

const ends: Readonly<Record<string, (at: AtWork) => void>> = {
  'its agent': ({ agent }) => process.kill(agent, 'SIGKILL'),
  'the launcher of its agent': ({ launcher }) => process.kill(launcher, 'SIGKILL'),
  'the whole group of its agent': ({ launcher }) => process.kill(-launcher, 'SIGKILL'),
  'the run and that group': ({ run, launcher }) => {
    run.child.kill('SIGKILL')
    process.kill(-launcher, 'SIGKILL')
  },
}

describe.concurrent('a task whose agent is at work comes to the same end', { timeout: 180_000 }, () => {
  it.each(Object.keys(ends))('by another attempt when SIGKILL ends %s', async (name) => {
    const { make, calm } = await tell(working)
    using stage = make()
    const at = await atWork(stage)
    ends[name]?.(at)
    const next = at.run.child.killed ? started(stage.root) : at.run
    // What the first one may still write once it may go on would be its own.
    await stage.hears('turns', 2)
    letGo(stage)
    const { exit } = await next.ended
    const outcome = { exits: [exit], ...outcomeOf(stage) }
    const again = {
      turns: ['one 1.1', 'one 2.1'],
      tasks: ['one closed done 2.1 undefined'],
      left: [...calm.left, ...calm.left.map((key) => key.replace('one.1.1', 'one.2.1'))],
    }
    expect({ ...outcome, left: new Set(outcome.left) }).toEqual({
      ...calm,
      ...again,
      left: new Set(again.left),
      kept: outcome.kept,
    })
    expect(outcome.kept).toEqual(expect.arrayContaining([...calm.kept]))
    const trees = stage.git('for-each-ref', '--format=%(refname)', 'refs/orch/kept/one').split('\n')
    expect(trees.map((ref) => stage.git('show', `${ref}:one.txt`))).toContain('half\nmore')
  })

  it('when its run is stopped for longer than its lease, and wakes up when another has done everything', async () => {
    const { make, calm } = await tell(working)
    using stage = make()
    const { run } = await atWork(stage)
    run.child.kill('SIGSTOP')
    const other = started(stage.root)
    // Its owner lives, so nothing but the lease says that it may be taken over.
    letGo(stage)
    expect(await other.ended).toMatchObject({ exit: 0, stderr: expect.stringContaining('one: landed as') })
    run.child.kill('SIGCONT')
    const woken = await run.ended
    expect(woken.stderr).not.toContain('landed as')
    expectSame({ exits: [woken.exit], ...outcomeOf(stage) }, calm)
  })

  it('when two runs are at it from the start', async () => {
    const { make, calm } = await tell(life)
    using stage = make()
    const ended = await Promise.all([stage.orch(['run']), stage.orch(['run'])])
    expect(ended.map(({ exit }) => exit)).toEqual([0, 0])
    expectSame({ exits: [0], ...outcomeOf(stage) }, calm)
  })
})

/** What somebody may take away while no run is there, of a task whose last turn has ended and is not sealed yet. */
const taken: Readonly<Record<string, (paths: { readonly state: string; readonly turn: string }) => void>> = {
  'the output of its agent is cut off': ({ turn }) => truncateSync(join(turn, 'log')),
  'the output of its agent is deleted': ({ turn }) => rmSync(join(turn, 'log')),
  'its outbox is deleted': ({ turn }) => rmSync(join(turn, 'events.jsonl')),
  'its inbox is deleted': ({ turn }) => rmSync(join(turn, 'inbox'), { recursive: true }),
  'our git directory is deleted': ({ state }) => rmSync(join(state, 'git'), { recursive: true }),
  'all that is only for a moment is deleted': ({ state }) => {
    for (const name of ['tmp', 'locks', 'checks', 'bin']) rmSync(join(state, name), { recursive: true, force: true })
  },
}

async function killedAt(stage: Stage, failPoint: string): Promise<{ readonly state: string; readonly turn: string }> {
  expect(await stage.orch(['run'], failPoint)).toMatchObject({ exit: -1 })
  const state = join(stage.root, '.git/orch')
  return { state, turn: join(state, 'processes/turn-one.2.2') }
}

describe.concurrent('after a kill, a task comes to the same end', { timeout: 180_000 }, () => {
  it.each(Object.keys(taken))('when %s', async (name) => {
    const { make, calm } = await tell(life)
    using stage = make()
    const paths = await killedAt(stage, 'seal-begun')
    taken[name]?.(paths)
    const { exit } = await stage.orch(['run'])
    expectSame({ exits: [exit], ...outcomeOf(stage) }, calm)
  })

  it('when its worktree is deleted, but for what was only there', async () => {
    const { make, calm } = await tell(life)
    using stage = make()
    await killedAt(stage, 'candidate-made:2')
    rmSync(`${stage.root}.worktrees`, { recursive: true })
    const { exit } = await stage.orch(['run'])
    const outcome = { exits: [exit], ...outcomeOf(stage) }
    expect(outcome).toEqual({ ...calm, kept: outcome.kept })
    const onlyThere = calm.kept.filter((kept) => !outcome.kept.includes(kept))
    expect(onlyThere).toEqual([expect.stringContaining('What was in the working tree')])
  })

  it('when the folder of its turn is deleted and a person retries it', async () => {
    // Nobody is asked before the lease is over.
    const { make, calm } = await tell({ ...life, policy: { leaseMs: 1000 } })
    using stage = make()
    const { turn } = await killedAt(stage, 'seal-begun')
    rmSync(turn, { recursive: true })
    const asked = await stage.orch(['run'])
    expect(asked).toMatchObject({ exit: 1, stderr: expect.stringContaining('one: needs a decision') })
    expect(stage.noted('turns')).toHaveLength(3)
    expect(await stage.orch(['retry', 'one'])).toMatchObject({ exit: 0 })
    expect(await stage.orch(['run'])).toMatchObject({ exit: 0 })
    const { landed, status, branches, worktrees, alive, kept } = outcomeOf(stage)
    expect(landed[0]).toBe(calm.landed[0])
    expect({ status, branches, worktrees, alive }).toEqual({
      status: calm.status,
      branches: calm.branches,
      worktrees: calm.worktrees,
      alive: [],
    })
    expect(kept.filter((work) => work.includes('What was in the working tree')).length).toBeGreaterThan(1)
  })

  it('when the database is lost, which is said, and put back', async () => {
    const { make, calm } = await tell(life)
    using stage = make()
    const { state } = await killedAt(stage, 'seal-begun')
    const away = join(stage.root, '../away')
    mkdirSync(away)
    const files = readdirSync(state).filter((name) => name.startsWith('orch.db'))
    for (const name of files) renameSync(join(state, name), join(away, name))
    expect(await stage.orch(['run'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('is gone or empty') })
    for (const name of files) renameSync(join(away, name), join(state, name))
    const { exit } = await stage.orch(['run'])
    expectSame({ exits: [exit], ...outcomeOf(stage) }, calm)
  })

  it('when a git of the user died with the lock on their index, once that is taken away', async () => {
    const { make, calm } = await tell(life)
    using stage = make()
    await killedAt(stage, 'candidate-made:2')
    const lock = join(stage.root, '.git/index.lock')
    writeFileSync(lock, '')
    const run = started(stage.root)
    await vi.waitUntil(() => /one: held by you: .*index\.lock/.test(run.said()), patience)
    expect(existsSync(lock)).toBe(true)
    rmSync(lock)
    const { exit } = await run.ended
    expectSame({ exits: [exit], ...outcomeOf(stage) }, calm)
  })
})
