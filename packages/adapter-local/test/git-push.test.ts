import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Oid, Vcs } from '@orch/core'
import type { Edits } from '@orch/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { type RemoteStage, remoteStage } from './git-remote.ts'
import { readFolder, write } from './git-repository.ts'
import { seal, signal } from './git-task.ts'

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n' }

interface Built {
  readonly base: Oid
  readonly head: Oid
  readonly commit: Oid
  readonly tree: Oid
}

/** A change on what the remote was seen to hold. */
async function built(vcs: Vcs, edits: Edits, name = 'task'): Promise<Built> {
  const base = await targetOf(vcs)
  const made = await vcs.createWorkspace({ name, branch: `orch/${name}`, from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  write(made.value.directory, edits)
  const { head } = await seal(vcs, { name })
  return candidate(vcs, base, head)
}

async function candidate(vcs: Vcs, base: Oid, head: Oid): Promise<Built> {
  const options = { base, head, from: base, method: 'merge', message: 'Land it', signal } as const
  const made = await vcs.buildCandidate(options)
  if (!made.ok) throw new Error(made.detail)
  return { base, head, ...made.value }
}

async function targetOf(vcs: Vcs): Promise<Oid> {
  return (await vcs.observe({ landed: [], signal })).target
}

async function notesOf(vcs: Vcs): Promise<readonly string[]> {
  return ((await vcs.observe({ landed: [], signal })).notes ?? []).map(({ why }) => why)
}

function landing(vcs: Vcs, { base, commit }: Built) {
  return vcs.land({ expect: base, commit, signal })
}

function expectFollowed({ repository }: RemoteStage, commit: Oid): void {
  expect(repository.git(['rev-parse', 'main'])).toBe(commit)
  expect(repository.git(['rev-parse', 'origin/main'])).toBe(commit)
  expect(repository.git(['status', '--porcelain'])).toBe('')
}

describe('what a review host has made of a change on the remote', () => {
  it('is seen when it is looked at, and the branch and files here follow without a push', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    const commit = stage.othersPush({ 'a.txt': 'A\n' })
    stage.hook('pre-receive', 'exit 1')
    expect(await vcs.verifyLanding({ ...change, commit, signal })).toEqual({ ok: true })
    expect(await vcs.land({ expect: commit, commit, signal })).toEqual({ ok: true })
    expectFollowed(stage, commit)
    expect(readFolder(stage.repository.root)).toEqual({ ...files, 'a.txt': 'A\n' })
  })

  it('comes here later where an edit is in the way, which is told', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    const commit = stage.othersPush({ 'a.txt': 'A\n' })
    write(stage.repository.root, { 'a.txt': 'mine\n' })
    expect(await vcs.verifyLanding({ ...change, commit, signal })).toEqual({ ok: true })
    expect(await vcs.land({ expect: commit, commit, signal })).toEqual({ ok: true })
    expect((await notesOf(vcs))[0]).toContain('main here has not got yet what landed on origin/main')
    write(stage.repository.root, { 'a.txt': 'a\n' })
    await vcs.sweep?.({ signal })
    expectFollowed(stage, commit)
  })

  it('is violated where somebody was faster', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    stage.othersPush({ 'b.txt': 'theirs\n' })
    const commit = stage.othersPush({ 'a.txt': 'A\n' })
    expect(await vcs.verifyLanding({ ...change, commit, signal })).toMatchObject({ ok: false, reason: 'violated' })
  })
})

