import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { readCommit, readFolder, testRepository, write } from './git-repository.ts'
import { asIfJustCheckedOut } from './git-same-second.ts'
import { make, open, seal, sealing, signal } from './git-task.ts'

describe('what an agent leaves', () => {
  it('links are kept as links and never followed', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const outside = join(repository.folder, 'outside')
    write(outside, { 'secret.txt': 'secret\n' })
    const base = repository.git(['rev-parse', 'HEAD'])
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!made.ok) throw new Error(made.detail)
    symlinkSync(outside, join(made.value.directory, 'link'))
    const sealed = await sealing(vcs)
    if (!sealed.ok) throw new Error(sealed.detail)
    expect(repository.git(['ls-tree', '-r', sealed.value.head])).toMatch(/^120000 blob \w+\tlink$/m)
    expect(readCommit(repository, sealed.value.head).link).toBe(`${outside}\n`)
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(readFolder(outside)).toEqual({ 'secret.txt': 'secret\n' })
  })

  it('a workspace that was replaced by a link is moved aside, and what it leads to is left alone', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const base = repository.git(['rev-parse', 'HEAD'])
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const options = { name: 'task', branch: 'orch/task', from: base, signal }
    const made = await vcs.createWorkspace(options)
    if (!made.ok) throw new Error(made.detail)
    rmSync(made.value.directory, { recursive: true })
    symlinkSync(repository.root, made.value.directory)
    expect(await sealing(vcs)).toMatchObject({ reason: 'gone' })
    const retired = await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
    expect(retired.ok && retired.value.moved).toMatch(/\.aside/)
    expect(readFolder(repository.root)).toEqual({ 'src/a.txt': 'a\n' })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('a repository made over the workspace is moved aside', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const base = repository.git(['rev-parse', 'HEAD'])
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!made.ok) throw new Error(made.detail)
    repository.git(['init', '-q', 'src'], made.value.directory)
    const kept = await vcs.preserve({ workspace: 'task', as: 'task', signal })
    expect(kept).toMatchObject({ reason: 'not-representable', detail: expect.stringContaining('src') })
    const retired = await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
    expect(retired.ok && retired.value.moved).toMatch(/\.aside/)
  })

  it('a change in the second in which the file was checked out is sealed, whatever it deletes beside it', async () => {
    using repository = testRepository({ 'changed.txt': 'a\n', 'deleted.txt': 'deleted\n' })
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'changed.txt': 'A\n', 'deleted.txt': null })
    asIfJustCheckedOut(repository, directory, 'changed.txt')
    expect(repository.git(['--no-optional-locks', 'status', '--porcelain'], directory)).toBe(
      ' M changed.txt\n D deleted.txt',
    )
    const { head } = await seal(vcs)
    expect(readCommit(repository, head)).toEqual({ 'changed.txt': 'A\n' })
  })

  it('a damaged index keeps nobody waiting: what is in the files is sealed', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const vcs = open(repository)
    const workspace = await make(repository, vcs)
    const base = repository.git(['rev-parse', 'HEAD'])
    write(workspace.directory, { 'src/a.txt': 'changed\n', 'src/b.txt': 'b\n' })
    for (const garbage of ['garbage\n', 'x'.repeat(200)]) {
      writeFileSync(join(repository.common, 'worktrees', 'orch.task', 'index'), garbage)
      expect(await vcs.changes({ workspace: 'task', base, signal })).toMatchObject({
        files: 2,
        insertions: 2,
        deletions: 1,
      })
      expect(await vcs.preserve({ workspace: 'task', as: 'task', signal })).toMatchObject({ ok: true })
    }
    const { head } = await seal(vcs)
    expect(readCommit(repository, head)).toEqual({ 'src/a.txt': 'changed\n', 'src/b.txt': 'b\n' })
    expect(repository.git(['status', '--porcelain'], workspace.directory)).toBe('')
  })

  it.each(['HEAD', 'index', 'gitdir'])('a pipe in the place of %s is waited for by nobody', async (file) => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const vcs = open(repository)
    const workspace = await make(repository, vcs)
    const path = join(repository.common, 'worktrees', 'orch.task', file)
    rmSync(path)
    execFileSync('mkfifo', [path])
    await vcs.observe({ landed: [], signal })
    const sealed = await sealing(vcs)
    expect(sealed).toMatchObject({ ok: false, reason: 'gone' })
    const retired = await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
    expect(retired.ok && retired.value.moved).toMatch(/\.aside/)
    expect(existsSync(workspace.directory)).toBe(false)
  })

  it('a workspace that is retired while its changes are counted has none', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const vcs = open(repository)
    const workspace = await make(repository, vcs)
    const base = repository.git(['rev-parse', 'HEAD'])
    const found = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
    const programs = join(repository.folder, 'programs')
    mkdirSync(programs)
    const script = `#!/bin/sh\ncase " $* " in *" diff "*) rm -rf '${workspace.directory}' ;; esac\nexec '${found}' "$@"\n`
    writeFileSync(join(programs, 'git'), script, { mode: 0o755 })
    vi.stubEnv('PATH', `${programs}:${process.env.PATH}`)
    try {
      expect(await vcs.changes({ workspace: 'task', base, signal })).toMatchObject({
        files: 0,
        insertions: 0,
        deletions: 0,
      })
    } finally {
      vi.unstubAllEnvs()
    }
  })

  it('a checked out target in a workspace does not hold up a landing', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const base = repository.git(['rev-parse', 'HEAD'])
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!made.ok) throw new Error(made.detail)
    write(made.value.directory, { 'src/a.txt': 'changed\n' })
    const sealed = await sealing(vcs)
    if (!sealed.ok) throw new Error(sealed.detail)
    repository.git(['symbolic-ref', 'HEAD', 'refs/heads/main'], made.value.directory)
    write(made.value.directory, { 'src/a.txt': 'dirty\n' })
    expect(await vcs.land({ expect: base, commit: sealed.value.head, signal })).toEqual({ ok: true })
    expect(readFolder(made.value.directory)).toEqual({ 'src/a.txt': 'dirty\n' })
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(repository.git(['rev-parse', 'main'])).toBe(sealed.value.head)
  })

  it('names that git or a shell could take for something else are refused', async () => {
    using repository = testRepository()
    const base = repository.git(['rev-parse', 'HEAD'])
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    for (const branch of ['--upload-pack=x', 'a..b', '-c', 'a b', 'a\nb', 'x.lock', '.hidden', 'a/.b', '@{-1}', '']) {
      const made = vcs.createWorkspace({ name: 'task', branch, from: base, signal })
      await expect(made).rejects.toMatchObject({ code: 'invalid-branch' })
    }
    for (const name of ['../x', '/etc', 'a/b', '-x', '', '.git', 'A', 'x'.repeat(200)]) {
      const made = vcs.createWorkspace({ name, branch: 'orch/x', from: base, signal })
      await expect(made).rejects.toMatchObject({ code: 'bug' })
    }
    await expect(vcs.checkout({ commit: '--help', signal })).rejects.toMatchObject({ code: 'bug' })
    expect(() => gitVcs({ repository: repository.root, target: '--orphan' })).toThrow('cannot be the name of a branch')
  })
})
