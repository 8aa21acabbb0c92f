import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Oid, Policy, Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { readCommit, readFolder, type TestRepository, testRepository, write } from './git-repository.ts'
import type { Edits } from '@orch/core/testing'

const signal = new AbortController().signal

/** A candidate that makes `edits` on what the target holds. */
async function candidate(
  repository: TestRepository,
  edits: Edits,
  { method = 'merge', name = 'task', vcs = gitVcs({ repository: repository.root, target: 'main' }) }: { method?: Policy['landing']['method']; name?: string; vcs?: Vcs } = {},
): Promise<{ vcs: Vcs; base: Oid; head: Oid; commit: Oid }> {
  const base = repository.git(['rev-parse', 'main'])
  const made = await vcs.createWorkspace({ name, branch: `orch/${name}`, from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  write(made.value.directory, edits)
  const sealed = await vcs.seal({ workspace: name, branch: `orch/${name}`, include: ['**'], message: 'Do it', signal })
  if (!sealed.ok) throw new Error(sealed.detail)
  const { head } = sealed.value
  const built = await vcs.buildCandidate({ base, head, from: base, method, message: 'Land it', signal })
  if (!built.ok) throw new Error(built.detail)
  return { vcs, base, head, commit: built.value.commit }
}

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' }

describe('landing where the user has the target checked out', () => {
  it('leaves a clean status and says so in the reflog', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'b.txt': null, 'new/d.txt': 'd\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(repository.git(['diff-files', '--name-only'])).toBe('')
    expect(repository.git(['symbolic-ref', 'HEAD'])).toBe('refs/heads/main')
    expect(repository.git(['reflog', '-1', '--format=%gs', 'main'])).toBe(`orch: land ${commit.slice(0, 12)}`)
    expect(repository.git(['fsck', '--no-dangling'])).toBe('')
    expect(existsSync(join(repository.common, 'index.lock'))).toBe(false)
  })

  it('keeps what is staged, changed and new elsewhere as it is', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    write(repository.root, { 'b.txt': 'staged\n', 'staged.txt': 'staged\n' })
    repository.git(['add', '-A'])
    write(repository.root, { 'b.txt': 'changed\n', 'c.txt': null, 'new.txt': 'new\n' })
    const before = repository.git(['status', '--porcelain'])
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe(before)
    expect(repository.git(['show', ':b.txt'])).toBe('staged')
    expect(readFolder(repository.root)).toMatchObject({ 'a.txt': 'A\n', 'b.txt': 'changed\n' })
  })

  for (const [what, disturb] of [
    ['a staged change', (repository: TestRepository) => (write(repository.root, { 'a.txt': 'mine\n' }), repository.git(['add', 'a.txt']))],
    ['a removal', (repository: TestRepository) => repository.git(['rm', '-q', 'a.txt'])],
    ['a new file in the way', (repository: TestRepository) => write(repository.root, { 'new.txt': 'mine\n' })],
  ] as const) {
    it(`waits for ${what}`, async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'new.txt': 'new\n', 'b.txt': 'B\n' })
      disturb(repository)
      const before = [repository.git(['status', '--porcelain']), readFolder(repository.root)]
      expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user' })
      expect([repository.git(['status', '--porcelain']), readFolder(repository.root)]).toEqual(before)
      expect(repository.git(['rev-parse', 'main'])).toBe(base)
    })
  }

  it('does not mind files that were touched but not changed', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    rmSync(join(repository.root, 'a.txt'))
    write(repository.root, { 'a.txt': 'a\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('waits for a git that is at work, and never takes its lock away', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    const lock = join(repository.common, 'index.lock')
    writeFileSync(lock, '')
    const held = await vcs.land({ expect: base, commit, signal })
    expect(held).toMatchObject({ reason: 'held-by-user', detail: expect.stringContaining('index.lock') })
    expect(existsSync(lock)).toBe(true)
    rmSync(lock)
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
  })

  it('waits for a merge or a rebase of the target to end', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    repository.git(['checkout', '-q', '-b', 'side'])
    repository.commit({ 'b.txt': 'side\n' })
    repository.git(['checkout', '-q', 'main'])
    repository.git(['merge', '-q', '--no-ff', '--no-commit', 'side'])
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user', detail: expect.stringContaining('a merge') })
    repository.git(['merge', '--abort'])
    mkdirSync(join(repository.common, 'rebase-merge'))
    writeFileSync(join(repository.common, 'rebase-merge', 'head-name'), 'refs/heads/main\n')
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user', detail: expect.stringContaining('a rebase') })
  })

  it('leaves another branch, or a detached HEAD, alone', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    repository.git(['checkout', '-q', '--detach'])
    write(repository.root, { 'a.txt': 'mine\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['rev-parse', 'main'])).toBe(commit)
    expect(repository.git(['rev-parse', 'HEAD'])).toBe(base)
    expect(readFolder(repository.root)).toMatchObject({ 'a.txt': 'mine\n' })
  })

  it('follows in a linked worktree of the user', async () => {
    using repository = testRepository(files)
    repository.git(['checkout', '-q', '-b', 'elsewhere'])
    const linked = join(repository.folder, 'linked tree')
    repository.git(['worktree', 'add', '-q', linked, 'main'])
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(readFolder(linked)).toEqual({ ...files, 'a.txt': 'A\n' })
    expect(repository.git(['status', '--porcelain'], linked)).toBe('')
    expect(readFolder(repository.root)).toEqual(files)
  })

  it('keeps a split index and a sparse check-out whole', async () => {
    using repository = testRepository({ ...files, 'far/x.txt': 'x\n', 'near/y.txt': 'y\n' })
    repository.git(['sparse-checkout', 'set', 'near'])
    repository.git(['update-index', '--split-index'])
    const { vcs, base, commit } = await candidate(repository, { 'far/x.txt': 'X\n', 'near/y.txt': 'Y\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual({ ...files, 'near/y.txt': 'Y\n' })
  })
})

describe('a landing that was killed', () => {
  it('between the files and the branch is completed by the next one', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'b.txt': null, 'd.txt': 'd\n' })
    repository.git(['read-tree', '-m', '-u', base, commit])
    writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual({ 'a.txt': 'A\n', 'c.txt': 'c\n', 'd.txt': 'd\n' })
  })

  it('between some files and the index is completed by the next one, its lock broken', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'b.txt': null, 'd.txt': 'd\n', 'c.txt': 'C\n' })
    write(repository.root, { 'a.txt': 'A\n', 'b.txt': null, 'd.txt': 'd\n' })
    const dead = JSON.parse(readOwner(repository)) as Record<string, unknown>
    writeFileSync(join(repository.common, 'index.lock'), `orch ${JSON.stringify({ ...dead, start: 'long ago' })}`)
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual({ 'a.txt': 'A\n', 'c.txt': 'C\n', 'd.txt': 'd\n' })
  })

  for (const [where, half] of [
    ['the branch', (repository: TestRepository, base: Oid, commit: Oid) => repository.git(['read-tree', '-m', '-u', base, commit])],
    ['the index', (repository: TestRepository) => write(repository.root, { 'a.txt': 'A\n' })],
  ] as const) {
    it(`before ${where} is taken back when another change lands instead`, async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'b.txt': null })
      const other = await candidate(repository, { 'a.txt': 'other\n' }, { name: 'other', vcs })
      half(repository, base, commit)
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      expect(await vcs.land({ expect: base, commit: other.commit, signal })).toEqual({ ok: true })
      expect(repository.git(['status', '--porcelain'])).toBe('')
      expect(readFolder(repository.root)).toEqual({ ...files, 'a.txt': 'other\n' })
    })
  }

  it('after the branch needs nothing more', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    repository.git(['read-tree', '-m', '-u', base, commit])
    repository.git(['update-ref', 'refs/heads/main', commit, base])
    writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(existsSync(join(repository.common, 'orch', 'landing'))).toBe(false)
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('is undone when the branch moves in between', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    // Git refuses to move a branch whose lock is taken, and by then its value is another one.
    const moved = repository.git(['commit-tree', '-p', base, '-m', 'moved', `${base}^{tree}`])
    const lock = join(repository.common, 'refs', 'heads', 'main.lock')
    writeFileSync(lock, '')
    const landing = vcs.land({ expect: base, commit, signal })
    await expect(landing).rejects.toMatchObject({ code: 'port-failed' })
    rmSync(lock)
    repository.git(['update-ref', 'refs/heads/main', moved])
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'moved' })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual(files)
  })
})

