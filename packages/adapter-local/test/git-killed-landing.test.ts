import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
