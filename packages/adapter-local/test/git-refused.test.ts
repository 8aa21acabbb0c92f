import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommit, readFolder, testRepository, write } from './git-repository.ts'
import { make, open, seal, sealing, signal } from './git-task.ts'

const files = { 'd1/f': 'f\n', 'd1/g': 'g\n' }

/** What is left, and the path that must be named. */
const leavings: Readonly<Record<string, { readonly names: string; readonly leave: (directory: string) => void }>> = {
  'a file without the byte order mark that its encoding takes': {
    names: 'a.t',
    leave: (directory) => write(directory, { '.gitattributes': '*.t working-tree-encoding=UTF-16\n', 'a.t': 'abc\n' }),
  },
  'a file in an encoding that there is not': {
    names: 'a.t',
    leave: (directory) => write(directory, { '.gitattributes': '*.t working-tree-encoding=none\n', 'a.t': 'abc\n' }),
  },
  'a pipe in the place of a file': {
    names: 'd1/g',
    leave(directory) {
      rmSync(join(directory, 'd1/g'))
      execFileSync('mkfifo', [join(directory, 'd1/g')])
    },
  },
  'a name that is .git on some file systems': {
    names: 'd1/git~1',
    leave: (directory) => write(directory, { 'd1/git~1/x': 'x\n', 'd1/n': 'n\n' }),
  },
  'a folder that is .git on some file systems': {
    names: 'd1/.GIT/x',
    leave: (directory) => write(directory, { 'd1/.GIT/x': 'x\n' }),
  },
  'a link where git reads no link': {
    names: '.gitmodules',
    leave: (directory) => symlinkSync('elsewhere', join(directory, '.gitmodules')),
  },
  'a file .git in a new folder': {
    names: 'new',
    leave: (directory) => write(directory, { 'new/.git': 'WORK\n', 'new/n': 'n\n' }),
  },
  'a folder .git without a repository in a new folder': {
    names: 'new/below',
    leave: (directory) => write(directory, { 'new/below/.git/x': 'WORK\n', 'new/below/n/n': 'n\n' }),
  },
}

describe('what only a filter could store', () => {
  for (const [how, commits] of [
    ['committed by its agent', true],
    ['left to us', false],
  ] as const)
    it(`is refused with the file and the key, and no filter is run: ${how}`, async () => {
      using repository = testRepository({ ...files, '.gitattributes': '*.ü filter=Crypt\n', 'plain.txt': 'x\n' })
      const { program, ran } = repository.canary()
      const { directory } = await make(repository)
      write(directory, { 'secret.ü': 'password\n', 'plain.txt': 'y\n' })
      if (commits) {
        repository.git(['add', '-A'], directory)
        repository.git(['commit', '-q', '-m', 'By its agent'], directory)
      }
      repository.git(['config', 'filter.Crypt.clean', program])
      const vcs = open(repository)
      const detail = expect.stringMatching(/^secret\.ü has the attribute filter=Crypt, and .*filter\.crypt\.clean/)
      expect(await sealing(vcs)).toMatchObject({ ok: false, reason: 'not-representable', detail })
      expect(ran()).toBe(false)
      write(directory, { 'secret.ü': null })
      if (commits)
        repository.git(['-c', 'filter.Crypt.clean=cat', 'commit', '-q', '-a', '--amend', '-m', 'Without'], directory)
      expect(await sealing(vcs)).toMatchObject({ ok: true })
    })
})