describe('a landing by push', () => {
  it('moves the branch of the remote to exactly the candidate, and the branch and files here with it', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n', 'c.txt': 'c\n' })
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expect(stage.head()).toBe(change.commit)
    expectFollowed(stage, change.commit)
    expect(readFolder(stage.repository.root)).toEqual({ 'a.txt': 'A\n', 'b.txt': 'b\n', 'c.txt': 'c\n' })
    expect(await vcs.verifyLanding({ ...change, signal })).toEqual({ ok: true })
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expect(await notesOf(vcs)).toEqual([])
  })

  it('builds on what somebody else has pushed, which is nothing of ours', async () => {
    using stage = remoteStage(files)
    const theirs = stage.othersPush({ 'b.txt': 'theirs\n' })
    const vcs = stage.open()
    expect(await targetOf(vcs)).toBe(theirs)
    expect(stage.repository.git(['rev-parse', 'main'])).not.toBe(theirs)
    const change = await built(vcs, { 'a.txt': 'A\n' })
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expectFollowed(stage, change.commit)
    expect(readFolder(stage.repository.root)).toEqual({ 'a.txt': 'A\n', 'b.txt': 'theirs\n' })
  })

  it('is refused when somebody else has pushed since, and then knows what', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    const theirs = stage.othersPush({ 'b.txt': 'theirs\n' })
    expect(await landing(vcs, change)).toMatchObject({ reason: 'moved' })
    expect(stage.head()).toBe(theirs)
    expect(await targetOf(vcs)).toBe(theirs)
    const again = await candidate(vcs, theirs, change.head)
    expect(await landing(vcs, again)).toEqual({ ok: true })
    expectFollowed(stage, again.commit)
  })

  it('never forces the branch, not even back to where it was', async () => {
    using stage = remoteStage(files)
    const before = stage.head()
    const later = stage.othersPush({ 'b.txt': 'theirs\n' })
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    stage.othersForce(before)
    expect(await landing(vcs, change)).toMatchObject({ reason: 'moved' })
    expect(stage.head()).toBe(before)
    await expect(vcs.land({ expect: before, commit: later, signal })).resolves.toEqual({ ok: true })
    await expect(vcs.land({ expect: later, commit: before, signal })).rejects.toMatchObject({ code: 'bug' })
    expect(stage.head()).toBe(later)
  })

  it('tells the words of a remote that refuses, and has moved nothing', async () => {
    using stage = remoteStage(files)
    stage.hook('pre-receive', 'printf "main is \\033[31mprotected: ask Ann\\n" >&2; exit 1')
    const [vcs, before] = [stage.open(), stage.head()]
    const change = await built(vcs, { 'a.txt': 'A\n' })
    const refused = await landing(vcs, change)
    expect(refused).toMatchObject({ reason: 'rejected', detail: expect.stringContaining('protected: ask Ann') })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys
    expect(refused.ok ? '' : refused.detail).not.toMatch(/[\u0000-\u001f]/)
    expect(stage.head()).toBe(before)
    expect(stage.repository.git(['rev-parse', 'main', 'origin/main']).split('\n')).toEqual([before, before])
    rmSync(join(stage.bare, 'hooks/pre-receive'))
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expectFollowed(stage, change.commit)
  })

  it('waits for a remote that is away, and says so', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    renameSync(stage.bare, `${stage.bare}.away`)
    expect(await landing(vcs, change)).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining('remote.git'),
    })
    await expect(vcs.verifyLanding({ ...change, signal })).rejects.toMatchObject({
      code: 'remote-unreachable',
      retryable: true,
    })
    expect(await notesOf(vcs)).toEqual([
      expect.stringMatching(/^origin does not answer, and nothing lands until it does: /),
    ])
    renameSync(`${stage.bare}.away`, stage.bare)
    expect(await landing(vcs, change)).toEqual({ ok: true })
  })

  it('is seen to be violated when somebody forces it away, because the remote is asked', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    expect(await landing(vcs, change)).toEqual({ ok: true })
    stage.othersForce(change.base)
    const seen = await vcs.verifyLanding({ ...change, signal })
    expect(seen).toMatchObject({ reason: 'violated', detail: expect.stringContaining('does not hold') })
    expect(stage.repository.git(['for-each-ref', 'refs/orch/kept/landing']).split('\n')).toHaveLength(2)
    expect(stage.head()).toBe(change.base)
  })

  it('takes a push for done whose answer was lost', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    // The end of the one that receives it, right after the ref has moved.
    stage.hook('post-receive', 'kill -9 $PPID')
    stage.hook('reference-transaction', 'test "$1" = committed && kill -9 $PPID; exit 0')
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expectFollowed(stage, change.commit)
  })
})

