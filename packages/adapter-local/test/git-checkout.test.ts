import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Oid, Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { signal } from './git-task.ts'

const files = {
  '.gitignore': '*.log\n',
  'README.md': 'read me\n',
  'src/a.ts': 'a\n',
  'src/deep/b.ts': 'b\n',
  'src/deep/c.ts': 'c\n',
  'run.sh': '#!/bin/sh\n',
}

/** Everything below `directory` as one sees it: kind, whether it may be executed, content. */
function seen(directory: string, below = ''): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(join(directory, below))) {
    const path = join(below, name)
    const stat = lstatSync(join(directory, path))
    if (stat.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(directory, path))}`
    else if (stat.isDirectory()) Object.assign(found, { [path]: 'folder' }, seen(directory, path))
    else found[path] = `${stat.mode & 0o100 ? 'x' : '-'} ${readFileSync(join(directory, path), 'latin1')}`
  }
  return found
}

/** Five commits; the check-out of the first of them, in which something was left, is old enough to be made over. */
async function used(
  repository: TestRepository,
  leave: (directory: string) => void = () => undefined,
): Promise<{ vcs: Vcs; old: string; next: Oid }> {
  const vcs = gitVcs({ repository: repository.root, target: 'main' })
  const { directory: old } = await vcs.checkout({ commit: repository.git(['rev-parse', 'main']), signal })
  leave(old)
  for (let count = 0; count < 3; count++) {
    await vcs.checkout({ commit: repository.commit({ 'src/a.ts': `a ${count}\n` }), signal })
  }
  symlinkSync('src/a.ts', join(repository.root, 'link'))
  const next = repository.commit({ 'src/a.ts': 'new\n', 'src/deep/c.ts': null, 'more/d.ts': 'd\n' })
  return { vcs, old, next }
}

const leavings: Readonly<Record<string, (directory: string, repository: TestRepository) => void>> = {
  nothing: () => undefined,
  'changed, executable and deleted files': (at) => {
    write(at, { 'README.md': 'READ ME\n', 'src/deep/b.ts': null })
    chmodSync(join(at, 'run.sh'), 0o755)
  },
  'new and ignored files and empty folders': (at) => {
    write(at, { 'build.log': 'log\n', 'node_modules/x/index.js': 'x\n', 'src/new.ts': 'new\n' })
    mkdirSync(join(at, 'src/empty/er'), { recursive: true })
  },
  'a folder in the place of a file': (at) => write(at, { 'README.md': null, 'README.md/inside': 'x\n' }),
  'a link out in the place of a folder': (at, { root }) => {
    rmSync(join(at, 'src'), { recursive: true })
    symlinkSync(join(root, 'src'), join(at, 'src'))
  },
  'a repository of its own, and one in a folder': (at) => {
    for (const inside of [at, join(at, 'src')]) execFileSync('git', ['init', '-q'], { cwd: inside })
    write(at, { '.git/hooks/pre-commit': '#!/bin/sh\nexit 1\n' })
  },
  'a folder that nobody may read': (at) => chmodSync(join(at, 'src/deep'), 0o000),
  'names of any bytes': (at) => write(at, { 'ü ñ\n"x".log': 'x\n', 'src/-rf': 'x\n' }),
}

describe('a check-out for checks', () => {
  for (const [what, leave] of Object.entries(leavings)) {
    it(`is like a new one when it is made over: ${what}`, async () => {
      using repository = testRepository(files)
      const { vcs, old, next } = await used(repository, (at) => leave(at, repository))
      const { directory } = await vcs.checkout({ commit: next, signal })
      expect(readdirSync(join(directory, '..'))).not.toContain(basename(old))
      const fresh = join(repository.folder, 'fresh')
      repository.git(['worktree', 'add', '-q', '--detach', fresh, next])
      rmSync(join(fresh, '.git'))
      expect(seen(directory)).toEqual(seen(fresh))
      expect(repository.git(['status', '--porcelain'])).toBe('')
    })
  }

  it('is made over where that can be done', async () => {
    using repository = testRepository(files)
    const { vcs, old, next } = await used(repository)
    const { ino } = lstatSync(join(old, 'README.md'))
    const { directory } = await vcs.checkout({ commit: next, signal })
    expect(lstatSync(join(directory, 'README.md')).ino).toBe(ino)
  })

  it('of the same tree shows nothing that was left in it', async () => {
    using repository = testRepository(files)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const commit = repository.git(['rev-parse', 'main'])
    const { directory } = await vcs.checkout({ commit, signal })
    const expected = seen(directory)
    write(directory, { 'README.md': 'changed\n', 'x.log': 'x\n' })
    expect(await vcs.checkout({ commit, signal })).toEqual({ directory })
    expect(seen(directory)).toEqual(expected)
    expect(directory.startsWith(`${repository.root}/`)).toBe(false)
  })

  it('is left alone while a process works in it', async () => {
    using repository = testRepository(files)
    const { vcs, old, next } = await used(repository, (at) => write(at, { 'x.log': 'x\n' }))
    const worker = spawn('sleep', ['1000'], { cwd: old })
    await once(worker, 'spawn')
    const { directory } = await vcs.checkout({ commit: next, signal })
    expect(seen(old)['x.log']).toBe('- x\n')
    expect(seen(directory)['src/a.ts']).toBe('- new\n')
    worker.kill('SIGKILL')
    await once(worker, 'close')
  })
})
