import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Oid, OrchError, type Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { findRepository } from '../src/git/repository.ts'
import { attributes, plantHooks, plants } from './git-plants.ts'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { seal, signal } from './git-task.ts'

/** Every verb, with both sides changed so that there is something to merge. */
async function live(
  vcs: Vcs &
    Required<
      Pick<Vcs, 'kept' | 'keptChanges' | 'restore' | 'inspect' | 'unlock' | 'sweep' | 'history' | 'changedFiles'>
    >,
  repository: TestRepository,
  base: Oid,
  workspace: string,
  before: () => void,
): Promise<void> {
  write(workspace, { 'src/both.txt': '1\n2\n3\n4\n5\nours\n', 'src/a.txt': 'changed\n', 'src/new.txt': 'new\n' })
  before()
  for (const folder of [workspace, join(workspace, 'src'), join(workspace, 'src/bare')])
    await findRepository(folder).catch((error) => expect(OrchError.is(error)).toBe(true))
  const watching = new AbortController()
  vcs.watch?.({ onChange: () => undefined, signal: watching.signal })
  await vcs.admits({ prefix: 'orch/', signal })
  await vcs.observe({ landed: [], signal })
  await vcs.changes({ workspace: 'task', base, include: ['src/**'], signal })
  const kept = await vcs.preserve({ workspace: 'task', as: 'task', signal })
  const [now] = (await vcs.snapshots?.({ workspaces: [{ workspace: 'task', include: ['**'] }], signal })) ?? []
  const there = repository.git(['rev-parse', 'main'])
  const predicted = await vcs.predict?.({ pairs: [[there, now ?? '']], signal })
  expect(predicted).not.toEqual([null])
  const { head } = await seal(vcs)
  const after = await vcs.preserve({ workspace: 'task', as: 'task', signal })
  if (!kept.ok || !after.ok) throw new Error('it was to be preserved')
  expect(await vcs.since({ before: kept.value, after: after.value, signal })).toMatchObject({ ok: true })
  const target = repository.git(['rev-parse', 'main'])
  for (const { oid } of await vcs.kept({ signal })) {
    if (oid === null) continue
    await vcs.keptChanges({ oid, from: null, patch: true, signal })
    for (const to of [{ branch: `kept/${oid}` }, { directory: join(repository.folder, `kept-${oid}`) }])
      await vcs.restore({ oid, to, signal })
  }
  await vcs.changedFiles({ pairs: [{ from: base, to: head }], signal })
  const { log } = await vcs.history({ signal })
  for await (const _ of log) break
  for (const method of ['rebase', 'squash', 'merge'] as const) {
    const options = { base: target, head, from: base, method, message: 'Land it', signal }
    const candidate = await vcs.buildCandidate(options)
    if (!candidate.ok) throw new Error(candidate.detail)
    const { release } = await vcs.checkout({ commit: candidate.value.commit, signal })
    release?.()
    if (method !== 'merge') continue
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
    expect(await vcs.land({ expect: target, commit: candidate.value.commit, signal })).toEqual({ ok: true })
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
  }
  write(workspace, { 'src/late.txt': 'late\n' })
  const other = await vcs.createWorkspace({ name: 'other', branch: 'orch/other', from: target, signal })
  expect(other.ok).toBe(true)
  const next = { name: 'other', branch: 'orch/next', from: target, continues: true, signal }
  expect(await vcs.createWorkspace(next)).toMatchObject({ ok: true })
  const { locks } = await vcs.inspect({ commits: [head], branches: [], prefix: 'orch/', signal })
  for (const { path } of locks) await vcs.unlock({ path, signal })
  for (const [name, branch] of [
    ['task', 'orch/task'],
    ['other', 'orch/next'],
  ] as const) {
    const retired = await vcs.retire({ workspace: name, branch, signal })
    expect(retired).toMatchObject({ ok: true })
  }
  await vcs.prune({ keep: [], branches: [], drop: true, signal })
  await vcs.sweep({ signal })
  watching.abort()
}