describe('what is known of the remote', () => {
  it('is looked at first of all, and then no process is started until the next look', async () => {
    using stage = remoteStage(files)
    const theirs = stage.othersPush({ 'b.txt': 'theirs\n' })
    const vcs = stage.open()
    expect(await targetOf(vcs)).toBe(theirs)
    stage.othersPush({ 'b.txt': 'later\n' })
    const trace = join(stage.repository.folder, 'trace')
    vi.stubEnv('GIT_TRACE2_EVENT', trace)
    try {
      for (let pass = 0; pass < 3; pass++) expect(await targetOf(vcs)).toBe(theirs)
    } finally {
      vi.unstubAllEnvs()
    }
    expect(existsSync(trace)).toBe(false)
  })

  it('follows the remote by itself, while everybody goes on with what is known', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open({ remote: { url: stage.bare, lookMs: 1 } })
    const before = await targetOf(vcs)
    const theirs = stage.othersPush({ 'b.txt': 'theirs\n' })
    expect(await targetOf(vcs)).toBe(before)
    await vi.waitFor(async () => expect(await targetOf(vcs)).toBe(theirs), 10_000)
  })

  it('is told to be missing where the remote has no such branch, and where it was never seen', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open({ target: 'next' })
    stage.repository.git(['branch', 'next'])
    await expect(targetOf(vcs)).rejects.toMatchObject({
      code: 'no-target',
      message: expect.stringContaining('git push origin next'),
    })
    renameSync(stage.bare, `${stage.bare}.away`)
    await expect(targetOf(vcs)).rejects.toMatchObject({ code: 'remote-unreachable', retryable: true })
  })

  it('is told by another process when a push was killed before anybody knew', async () => {
    using stage = remoteStage(files)
    const change = await built(stage.open(), { 'a.txt': 'A\n' })
    stage.repository.git(['push', '-q', stage.bare, `${change.commit}:refs/heads/main`])
    stage.repository.git(['update-ref', 'refs/orch/pushed/origin/main', change.commit])
    const next = stage.open()
    const { head, base, commit } = change
    const world = await next.observe({ landed: [{ task: 'task', head, base, commit }], signal })
    expect(world.landed.get('task')).toEqual({ commit, by: 'us' })
    expect(world.notes).toEqual([{ why: expect.stringContaining('git merge --ff-only origin/main') }])
    await next.sweep?.({ signal })
    expectFollowed(stage, commit)
    expect(await notesOf(next)).toEqual([])
  })
})

describe("the user's branch", () => {
  it('stays where the landing would overwrite an edit, which is told, and follows later', async () => {
    using stage = remoteStage(files)
    const { root } = stage.repository
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    write(root, { 'a.txt': 'mine\n' })
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expect(stage.head()).toBe(change.commit)
    expect(readFolder(root)).toEqual({ ...files, 'a.txt': 'mine\n' })
    expect(await notesOf(vcs)).toEqual([expect.stringMatching(/^main here has not got yet .*you changed a\.txt/)])
    write(root, { 'a.txt': 'a\n' })
    const next = await built(vcs, { 'b.txt': 'B\n' }, 'next')
    expect(await landing(vcs, next)).toEqual({ ok: true })
    expectFollowed(stage, next.commit)
    expect(await notesOf(vcs)).toEqual([])
  })

  it('is neither merged nor reset where it has commits of its own, which is told', async () => {
    using stage = remoteStage(files)
    const mine = stage.repository.commit({ 'c.txt': 'mine\n' })
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expect(stage.repository.git(['rev-parse', 'main'])).toBe(mine)
    expect(await notesOf(vcs)).toEqual([expect.stringContaining('git log origin/main..main')])
    stage.repository.git(['rebase', '-q', 'origin/main'])
    expect(await notesOf(vcs)).toEqual([])
  })

  it('need not be there', async () => {
    using stage = remoteStage(files)
    stage.repository.git(['switch', '-q', '-c', 'elsewhere'])
    stage.repository.git(['branch', '-D', 'main'])
    const vcs = stage.open()
    const change = await built(vcs, { 'a.txt': 'A\n' })
    expect(await landing(vcs, change)).toEqual({ ok: true })
    expect(stage.head()).toBe(change.commit)
    expect(stage.repository.works(['rev-parse', '--verify', '--quiet', 'refs/heads/main'])).toBe(false)
    expect(await notesOf(vcs)).toEqual([])
  })

  it('is not moved by what others push', async () => {
    using stage = remoteStage(files)
    const vcs = stage.open()
    const before = await targetOf(vcs)
    const theirs = stage.othersPush({ 'b.txt': 'theirs\n' })
    const next = stage.open()
    expect(await targetOf(next)).toBe(theirs)
    await next.sweep?.({ signal })
    expect(stage.repository.git(['rev-parse', 'main'])).toBe(before)
    expect(await notesOf(next)).toEqual([])
  })
})
