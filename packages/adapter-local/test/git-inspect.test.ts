import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { thisOwner } from '../src/git/lock.ts'
import { type TestRepository, testRepository } from './git-repository.ts'
import { signal } from './git-task.ts'

const old = (path: string) => utimesSync(path, new Date(0), new Date(0))
const opened = ({ root }: TestRepository) => gitVcs({ repository: root, target: 'main' })
const inspected = async (repository: TestRepository, commits: readonly string[] = []) => {
  const found = await opened(repository).inspect?.({ commits, branches: ['topic'], prefix: 'orch/', signal })
  if (found === undefined) throw new Error('it does not tell')
  return found
}

/** What the owner of a lock wrote who has ended. */
async function deadOwner(): Promise<string> {
  const child = spawn('true')
  await once(child, 'exit')
  return JSON.stringify({ ...(JSON.parse(await thisOwner()) as object), pid: child.pid, start: '1' })
}

describe('a repository tells of itself', () => {
  it('nothing, where nothing is wrong', async () => {
    using repository = testRepository()
    const oid = repository.git(['rev-parse', 'HEAD'])
    repository.git(['branch', 'topic'])
    repository.git(['branch', 'mine'])
    expect(await inspected(repository, [oid])).toEqual({
      missing: [],
      branches: new Map([['topic', oid]]),
      kept: new Map(),
      folders: new Map(),
      locks: [],
      torn: [],
      checkouts: new Map([['main', [repository.root]]]),
      blind: [],
      leavings: [],
      landing: null,
    })
  })

  it('where each branch is checked out that changes land on', async () => {
    using repository = testRepository()
    const elsewhere = join(repository.folder, 'elsewhere')
    repository.git(['worktree', 'add', '-q', '-b', 'feature/x', elsewhere])
    repository.git(['update-index', '--assume-unchanged', 'README.md'], elsewhere)
    const asked = { commits: [], branches: [], targets: ['feature/x', 'nowhere'], prefix: 'orch/', signal }
    const found = await opened(repository).inspect?.(asked)
    expect(found?.checkouts).toEqual(
      new Map([
        ['main', [repository.root]],
        ['feature/x', [elsewhere]],
      ]),
    )
    expect(found?.blind).toEqual([elsewhere])
  })

  it('which commits are missing, also where all are packed', async () => {
    using repository = testRepository()
    const oid = repository.git(['rev-parse', 'HEAD'])
    repository.git(['gc', '-q'])
    const none = '12'.repeat(oid.length / 2)
    expect((await inspected(repository, [oid, none])).missing).toEqual([none])
  })

  it('folders whose entry is gone', async () => {
    using repository = testRepository()
    const from = repository.git(['rev-parse', 'HEAD'])
    const made = await opened(repository).createWorkspace({ name: 'task', branch: 'orch/task', from, signal })
    expect(made.ok).toBe(true)
    expect((await inspected(repository)).folders).toEqual(new Map())
    rmSync(join(repository.common, 'worktrees/orch.task'), { recursive: true })
    expect((await inspected(repository)).folders).toEqual(new Map([['task', join(repository.worktrees, 'task')]]))
  })

  it('which locks nobody holds, and only those are taken away', async () => {
    using repository = testRepository()
    const vcs = opened(repository)
    await vcs.observe({ landed: [], signal })
    const at = (name: string) => join(repository.common, name)
    const dead = await deadOwner()
    const left = {
      'orch/locks/landing': dead,
      'index.lock': `orch ${dead}`,
      'HEAD.lock': '',
      'refs/heads/main.lock': '',
      'refs/heads/feature/x.lock': '',
    }
    const held = { 'orch/locks/worktrees': await thisOwner(), 'config.lock': '', 'orch/locks/landing.1.ab': dead }
    mkdirSync(at('refs/heads/feature'))
    for (const [name, text] of Object.entries({ ...left, ...held })) writeFileSync(at(name), text)
    for (const name of ['HEAD.lock', 'refs/heads/main.lock', 'refs/heads/feature/x.lock']) old(at(name))
    const { locks } = await inspected(repository)
    expect([...locks].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: at('HEAD.lock'), isOurs: false },
      { path: at('index.lock'), isOurs: true },
      { path: at('orch/locks/landing'), isOurs: true },
      { path: at('refs/heads/feature/x.lock'), isOurs: false },
      { path: at('refs/heads/main.lock'), isOurs: false },
    ])
    old(at('description'))
    for (const name of [...Object.keys(held), 'description', '../README.md', 'nothing.lock'])
      expect(await vcs.unlock?.({ path: at(name), signal }), name).toMatchObject({ ok: false, reason: 'in-use' })
    for (const name of Object.keys(left))
      expect(await vcs.unlock?.({ path: at(name), signal }), name).toEqual({ ok: true })
    expect((await inspected(repository)).locks).toEqual([])
    for (const [name, text] of Object.entries(held)) expect(readFileSync(at(name), 'utf8'), name).toBe(text)
    expect(readdirSync(at('orch/locks-aside'))).toHaveLength(5)
  })

  it('no lock where a git is at work, however old it is', async () => {
    using repository = testRepository()
    writeFileSync(join(repository.common, 'index.lock'), '')
    old(join(repository.common, 'index.lock'))
    // Reads until its input ends.
    const child = spawn('git', ['cat-file', '--batch'], { cwd: repository.root, stdio: ['pipe', 'pipe', 'ignore'] })
    child.stdin.write('HEAD\n')
    await once(child.stdout, 'data')
    expect((await inspected(repository)).locks).toEqual([])
    child.stdin.end()
    await once(child, 'close')
    expect((await inspected(repository)).locks).toHaveLength(1)
  })

  it('what an interrupted call and a dead process left, which is swept', async () => {
    using repository = testRepository()
    const vcs = opened(repository)
    const making = join(repository.worktrees, '.making')
    const checks = join(repository.worktrees, '.checks')
    const { directory } = await vcs.checkout({ commit: repository.git(['rev-parse', 'HEAD']), signal })
    for (const path of [join(making, 'half'), join(making, 'young'), join(checks, 'left')])
      mkdirSync(path, { recursive: true })
    old(join(making, 'half'))
    const { leavings } = await inspected(repository)
    expect([...leavings].sort()).toEqual([join(checks, 'left'), join(making, 'half')])
    await vcs.sweep?.({ signal })
    expect((await inspected(repository)).leavings).toEqual([])
    expect(existsSync(directory)).toBe(true)
    expect(existsSync(join(making, 'young'))).toBe(true)
  })

  it('what processes that died left of our locks, which is swept, and nobody else’s is', async () => {
    using repository = testRepository()
    const vcs = opened(repository)
    await vcs.observe({ landed: [], signal })
    const locks = join(repository.common, 'orch/locks')
    const [dead, alive] = [await deadOwner(), await thisOwner()]
    for (const name of ['landing', 'landing.break']) writeFileSync(join(locks, name), dead)
    writeFileSync(join(locks, 'worktrees'), alive)
    // On the way to a lock: killed before it said anything there.
    const by = (owner: string) => `${Buffer.from(owner).toString('base64url')}.0123456789ab`
    const left = [join(locks, `landing.${by(dead)}`), join(repository.common, `orch-lock.${by(dead)}`)]
    const held = [join(locks, `landing.${by(alive)}`), join(repository.common, `orch-lock.${by(alive)}`)]
    const unclear = [join(locks, `landing.${by('')}`), join(locks, 'landing.1.ab')]
    for (const path of [...left, ...held, ...unclear]) writeFileSync(path, '')
    expect((await inspected(repository)).leavings.toSorted()).toEqual(left.toSorted())
    await vcs.sweep?.({ signal })
    expect((await inspected(repository)).leavings).toEqual([])
    for (const path of [join(locks, 'worktrees'), ...held, ...unclear]) expect(existsSync(path), path).toBe(true)
    for (const path of [...left, join(locks, 'landing'), join(locks, 'landing.break')])
      expect(existsSync(path), path).toBe(false)
  })
})
