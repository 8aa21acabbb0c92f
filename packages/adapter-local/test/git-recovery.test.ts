import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFolder, testRepository, write } from './git-repository.ts'
import { files, make, open, seal, signal } from './git-task.ts'

describe('making a workspace that was interrupted', () => {
  it('before it had a name leaves nothing in the way', async () => {
    using repository = testRepository(files)
    await make(repository)
    repository.git(['branch', 'orch/other'])
    write(join(repository.worktrees, '.making', 'other.0123'), { 'src/half': '' })
    const { directory } = await make(repository, open(repository), 'other')
    expect(readFolder(directory)).toEqual(files)
  })

  it('between entry and files is completed', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    renameSync(directory, join(repository.worktrees, '.making', 'task.0123'))
    const vcs = open(repository)
    expect((await vcs.observe({ landed: [], signal })).workspaces.get('task')?.state).toBe('torn')
    expect((await make(repository, vcs)).state).toBe('ready')
    expect(readFolder(directory)).toEqual(files)
    expect(repository.git(['status', '--porcelain'], directory)).toBe('')
  })

  it('before the index was there adds what is missing and overwrites nothing', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    rmSync(repository.git(['rev-parse', '--git-path', 'index'], directory))
    write(directory, { 'src/a.ts': 'work\n', 'README.md': null })
    await make(repository)
    expect(readFolder(directory)).toEqual({ 'README.md': 'read me\n', 'src/a.ts': 'work\n' })
    expect(repository.git(['status', '--porcelain'], directory)).toBe('M src/a.ts'.padStart(11))
  })

  it('or whose entry was pruned keeps the work in it', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    write(directory, { 'src/a.ts': 'work\n' })
    rmSync(join(repository.common, 'worktrees'), { recursive: true })
    await make(repository)
    expect(readFolder(directory)).toMatchObject({ 'src/a.ts': 'work\n' })
    expect(repository.git(['status', '--porcelain'], directory)).toBe(' M src/a.ts')
  })

  it('mends an entry of ours that is torn, and leaves others alone', async () => {
    using repository = testRepository(files)
    const { directory } = await make(repository)
    const [id = ''] = readdirSync(join(repository.common, 'worktrees'))
    writeFileSync(join(repository.common, 'worktrees', id, 'commondir'), '')
    expect(repository.works(['worktree', 'list'])).toBe(false)
    const vcs = open(repository)
    expect((await vcs.observe({ landed: [], signal })).workspaces.get('task')?.state).toBe('torn')
    await make(repository, vcs)
    expect(repository.works(['worktree', 'list'])).toBe(true)
    expect(repository.git(['status', '--porcelain'], directory)).toBe('')

    const dead = join(repository.common, 'worktrees', 'dead')
    mkdirSync(dead)
    for (const [name, text] of [
      ['commondir', ''],
      ['locked', ''],
      ['gitdir', '../x/.git\n'],
    ] as const)
      writeFileSync(join(dead, name), text)
    await make(repository, vcs, 'other')
    write(directory, { 'src/a.ts': 'A\n' })
    const { head } = await seal(vcs)
    expect(await vcs.land({ expect: repository.git(['rev-parse', 'main']), commit: head, signal })).toEqual({
      ok: true,
    })
    for (const name of ['task', 'other']) {
      expect(await vcs.retire({ workspace: name, branch: `orch/${name}`, signal })).toMatchObject({ ok: true })
    }
    expect(readdirSync(join(repository.common, 'worktrees'))).toEqual(['dead'])
    expect(readFileSync(join(dead, 'gitdir'), 'utf8')).toBe('../x/.git\n')
  })
})

describe('retiring', () => {
  it('goes on where it was killed', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    write(directory, { 'src/a.ts': 'A\n' })
    const { head } = await seal(vcs)
    rmSync(directory, { recursive: true })
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(repository.works(['rev-parse', '--verify', '-q', 'orch/task'])).toBe(false)
    expect(repository.git(['for-each-ref', '--format=%(objectname)', 'refs/orch/kept/'])).toBe(head)
    expect(repository.git(['worktree', 'list']).split('\n')).toHaveLength(1)
  })

  it('leaves a branch that the user has checked out', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    repository.git(['checkout', '-q', '--detach'], directory)
    repository.git(['checkout', '-q', 'orch/task'])
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(repository.git(['symbolic-ref', '--short', 'HEAD'])).toBe('orch/task')
    expect(repository.works(['rev-parse', '--verify', '-q', 'orch/task'])).toBe(true)
  })

  it.each(['nothing', 'something else'])(
    'leaves a worktree alone that somebody moved, with %s in its place',
    async (there) => {
      using repository = testRepository(files)
      const vcs = open(repository)
      const { directory } = await make(repository, vcs)
      const theirs = join(repository.folder, 'theirs')
      repository.git(['worktree', 'move', '--force', '--force', directory, theirs])
      write(theirs, { 'src/a.ts': 'mine\n' })
      if (there !== 'nothing') write(directory, { 'else.txt': 'else\n' })
      const from = repository.git(['rev-parse', 'main'])
      expect(await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from, signal })).toMatchObject({
        reason: 'branch-elsewhere',
        detail: expect.stringContaining(theirs),
      })
      const retired = await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })
      const aside = retired.ok ? retired.value.moved : null
      expect(aside === null ? 'nothing' : readFolder(aside)).toEqual(
        there === 'nothing' ? there : { 'else.txt': 'else\n' },
      )
      expect(repository.git(['status', '--porcelain'], theirs)).toBe(' M src/a.ts')
      expect(repository.git(['symbolic-ref', '--short', 'HEAD'], theirs)).toBe('orch/task')
    },
  )

  it('moves a folder that git knows nothing of aside', async () => {
    using repository = testRepository(files)
    write(join(repository.worktrees, 'task'), { 'notes.txt': 'mine\n' })
    const retired = await open(repository).retire({ workspace: 'task', branch: 'orch/task', signal })
    if (!retired.ok || retired.value.moved === null) throw new Error('not moved aside')
    expect(readFolder(retired.value.moved)).toEqual({ 'notes.txt': 'mine\n' })
  })
})
