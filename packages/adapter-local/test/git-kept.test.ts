import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { attributes, plants } from './git-plants.ts'
import { readFolder, type TestRepository, testRepository, write } from './git-repository.ts'
import { signal } from './git-task.ts'

async function workspaceOf(repository: TestRepository) {
  const vcs = gitVcs({ repository: repository.root, target: 'main' })
  const base = repository.git(['rev-parse', 'main'])
  const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  const workspace = made.value.directory
  const retire = async () => {
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    return (await vcs.kept?.({ signal })) ?? []
  }
  return { vcs, base, workspace, retire }
}

describe('what is kept', () => {
  it('holds what was staged and then changed or deleted, which is in the index alone', async () => {
    using repository = testRepository({ 'a.txt': 'a\n' })
    const { workspace, retire, vcs } = await workspaceOf(repository)
    write(workspace, { 'a.txt': 'staged\n', 'new.txt': 'only staged\n' })
    repository.git(['add', '-A'], workspace)
    write(workspace, { 'a.txt': 'later\n', 'new.txt': null })
    const kept = await retire()
    expect(kept.map(({ kind }) => kind)).toEqual(['commits', 'staged', 'files'])
    const staged = kept.find(({ kind }) => kind === 'staged')
    expect(staged?.files).toEqual({ count: 2, first: ['a.txt', 'new.txt'] })
    const directory = join(repository.folder, 'back')
    expect(await vcs.restore?.({ oid: staged?.oid ?? '', to: { directory }, signal })).toEqual({ ok: true })
    expect(readFolder(directory)).toEqual({ 'a.txt': 'staged\n', 'new.txt': 'only staged\n' })
  })

  it('says when it was kept, not how old its commit is', async () => {
    using repository = testRepository()
    const { retire } = await workspaceOf(repository)
    const before = Math.floor(Date.now() / 1000) * 1000
    const [only] = await retire()
    expect(only?.at).toBeGreaterThanOrEqual(before)
    expect(only?.at).toBeLessThanOrEqual(Date.now())
    rmSync(join(repository.common, 'logs/refs/orch'), { recursive: true })
    const [unlogged] = (await gitVcs({ repository: repository.root, target: 'main' }).kept?.({ signal })) ?? []
    expect(unlogged?.at).toBe(Date.parse('2024-01-01T00:00:00Z'))
  })

  it('is cut where it is long, at the end of a line', async () => {
    using repository = testRepository()
    const { base, workspace, retire, vcs } = await workspaceOf(repository)
    write(workspace, { 'large.txt': 'ü'.repeat(99).concat('\n').repeat(20_000) })
    const many = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`many/${at}`, `${at}\n`]))
    write(workspace, many)
    writeFileSync(join(workspace, 'binary'), Buffer.from([0, 1, 2]))
    const files = (await retire()).find(({ kind }) => kind === 'files')
    expect(files?.files).toMatchObject({ count: 1102 })
    expect(files?.files?.first).toHaveLength(20)
    const shown = await vcs.keptChanges?.({ oid: files?.oid ?? '', from: base, patch: true, signal })
    if (shown?.ok !== true) throw new Error('gone')
    const { count, files: named, patch, isCut } = shown.value
    expect([count, named.length, isCut]).toEqual([1102, 1000, true])
    expect(named[0]).toEqual({ path: 'binary', insertions: null, deletions: null })
    expect(Buffer.byteLength(patch ?? '')).toBeLessThanOrEqual(200_000)
    expect(patch?.endsWith('ü\n')).toBe(true)
  })

  it('never goes over anything, nor through a link', async () => {
    using repository = testRepository()
    const { base, vcs } = await workspaceOf(repository)
    const elsewhere = join(repository.folder, 'elsewhere')
    mkdirSync(elsewhere)
    symlinkSync(elsewhere, join(repository.folder, 'link'))
    symlinkSync(join(repository.folder, 'nowhere'), join(repository.folder, 'dangling'))
    write(repository.folder, { file: 'mine\n' })
    for (const name of ['elsewhere', 'link', 'dangling', 'file']) {
      const directory = join(repository.folder, name)
      expect(await vcs.restore?.({ oid: base, to: { directory }, signal }), name).toMatchObject({
        ok: false,
        reason: 'in-the-way',
      })
    }
    const below = { directory: join(repository.folder, 'file', 'below') }
    await expect(vcs.restore?.({ oid: base, to: below, signal })).rejects.toMatchObject({ code: 'no-access' })
    expect(readFolder(elsewhere)).toEqual({})
    for (const branch of ['--force', 'HEAD', 'a..b', 'x.lock'])
      await expect(vcs.restore?.({ oid: base, to: { branch }, signal })).rejects.toMatchObject({
        code: 'invalid-branch',
      })
  })

  it('a tree that would write outside or into .git is not restored', async () => {
    using repository = testRepository()
    const { vcs } = await workspaceOf(repository)
    const stored = (words: readonly string[], input: string | Buffer) =>
      execFileSync('git', words, { cwd: repository.root, input, encoding: 'utf8' }).trim()
    const blob = stored(['hash-object', '-w', '--stdin'], '#!/bin/sh\n')
    for (const name of ['..', '.git', '.GIT']) {
      const entry = Buffer.concat([Buffer.from(`100755 ${name}\0`), Buffer.from(blob, 'hex')])
      const tree = stored(['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], entry)
      const oid = repository.git(['commit-tree', tree, '-m', 'hostile'])
      const directory = join(repository.folder, 'back')
      const restored = await vcs.restore?.({ oid, to: { directory }, signal }).catch((error: unknown) => error)
      expect(restored, name).toMatchObject({ code: 'git-failed' })
      expect(readFolder(repository.folder), name).not.toHaveProperty('back')
    }
  })

  for (const { name, plant } of plants) {
    it(`is read and restored without running ${name}`, async () => {
      using repository = testRepository({ 'src/both.txt': '1\n', 'src/a.txt': 'a\n' })
      const { vcs, workspace, retire } = await workspaceOf(repository)
      const { program, ran } = repository.canary()
      write(workspace, { 'src/both.txt': 'changed\n', '.gitattributes': attributes })
      plant(repository, program, workspace)
      const kept = await retire()
      for (const [at, { oid }] of kept.entries()) {
        if (oid === null) continue
        expect(await vcs.keptChanges?.({ oid, from: null, patch: true, signal })).toMatchObject({ ok: true })
        const directory = join(repository.folder, `back-${at}`)
        expect(await vcs.restore?.({ oid, to: { directory }, signal })).toEqual({ ok: true })
        expect(await vcs.restore?.({ oid, to: { branch: `kept/${at}` }, signal })).toEqual({ ok: true })
      }
      expect(kept.length).toBeGreaterThan(0)
      expect(ran()).toBe(false)
    })
  }
})
