import { existsSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { Oid } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { thisOwner } from '../src/git/lock.ts'
import { readFolder, type TestRepository, testRepository, write } from './git-repository.ts'
import { candidate, signal } from './git-task.ts'

const files = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' }

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
    const { vcs, base, commit } = await candidate(repository, {
      'a.txt': 'A\n',
      'b.txt': null,
      'd.txt': 'd\n',
      'c.txt': 'C\n',
    })
    write(repository.root, { 'a.txt': 'A\n', 'b.txt': null, 'd.txt': 'd\n' })
    const dead = JSON.parse(await thisOwner()) as Record<string, unknown>
    writeFileSync(join(repository.common, 'index.lock'), `orch ${JSON.stringify({ ...dead, start: 'long ago' })}`)
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual({ 'a.txt': 'A\n', 'c.txt': 'C\n', 'd.txt': 'd\n' })
  })

  for (const [where, half] of [
    [
      'the branch',
      (repository: TestRepository, base: Oid, commit: Oid) => repository.git(['read-tree', '-m', '-u', base, commit]),
    ],
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

  it('is taken back on its own branch when something lands on another one', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'b.txt': null })
    await vcs.createTarget({ branch: 'feature/x', from: base, signal })
    repository.git(['read-tree', '-m', '-u', base, commit])
    writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit} main\n`)
    expect(await vcs.land({ target: 'feature/x', expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual(files)
    expect([repository.git(['rev-parse', 'main']), repository.git(['rev-parse', 'feature/x'])]).toEqual([base, commit])
  })

  describe('in the middle of a file', () => {
    const edits = { 'a.txt': 'after\n', 'd.txt': 'one\ntwo\n' }
    const torn = { 'a.txt': 'aft', 'd.txt': '' }

    it('is completed by the next one', async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, edits)
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, torn)
      expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
      expect(repository.git(['status', '--porcelain'])).toBe('')
      expect(readFolder(repository.root)).toEqual({ ...files, ...edits })
    })

    it('is taken back when another change lands instead', async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, edits)
      const other = await candidate(repository, { 'd.txt': 'other\n' }, { name: 'other', vcs })
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, torn)
      expect(await vcs.land({ expect: base, commit: other.commit, signal })).toEqual({ ok: true })
      expect(repository.git(['status', '--porcelain'])).toBe('')
      expect(readFolder(repository.root)).toEqual({ ...files, 'd.txt': 'other\n' })
    })

    it.each([
      ['that the user wrote before it', (path: string) => utimesSync(path, 1000, 1000), 'aft'],
      ['that says something else', () => {}, 'mine'],
    ])('leaves a file %s alone', async (_, make, text) => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, edits)
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, { 'a.txt': text })
      make(join(repository.root, 'a.txt'))
      expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ ok: false, reason: 'held-by-user' })
      expect(readFolder(repository.root)).toEqual({ ...files, 'a.txt': text })
    })

    it('is kept in mind while a git of the user is at work', async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, edits)
      const other = await candidate(repository, { 'b.txt': 'other\n' }, { name: 'other', vcs })
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, torn)
      const lock = join(repository.common, 'index.lock')
      writeFileSync(lock, '')
      expect(await vcs.land({ expect: base, commit: other.commit, signal })).toMatchObject({ reason: 'held-by-user' })
      rmSync(lock)
      expect(await vcs.land({ expect: base, commit: other.commit, signal })).toEqual({ ok: true })
      expect(readFolder(repository.root)).toEqual({ ...files, 'b.txt': 'other\n' })
    })
  })

  describe('and in whose files the user has worked since', () => {
    const edits = { 'a.txt': 'after\n', 'c.txt': 'C\n', 'd.txt': 'one\ntwo\n' }
    const torn = { 'a.txt': 'after\n', 'd.txt': 'one' }

    it.each([
      ['is taken back but for theirs when it has to wait for them', true],
      ['is taken back but for theirs when another change lands instead', false],
    ])('%s', async (_, isTriedAgain) => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, edits)
      const other = await candidate(repository, { 'b.txt': 'other\n' }, { name: 'other', vcs })
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, { ...torn, 'c.txt': 'mine\n' })
      if (isTriedAgain) {
        expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user' })
        expect(readFolder(repository.root)).toEqual({ ...files, 'c.txt': 'mine\n' })
      }
      expect(await vcs.land({ expect: base, commit: other.commit, signal })).toEqual({ ok: true })
      expect(readFolder(repository.root)).toEqual({ ...files, 'b.txt': 'other\n', 'c.txt': 'mine\n' })
      expect(repository.git(['status', '--porcelain'])).toBe(' M c.txt')
    })

    it('leaves what they staged, although it is the beginning of what lands', async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, edits)
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, { 'd.txt': '' })
      repository.git(['add', 'd.txt'])
      expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user' })
      expect(readFolder(repository.root)).toEqual({ ...files, 'd.txt': '' })
    })

    it('leaves what they committed of it', async () => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, edits)
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, torn)
      repository.git(['commit', '--quiet', '--all', '--message=half'])
      expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'moved' })
      expect(readFolder(repository.root)).toEqual({ ...files, 'a.txt': 'after\n' })
      expect(repository.git(['status', '--porcelain'])).toBe('')
    })
  })

  it.each(['one', 'one\ntwo\n'])('where a folder becomes a file is completed by the next one: %j', async (text) => {
    using repository = testRepository({ ...files, 'd/e.txt': 'e\n' })
    const folder = await candidate(repository, { 'd/e.txt': null, 'f.txt': 'one\ntwo\n' })
    const blob = repository.git(['rev-parse', `${folder.commit}:f.txt`])
    repository.git(['update-index', '--add', '--replace', '--cacheinfo', `100644,${blob},d`])
    const tree = repository.git(['write-tree'])
    repository.git(['read-tree', folder.base])
    const commit = repository.git(['commit-tree', '-p', folder.base, '-m', 'a file', tree])
    writeFileSync(join(repository.common, 'orch', 'landing'), `${folder.base} ${commit}\n`)
    rmSync(join(repository.root, 'd'), { recursive: true })
    write(repository.root, { d: text })
    expect(await folder.vcs.land({ expect: folder.base, commit, signal })).toEqual({ ok: true })
    expect(readFolder(repository.root)).toEqual({ ...files, d: 'one\ntwo\n' })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it.each([
    ['completed', true],
    ['taken back', false],
  ])('with modes, links and a submodule is %s by the next one', async (_, isCompleted) => {
    using repository = testRepository({ ...files, 'run.sh': 'one\ntwo\n' })
    const { vcs, base } = await candidate(repository, { 'e.txt': 'e\n' })
    const other = await candidate(repository, { 'b.txt': 'other\n' }, { name: 'other', vcs })
    const entry = (mode: string, path: string, name: string) =>
      `${mode},${repository.git(['rev-parse', `${base}${path}`])},${name}`
    for (const added of [
      entry('100755', ':run.sh', 'run.sh'),
      entry('120000', ':a.txt', 'c.txt'),
      entry('160000', '', 'sub'),
    ])
      repository.git(['update-index', '--add', '--cacheinfo', added])
    const commit = repository.git(['commit-tree', '-p', base, '-m', 'mixed', repository.git(['write-tree'])])
    repository.git(['read-tree', base])
    writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
    rmSync(join(repository.root, 'c.txt'))
    symlinkSync('a\n', join(repository.root, 'c.txt'))
    mkdirSync(join(repository.root, 'sub'))
    write(repository.root, { 'run.sh': 'one' })
    expect(await vcs.land({ expect: base, commit: isCompleted ? commit : other.commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual(
      isCompleted
        ? { ...files, 'c.txt': '-> a\n', 'run.sh': 'one\ntwo\n' }
        : { ...files, 'b.txt': 'other\n', 'run.sh': 'one\ntwo\n' },
    )
  })

  it.each(['sha1', 'sha256'])('in files with line ends of Windows is completed or taken back: %s', async (format) => {
    using repository = testRepository(files, [`--object-format=${format}`])
    repository.git(['config', 'core.autocrlf', 'true'])
    const odd = ' "would be"\n\té.txt'
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\r\nB\r\n', [odd]: 'one\r\ntwo\r\n' })
    const other = await candidate(repository, { 'b.txt': 'other\r\n' }, { name: 'other', vcs })
    for (const [landing, there] of [
      [other.commit, { 'a.txt': 'a\r\n', 'b.txt': 'other\r\n' }],
      [commit, { 'a.txt': 'A\r\nB\r\n', [odd]: 'one\r\ntwo\r\n' }],
    ] as const) {
      repository.git(['reset', '--quiet', '--hard', base])
      writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
      write(repository.root, { 'a.txt': 'A\r\nB\r', [odd]: 'one\r' })
      expect(await vcs.land({ expect: base, commit: landing, signal })).toEqual({ ok: true })
      expect(repository.git(['status', '--porcelain'])).toBe('')
      expect(readFolder(repository.root)).toMatchObject(there)
    }
  })

  it('in the middle of a file that is longer than memory has room for is completed by the next one', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'd.txt': '\n'.repeat(280_000_000) })
    writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
    write(repository.root, { 'd.txt': '\n'.repeat(200_000_000) })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it("is not forgotten, and takes nobody's lock away, when a git of the user keeps it from going back", async () => {
    using repository = testRepository(files)
    const second = join(repository.folder, 'second')
    repository.git(['worktree', 'add', '--quiet', '--force', second, 'main'])
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n' })
    const other = await candidate(repository, { 'b.txt': 'other\n' }, { name: 'other', vcs })
    write(second, { 'a.txt': 'mine\n' })
    const lock = join(repository.common, 'index.lock')
    const landing = vcs.land({ expect: base, commit, signal })
    const isLocked = () => existsSync(lock) || readFolder(repository.root)['a.txt'] !== 'A\n'
    const deadline = performance.now() + 10_000
    while (isLocked() && performance.now() < deadline) await turn()
    writeFileSync(lock, '')
    expect(await landing).toMatchObject({ reason: 'held-by-user' })
    expect(existsSync(lock)).toBe(true)
    rmSync(lock)
    expect(await vcs.land({ expect: base, commit: other.commit, signal })).toEqual({ ok: true })
    expect(readFolder(repository.root)).toEqual({ ...files, 'b.txt': 'other\n' })
    expect(readFolder(second)).toEqual({ ...files, 'a.txt': 'mine\n', 'b.txt': 'other\n' })
  })

  it.each([
    ['is taken back when nothing lands any more', false],
    ['is forgotten when it is on the target', true],
  ])('%s', async (_, isOnTarget) => {
    using repository = testRepository(files)
    const edits = { 'a.txt': 'A\n', 'b.txt': null }
    const { vcs, base, commit } = await candidate(repository, edits)
    writeFileSync(join(repository.common, 'orch', 'landing'), `${base} ${commit}\n`)
    repository.git(['read-tree', '-m', '-u', base, commit])
    if (isOnTarget) repository.git(['update-ref', 'refs/heads/main', commit, base])
    await vcs.sweep?.({ signal })
    expect(existsSync(join(repository.common, 'orch', 'landing'))).toBe(false)
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual(isOnTarget ? { 'a.txt': 'A\n', 'c.txt': 'c\n' } : files)
  })

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
    await expect(landing).rejects.toMatchObject({ code: 'git-failed' })
    rmSync(lock)
    repository.git(['update-ref', 'refs/heads/main', moved])
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'moved' })
    expect(repository.git(['status', '--porcelain'])).toBe('')
    expect(readFolder(repository.root)).toEqual(files)
  })
})
