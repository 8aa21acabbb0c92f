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
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import type { Oid, Vcs } from '@orch/core'
import type { Edits } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { thisOwner } from '../src/git/lock.ts'
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

/** A check-out of one commit, released after something was left in it, and the next commit. */
async function used(
  repository: TestRepository,
  leave: (directory: string) => void = () => undefined,
  edits: Edits = { 'src/a.ts': 'new\n', 'src/deep/c.ts': null, 'more/d.ts': 'd\n' },
): Promise<{ vcs: Vcs; old: string; inode: number; next: Oid }> {
  const vcs = gitVcs({ repository: repository.root, target: 'main' })
  const { directory: old, release } = await vcs.checkout({ commit: repository.git(['rev-parse', 'main']), signal })
  const inode = inodeOf(old)
  leave(old)
  release?.()
  return { vcs, old, inode, next: repository.commit(edits) }
}

/** Of a file that no commit here changes: it stays where a check-out is made over. */
function inodeOf(directory: string): number {
  return lstatSync(join(directory, 'run.sh')).ino
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

const edited: Readonly<Record<string, Edits>> = {
  'attributes that change the other files': { '.gitattributes': '*.ts text eol=crlf\n', 'README.md': 'x\n' },
  'a folder in the place of a file': { 'README.md': null, 'README.md/a': 'a\n' },
  'a folder that is empty then': { 'src/deep/b.ts': null, 'src/deep/c.ts': null },
}

describe('a check-out for checks', () => {
  for (const [what, leave] of Object.entries(leavings)) {
    it(`holds exactly the files of its commit, whatever was left before: ${what}`, async () => {
      using repository = testRepository(files)
      const { vcs, old, inode, next } = await used(repository, (at) => leave(at, repository))
      const { directory } = await vcs.checkout({ commit: next, signal })
      expect(readdirSync(join(directory, '..'))).not.toContain(basename(old))
      expect(seen(directory)).toEqual(seen(fresh(repository, next)))
      expect(repository.git(['status', '--porcelain'])).toBe('')
      // A number that was given back may be used again, so nothing is said of the others.
      if (process.platform === 'linux' && what === 'nothing') expect(inodeOf(directory)).toBe(inode)
    })
  }

  for (const [what, edits] of Object.entries(edited)) {
    it(`made over holds what a new one would: ${what}`, async () => {
      using repository = testRepository(files)
      const { vcs, next } = await used(repository, undefined, edits)
      const { directory } = await vcs.checkout({ commit: next, signal })
      expect(seen(directory)).toEqual(seen(fresh(repository, next)))
    })
  }

  it('is made where names are no text', async () => {
    using repository = testRepository(files)
    writeFileSync(Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from([0x63, 0xe9])]), 'old')
    repository.git(['add', '-A'])
    const { vcs, next } = await used(repository, undefined, { 'src/a.ts': 'new\n' })
    const { directory } = await vcs.checkout({ commit: next, signal })
    expect(readdirSync(directory, { encoding: 'latin1' })).toContain('c\u00e9')
    expect(seen(join(directory, 'src'))['a.ts']).toBe('- new\n')
  })

  it('is not made over while somebody works in it whose folders are reached by a link', async () => {
    using repository = testRepository(files)
    const worktrees = `${repository.root}.worktrees`
    mkdirSync(`${repository.root}.disk`)
    symlinkSync(`${repository.root}.disk`, worktrees)
    const { old, vcs, next } = await used(repository)
    const worker = spawn('sleep', ['1000'], { cwd: old })
    await once(worker, 'spawn')
    await vcs.checkout({ commit: next, signal })
    expect(seen(old)['src/a.ts']).toBe('- a\n')
    worker.kill('SIGKILL')
    await once(worker, 'close')
  })

  it('is not made over before it is released', async () => {
    using repository = testRepository(files)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const commit = repository.git(['rev-parse', 'main'])
    const [first, second] = await Promise.all([vcs.checkout({ commit, signal }), vcs.checkout({ commit, signal })])
    expect(first.directory).not.toBe(second.directory)
    expect(seen(first.directory)).toEqual(seen(second.directory))
    first.release?.()
    await vcs.checkout({ commit: repository.commit({ 'src/a.ts': 'new\n' }), signal })
    expect(seen(second.directory)['src/a.ts']).toBe('- a\n')
    expect(second.directory.startsWith(`${repository.root}/`)).toBe(false)
  })

  it('is left alone while a process works in it, and another orchestrator leaves it alone as well', async () => {
    using repository = testRepository(files)
    const { vcs, old, next } = await used(repository)
    const worker = spawn('sleep', ['1000'], { cwd: old })
    await once(worker, 'spawn')
    const elsewhere = gitVcs({ repository: repository.root, target: 'main' })
    for (let count = 0; count < 6; count++) {
      for (const each of [vcs, elsewhere]) (await each.checkout({ commit: next, signal })).release?.()
    }
    expect(seen(old)['src/a.ts']).toBe('- a\n')
    worker.kill('SIGKILL')
    await once(worker, 'close')
    expect(readdirSync(join(old, '..')).length).toBeLessThan(12)
  })

  it('of a process that has died is taken away', async () => {
    using repository = testRepository(files)
    const { vcs, old, next } = await used(repository)
    const record = join(repository.common, 'orch', 'checks', basename(old))
    renameSync(old, `${old}0`)
    renameSync(record, `${record}0`)
    write(`${record}0`, { owner: JSON.stringify({ ...JSON.parse(await thisOwner()), start: 'long ago' }) })
    const { directory } = await vcs.checkout({ commit: next, signal })
    expect(readdirSync(join(old, '..'))).toEqual([basename(directory)])
    expect(readdirSync(join(record, '..'))).toEqual([basename(directory)])
  })
})

function fresh(repository: TestRepository, commit: Oid): string {
  const directory = join(repository.folder, 'fresh')
  repository.git(['worktree', 'add', '-q', '--detach', directory, commit])
  rmSync(join(directory, '.git'))
  return directory
}
