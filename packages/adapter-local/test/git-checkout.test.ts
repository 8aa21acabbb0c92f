import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
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
    else if (stat.isDirectory())
      Object.assign(found, { [path]: `folder ${(stat.mode & 0o777).toString(8)}` }, seen(directory, path))
    else found[path] = `${stat.mode & 0o100 ? 'x' : '-'} ${readFileSync(join(directory, path), 'latin1')}`
  }
  return found
}

/** Some commits, and a check-out of the first of them in which something was left. */
async function used(
  repository: TestRepository,
  leave: (directory: string) => void = () => undefined,
): Promise<{ vcs: Vcs; old: string; next: Oid }> {
  const vcs = gitVcs({ repository: repository.root, target: 'main' })
  const { directory: old } = await vcs.checkout({ commit: repository.git(['rev-parse', 'main']), signal })
  leave(old)
  for (let count = 0; count < 5; count++) {
    await vcs.checkout({ commit: repository.commit({ 'src/a.ts': `a ${count}\n` }), signal })
  }
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
  'a folder that was moved and linked back': (at) => {
    renameSync(join(at, 'src'), join(at, 'build'))
    symlinkSync('build', join(at, 'src'))
  },
  'attributes that change every line': (at) => write(at, { '.gitattributes': '* text eol=crlf\n', 'src/a.ts': null }),
  'other modes of folders': (at) => chmodSync(join(at, 'src'), 0o700),
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
    it(`holds exactly the files of its commit, whatever was left before: ${what}`, async () => {
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

  it('of the same tree is another one', async () => {
    using repository = testRepository(files)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const commit = repository.git(['rev-parse', 'main'])
    const { directory } = await vcs.checkout({ commit, signal })
    const expected = seen(directory)
    write(directory, { 'README.md': 'changed\n', 'x.log': 'x\n' })
    const again = await vcs.checkout({ commit, signal })
    expect(again.directory).not.toBe(directory)
    expect(seen(again.directory)).toEqual(expected)
    expect(directory.startsWith(`${repository.root}/`)).toBe(false)
  })

  it('is left alone while a process works in it', async () => {
    using repository = testRepository(files)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const commit = repository.git(['rev-parse', 'main'])
    const { directory } = await vcs.checkout({ commit, signal })
    const { directory: idle } = await vcs.checkout({ commit, signal })
    const worker = spawn('sleep', ['1000'], { cwd: directory })
    await once(worker, 'spawn')
    for (let count = 0; count < 6; count++) await vcs.checkout({ commit, signal })
    expect(readdirSync(join(directory, '..'))).toContain(basename(directory))
    expect(readdirSync(join(directory, '..'))).not.toContain(basename(idle))
    expect(Object.keys(seen(directory))).toContain('README.md')
    worker.kill('SIGKILL')
    await once(worker, 'close')
  })
})
