import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { readCommit, readFolder, testRepository, write } from './git-repository.ts'
import { signal } from './git-task.ts'

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
    const sealed = await vcs.seal({ workspace: 'task', branch: 'orch/task', include: ['**'], message: 'Do it', signal })
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
    expect(
      await vcs.seal({ workspace: 'task', branch: 'orch/task', include: ['**'], message: 'x', signal }),
    ).toMatchObject({ reason: 'gone' })
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

  it('a checked out target in a workspace does not hold up a landing', async () => {
    using repository = testRepository({ 'src/a.txt': 'a\n' })
    const base = repository.git(['rev-parse', 'HEAD'])
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!made.ok) throw new Error(made.detail)
    write(made.value.directory, { 'src/a.txt': 'changed\n' })
    const sealed = await vcs.seal({ workspace: 'task', branch: 'orch/task', include: ['**'], message: 'x', signal })
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
      await expect(made).rejects.toMatchObject({ code: 'invalid-configuration' })
    }
    for (const name of ['../x', '/etc', 'a/b', '-x', '', '.git', 'A', 'x'.repeat(200)]) {
      const made = vcs.createWorkspace({ name, branch: 'orch/x', from: base, signal })
      await expect(made).rejects.toMatchObject({ code: 'bug' })
    }
    await expect(vcs.checkout({ commit: '--help', signal })).rejects.toMatchObject({ code: 'bug' })
    expect(() => gitVcs({ repository: repository.root, target: '--orphan' })).toThrow('cannot be the name of a branch')
  })
})