describe('what belongs into another store, where its filter is not configured', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 12345\n`
  const stored = { lfs: pointer, 'git-crypt': '\0GITCRYPT\0xyz\n' }

  for (const [filter, bytes] of Object.entries(stored))
    for (const commits of [true, false])
      it(`is refused as it is used, with the file and the key: ${filter}, ${commits ? 'committed' : 'left to us'}`, async () => {
        using repository = testRepository({ ...files, '.gitattributes': `*.bin filter=${filter}\n`, 'old.bin': bytes })
        const { directory } = await make(repository)
        const change = (edits: Parameters<typeof write>[1]): void => {
          write(directory, edits)
          if (!commits) return
          repository.git(['add', '-A'], directory)
          repository.git(['commit', '-q', '-m', 'By its agent'], directory)
        }
        const vcs = open(repository)
        change({ 'big.bin': 'what it is\n' })
        const detail = expect.stringMatching(
          `^big\\.bin has the attribute filter=${filter}, and .*filter\\.${filter}\\.clean`,
        )
        expect(await sealing(vcs)).toMatchObject({ ok: false, reason: 'not-representable', detail })
        change({ 'big.bin': null, 'old.bin': null, 'moved.bin': bytes, 'empty.bin': '' })
        const { head } = await seal(vcs)
        expect(readCommit(repository, head)).toMatchObject({ 'moved.bin': bytes })
        expect(repository.git(['cat-file', '-s', `${head}:empty.bin`])).toBe('0')
      })
})

describe('what git does not take', () => {
  for (const [what, { names, leave }] of Object.entries(leavings))
    it(`ends an attempt with its path, and is moved aside: ${what}`, async () => {
      using repository = testRepository(files)
      const vcs = open(repository)
      const { directory } = await make(repository, vcs)
      leave(directory)
      const refused = { ok: false, reason: 'not-representable', detail: expect.stringContaining(names) }
      expect(await sealing(vcs)).toMatchObject(refused)
      expect(await vcs.preserve({ workspace: 'task', as: 'task', signal })).toMatchObject(refused)
      const retired = await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
      expect(retired.ok && retired.value.moved).toMatch(/\.aside/)
      expect(existsSync(directory)).toBe(false)
    })

  it('is a folder so deep that no path leads there', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    const script =
      "const fs = require('fs'); for (let i = 0; i < 25; i++) { const to = i ? 'a'.repeat(200) : 'deep'; fs.mkdirSync(to); process.chdir(to) } fs.writeFileSync('f', 'WORK')"
    execFileSync(process.execPath, ['-e', script], { cwd: directory })
    try {
      const refused = { ok: false, reason: 'not-representable', detail: expect.stringContaining('deep/aaa') }
      expect(await sealing(vcs)).toMatchObject(refused)
      expect(await vcs.preserve({ workspace: 'task', as: 'task', signal })).toMatchObject(refused)
      const retired = await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
      expect(retired.ok && retired.value.moved).toMatch(/\.aside/)
    } finally {
      // Node cannot.
      execFileSync('rm', ['-rf', repository.worktrees])
    }
  })

  it.runIf(process.platform === 'linux')('is not a folder whose name is no text', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    const folder = Buffer.concat([Buffer.from(`${directory}/n`), Buffer.from([0xff, 0xfe])])
    mkdirSync(folder)
    writeFileSync(Buffer.concat([folder, Buffer.from('/f')]), 'WORK\n')
    const kept = await vcs.preserve({ workspace: 'task', as: 'task', signal })
    if (!kept.ok) throw new Error(kept.detail)
    const { head } = await seal(vcs)
    for (const oid of [kept.value.oid, head])
      expect(repository.git(['ls-tree', '-r', '--name-only', oid])).toContain('"n\\377\\376/f"')
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toEqual({
      ok: true,
      value: { moved: null },
    })
  })

  it('is a file .git that has a folder for itself, which git never names', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'new/.git': 'WORK\n' })
    const retired = await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
    expect(retired.ok && retired.value.moved).toMatch(/\.aside/)
  })

  it('is not a file whose line ends the user wants to be warned about', async () => {
    using repository = testRepository(files)
    repository.git(['config', 'core.autocrlf', 'true'])
    repository.git(['config', 'core.safecrlf', 'true'])
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'd1/f': 'mixed\r\nends\n', 'd1/n': 'lf\n' })
    const { head } = await seal(vcs)
    expect(readCommit(repository, head)).toEqual({ 'd1/f': 'mixed\nends\n', 'd1/g': 'g\n', 'd1/n': 'lf\n' })
    expect(readFolder(directory)).toMatchObject({ 'd1/f': 'mixed\r\nends\n' })
  })
})