/** The identity that a lock of this very process carries. */
function readOwner(repository: TestRepository): string {
  const path = join(repository.folder, 'owner')
  writeFileSync(path, JSON.stringify(owner))
  return readFileSync(path, 'utf8')
}

const owner = JSON.parse(await (await import('../src/git/lock.ts')).thisOwner()) as object

describe('candidates', () => {
  it('obey the attributes of the target, and no driver', async () => {
    const lines = '1\n2\n3\n4\n5\n6\n'
    using repository = testRepository({
      '.gitattributes': '*.bin -merge\n[attr]log merge=union\n*.log log\n*.x merge=custom\n',
      'sub/.gitattributes': '*.txt merge=union\n',
      'a.bin': lines,
      'a.log': lines,
      'a.x': lines,
      'a.txt': lines,
      'sub/a.txt': lines,
    })
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const both = async (name: string, path: string, mine: string, theirs: string) => {
      const { head, base: from } = await candidate(repository, { [path]: mine }, { name, vcs })
      const base = repository.commit({ [path]: theirs })
      return vcs.buildCandidate({ base, head, from, method: 'merge', message: 'Land it', signal })
    }
    expect(await both('bin', 'a.bin', `${lines}x\n`, `x\n${lines}`)).toMatchObject({ reason: 'conflict', detail: 'a.bin' })
    expect(await both('log', 'a.log', `${lines}mine\n`, `${lines}theirs\n`)).toMatchObject({ ok: true })
    expect(await both('x', 'a.x', `${lines}x\n`, `x\n${lines}`)).toMatchObject({ ok: true })
    expect(await both('txt', 'a.txt', `${lines}mine\n`, `${lines}theirs\n`)).toMatchObject({ reason: 'conflict' })
    expect(await both('sub', 'sub/a.txt', `${lines}mine\n`, `${lines}theirs\n`)).toMatchObject({ ok: true })
  })

  it('rebase replays each commit with its author, and falls back to one commit over merges', async () => {
    using repository = testRepository(files)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const from = repository.git(['rev-parse', 'main'])
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from, signal })
    if (!made.ok) throw new Error(made.detail)
    const { directory } = made.value
    for (const [path, message] of [['a.txt', 'First'], ['b.txt', 'Second']] as const) {
      write(directory, { [path]: 'changed\n' })
      repository.git(['commit', '-q', '-a', '--author', 'An Agent <agent@example.org>', '-m', message], directory)
    }
    const base = repository.commit({ 'c.txt': 'theirs\n' })
    const build = async () => {
      const head = repository.git(['rev-parse', 'HEAD'], directory)
      const built = await vcs.buildCandidate({ base, head, from, method: 'rebase', message: 'Land it', signal })
      if (!built.ok) throw new Error(built.detail)
      return built.value.commit
    }
    const commit = await build()
    expect(repository.git(['log', '--format=%an %s %P', `${base}..${commit}`]).split('\n').length).toBe(2)
    expect(repository.git(['log', '--format=%an %s', `${base}..${commit}`])).toBe('An Agent Second\nAn Agent First')
    expect(readCommit(repository, commit)).toEqual({ 'a.txt': 'changed\n', 'b.txt': 'changed\n', 'c.txt': 'theirs\n' })
    repository.git(['merge', '-q', '--no-edit', 'main'], directory)
    const merged = await build()
    expect(repository.git(['log', '--format=%s %P', `${base}..${merged}`])).toBe(`Land it ${base}`)
  })
})

