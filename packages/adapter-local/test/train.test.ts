import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, createOrchestrator, type Orchestrator, type PolicyInput } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { local } from '../src/local.ts'
import { type TestRepository, testRepository } from './git-repository.ts'

/** Its agent writes the file that is named like its task, and commits it. */
const agent = command({
  argv: ['sh', '-c', 'echo "$ORCH_TASK" >"$ORCH_TASK.txt" && git add -A && git commit -qm "$ORCH_TASK"'],
})

interface Trains extends AsyncDisposable {
  readonly repository: TestRepository
  readonly orch: Orchestrator
  /** Those that each run of the checks spoke for; on the target nobody. */
  readonly runs: (readonly string[])[]
  /** Resolves when checks wait for `open`. */
  waits(): Promise<void>
  /** Lets checks that wait go on, now and later. */
  open(): void
  onTarget(): readonly string[]
}

/** Changes that all wait to land. The checks may wait at `$gate`, and be red the first time with `$flakes`. */
async function trains(ids: readonly string[], check: string, more: PolicyInput['landing'] = {}): Promise<Trains> {
  const repository = testRepository({ 'README.md': 'read me\n' })
  const [gate, waiting] = [join(repository.folder, 'gate'), join(repository.folder, 'waiting')]
  const held = `: >'${waiting}'; until [ -e '${gate}' ]; do sleep 0.02; done`
  const once = join(repository.folder, 'once')
  const flakes = `test -e '${once}' || { : >'${once}'; exit 1; }`
  const orchestrator = (by: 'human' | 'orchestrator') => {
    const landing = {
      by,
      checks: [check.replaceAll('$gate', held).replaceAll('$flakes', flakes)],
      train: 8,
      maxRepairs: 0,
      ...more,
    }
    return createOrchestrator({ ...local({ repository: repository.root, target: 'main', agent }), policy: { landing } })
  }
  {
    await using before = orchestrator('human')
    await before.add(ids.map((id) => ({ id, title: id, writes: [`${id}.txt`] })))
    await before.run()
  }
  const orch = orchestrator('orchestrator')
  const runs: (readonly string[])[] = []
  orch.on('checks-started', ({ task, on, before }) => runs.push(on === 'target' ? [] : [...before, task]))
  return {
    repository,
    orch,
    runs,
    waits: () => expect.poll(() => existsSync(waiting), { timeout: 20_000 }).toBe(true),
    open: () => writeFileSync(gate, ''),
    onTarget: () => repository.git(['ls-tree', '--name-only', 'main']).split('\n'),
    async [Symbol.asyncDispose]() {
      writeFileSync(gate, '')
      await orch[Symbol.asyncDispose]()
      repository[Symbol.dispose]()
    },
  }
}

const statuses = async (orch: Orchestrator) => (await orch.status()).tasks.map(({ id, status }) => `${id} ${status}`)

describe('a train on real git', { timeout: 60_000 }, () => {
  it('of green changes is checked once and lands in one step', async () => {
    await using train = await trains(['a', 'b', 'c', 'd'], 'true')
    const { orch, runs, repository, onTarget } = train
    const before = repository.git(['rev-parse', 'main'])
    expect((await orch.run()).outcome).toBe('done')
    expect(runs.map((run) => run.toSorted())).toEqual([['a', 'b', 'c', 'd']])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'c.txt', 'd.txt'])
    // Four landings of the history, one move of the branch.
    expect(repository.git(['rev-list', '--first-parent', '--count', `${before}..main`])).toBe('4')
    const moves = repository.git(['reflog', '--format=%gs', 'main']).split('\n')
    expect(moves.filter((move) => move.startsWith('orch: land'))).toHaveLength(1)
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('with one red in the middle lands the others, and only that one waits for a person', async () => {
    await using train = await trains(['a', 'b', 'c', 'd', 'e'], 'test ! -e c.txt')
    const { orch, runs, onTarget } = train
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses(orch)).toEqual(['a merged', 'b merged', 'c stuck', 'd merged', 'e merged'])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'd.txt', 'e.txt'])
    // All, two halves, perhaps the target, and those behind the guilty one.
    expect(runs.length).toBeLessThanOrEqual(6)
    expect(runs[0]).toHaveLength(5)
  })

  it('with two that only fail together lands the one that comes first', async () => {
    await using train = await trains(['a', 'b', 'c', 'd'], '! { test -e b.txt && test -e d.txt; }')
    const { orch, onTarget } = train
    expect((await orch.run()).outcome).toBe('failures')
    expect(await statuses(orch)).toEqual(['a merged', 'b merged', 'c merged', 'd stuck'])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'c.txt'])
  })

  it('is built again on what a person commits to the target while it is checked', async () => {
    await using train = await trains(['a', 'b'], '$gate; test -e mine.txt || echo before >&2')
    const { orch, runs, repository, waits, open, onTarget } = train
    const running = orch.run()
    await waits()
    const mine = repository.commit({ 'mine.txt': 'mine\n' })
    open()
    expect((await running).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt', 'mine.txt'])
    expect(runs).toHaveLength(2)
    expect(repository.works(['merge-base', '--is-ancestor', mine, 'main'])).toBe(true)
  })

  it('lands what was reviewed when the branch of a change moves while it is checked', async () => {
    await using train = await trains(['a', 'b'], '$gate')
    const { orch, repository, waits, open, onTarget } = train
    const running = orch.run()
    await waits()
    const workspace = join(repository.worktrees, 'a')
    writeFileSync(join(workspace, 'later.txt'), 'nobody has seen this\n')
    repository.git(['add', '-A'], workspace)
    repository.git(['commit', '-qm', 'Later'], workspace)
    const later = repository.git(['rev-parse', 'HEAD'], workspace)
    open()
    expect((await running).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
    const kept = repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/'])
    expect(kept.split('\n')).toContain(later)
  })

  it('goes on without a change that is cancelled while it is checked', async () => {
    await using train = await trains(['a', 'b', 'c'], '$gate')
    const { orch, waits, open, onTarget } = train
    const running = orch.run()
    await waits()
    await orch.cancel('b')
    open()
    await running
    expect(await statuses(orch)).toEqual(['a merged', 'b cancelled', 'c merged'])
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'c.txt'])
  })

  it('is not blamed for a red target, and lands when that is mended', async () => {
    await using train = await trains(['a', 'b'], 'test ! -e broken.txt')
    const { orch, repository, onTarget } = train
    repository.commit({ 'broken.txt': 'x\n' })
    const { outcome, tasks } = await orch.run()
    expect([outcome, ...tasks.map(({ waitsFor }) => waitsFor)]).toEqual(['waits', 'red-target', 'red-target'])
    repository.commit({ 'broken.txt': null })
    expect((await orch.run()).outcome).toBe('done')
    expect(onTarget()).toEqual(['README.md', 'a.txt', 'b.txt'])
  })

  it('lands though its checks are flaky, and says so', async () => {
    await using train = await trains(['a'], '$flakes', { retryRed: true })
    const { orch } = train
    const flaky: string[] = []
    orch.on('checks-flaky', ({ task }) => flaky.push(task))
    expect((await orch.run()).outcome).toBe('done')
    expect(flaky).toEqual(['a'])
  })
})