interface Stage extends Disposable {
  readonly repository: TestRepository
  readonly vcs: Parameters<typeof live>[0]
  readonly base: Oid
  readonly workspace: string
  readonly program: string
  readonly ran: () => boolean
}

async function stage(isolation: 'worktree' | 'clone'): Promise<Stage> {
  const repository = testRepository({ 'src/both.txt': '1\n2\n3\n4\n5\n6\n', 'src/a.txt': 'a\n' })
  const base = repository.git(['rev-parse', 'HEAD'])
  const vcs = gitVcs({ repository: repository.root, target: 'main', isolation }) as Stage['vcs']
  const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
  const { program, ran } = repository.canary()
  const dispose = () => repository[Symbol.dispose]()
  return { repository, vcs, base, workspace: made.value.directory, program, ran, [Symbol.dispose]: dispose }
}

describe.each(['worktree', 'clone'] as const)('what an agent plants is never run: %s', (isolation) => {
  for (const { name, plant, control, isolation: only = isolation } of plants) {
    if (only !== isolation) continue
    it(name, async () => {
      using staged = await stage(isolation)
      const { repository, vcs, base, workspace, program, ran } = staged
      await live(vcs, repository, base, workspace, () => plant(repository, program, workspace))
      expect(ran()).toBe(false)
    })

    it(`${name} (the control: git itself runs it)`, async () => {
      using staged = await stage(isolation)
      const { repository, workspace, program, ran } = staged
      plant(repository, program, workspace)
      control(repository, workspace)
      expect(ran()).toBe(true)
    })
  }

  it('a repository that was planted in before it is opened', async () => {
    using repository = testRepository({
      'src/both.txt': '1\n2\n3\n4\n5\n6\n',
      'src/a.txt': 'a\n',
      '.gitattributes': attributes,
    })
    const base = repository.git(['rev-parse', 'HEAD'])
    repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
    const { program, ran } = repository.canary()
    for (const setting of ['core.fsmonitor', 'merge.evil.driver', 'diff.external', 'gpg.program']) {
      repository.git(['config', setting, program])
    }
    plantHooks(join(repository.common, 'hooks'), program)
    const vcs = gitVcs({ repository: repository.root, target: 'main', isolation }) as Stage['vcs']
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!made.ok) throw new Error(made.detail)
    await live(vcs, repository, base, made.value.directory, () => undefined)
    expect(ran()).toBe(false)
  })
})

/** A workspace, and how it is made once more. */
async function madeIn(repository: ReturnType<typeof testRepository>, isolation: 'worktree' | 'clone') {
  const vcs = gitVcs({ repository: repository.root, target: 'main', isolation })
  const from = repository.git(['rev-parse', 'main'])
  const make = () => vcs.createWorkspace({ name: 'task', branch: 'orch/task', from, signal })
  const made = await make()
  if (!made.ok) throw new Error(made.detail)
  return { vcs, make, directory: made.value.directory }
}

describe.each(['worktree', 'clone'] as const)('what an agent puts in the place of files of its %s', (isolation) => {
  it.each(['orch-branch', 'gitdir'])('never lets us write elsewhere: %s', async (name) => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const { make, directory } = await madeIn(repository, isolation)
    write(repository.folder, { 'mine.txt': 'precious\n' })
    const own = repository.git(['rev-parse', '--absolute-git-dir'], directory)
    for (const path of [join(own, name), join(directory, '.git')]) {
      rmSync(path)
      symlinkSync(join(repository.folder, 'mine.txt'), path)
    }
    rmSync(join(own, 'HEAD'))
    // Made whole again, or refused.
    await make()
    expect(readFileSync(join(repository.folder, 'mine.txt'), 'utf8')).toBe('precious\n')
  })

  it('keeps nobody waiting: a pipe', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const { vcs, make, directory } = await madeIn(repository, isolation)
    const head = join(repository.git(['rev-parse', '--absolute-git-dir'], directory), 'HEAD')
    rmSync(head)
    execFileSync('mkfifo', [head])
    expect(await make()).toMatchObject({ ok: true })
    expect(await vcs.observe({ landed: [], signal })).toMatchObject({ workspaces: expect.any(Map) })
  })
})