describe('what landed', () => {
  it('is seen when somebody squashes it, merges it or picks it, and not when something else lands', async () => {
    for (const how of ['squash', 'merge', 'cherry-pick'] as const) {
      using repository = testRepository(files)
      const { vcs, head, base } = await candidate(repository, { 'a.txt': 'A\n' })
      const question = { task: 'task', head, base, commit: null }
      repository.commit({ 'b.txt': 'B\n' })
      expect((await vcs.observe({ landed: [question], signal })).landed.size).toBe(0)
      if (how === 'cherry-pick') repository.git(['cherry-pick', head])
      else repository.git(['merge', '-q', how === 'squash' ? '--squash' : '--no-edit', head])
      if (how === 'squash') repository.git(['commit', '-q', '-m', 'Squashed'])
      repository.commit({ 'c.txt': 'C\n' })
      const { landed } = await vcs.observe({ landed: [question], signal })
      expect(landed.get('task')).toMatchObject({ by: 'other' })
    }
  })

  it('is still ours after the user merged the target into something and made that the target', async () => {
    using repository = testRepository(files)
    const { vcs, head, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    repository.git(['checkout', '-q', '-b', 'side', base])
    repository.commit({ 'b.txt': 'B\n' })
    repository.git(['merge', '-q', '--no-edit', 'main'])
    repository.git(['branch', '-f', 'main', 'side'])
    repository.git(['gc', '-q'])
    const again = gitVcs({ repository: repository.root, target: 'main' })
    const { landed } = await again.observe({ landed: [{ task: 'task', head, base, commit }], signal })
    expect(landed.get('task')).toEqual({ commit, by: 'us' })
  })
})

it('checks never see what earlier checks left', async () => {
  using repository = testRepository(files)
  const vcs = gitVcs({ repository: repository.root, target: 'main' })
  const commit = repository.git(['rev-parse', 'main'])
  const { directory } = await vcs.checkout({ commit, signal })
  write(directory, { 'a.txt': 'changed\n', 'node_modules/x/index.js': 'x\n', 'b.txt': null })
  chmodSync(join(directory, 'c.txt'), 0o755)
  expect(await vcs.checkout({ commit, signal })).toEqual({ directory })
  expect(readFolder(directory)).toEqual(files)
  expect(directory.startsWith(repository.root + '/')).toBe(false)
})
