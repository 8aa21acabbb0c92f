import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFolder, type TestRepository, testRepository, write } from './git-repository.ts'
import { make, open, seal, signal } from './git-task.ts'

const files = { '.gitignore': 'secret.env\n', 'd1/a.txt': 'a\n' }

/** A branch whose agent added files that `.gitignore` names. */
async function added(repository: TestRepository, edits: Readonly<Record<string, string>>) {
  const vcs = open(repository)
  const expecting = repository.git(['rev-parse', 'main'])
  const { directory } = await make(repository, vcs)
  write(directory, edits)
  repository.git(['add', '-f', ...Object.keys(edits)], directory)
  repository.git(['commit', '-q', '-m', 'ignored'], directory)
  const { head } = await seal(vcs)
  return { land: () => vcs.land({ expect: expecting, commit: head, signal }), head }
}

describe('what the user has where a landing adds something, and git ignores', () => {
  const here: Record<string, [mine: Readonly<Record<string, string>>, theirs: string, named: string]> = {
    'a file': [{ 'd1/secret.env': 'USERSECRET\n' }, 'd1/secret.env', 'd1/secret.env'],
    'a file in the place of a folder': [{ 'd1/secret.env': 'USERSECRET\n' }, 'd1/secret.env/x', 'd1/secret.env'],
    'a folder': [{ 'd1/x/secret.env': 'USERSECRET\n' }, 'd1/x', 'd1/x/secret.env'],
    'a file with a name of more than ASCII': [{ 'ü/secret.env': 'USERSECRET\n' }, 'ü/secret.env', 'ü/secret.env'],
  }
  it.each(Object.entries(here))('%s holds it up, and stays', async (_, [mine, theirs, named]) => {
    using repository = testRepository(files)
    const { land, head } = await added(repository, { [theirs]: 'by the agent\n', 'd1/n.txt': 'n\n' })
    write(repository.root, mine)
    const held = await land()
    expect(held).toMatchObject({ reason: 'held-by-user', detail: expect.stringContaining(`you have ${named} in`) })
    expect(await land()).toEqual(held)
    expect(readFolder(repository.root)).toEqual({ ...files, ...mine })
    for (const path of Object.keys(mine)) rmSync(join(repository.root, path))
    expect(await land()).toEqual({ ok: true })
    expect(repository.git(['rev-parse', 'main'])).toBe(head)
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('a link in the place of a folder holds it up, and what it leads to stays', async () => {
    using repository = testRepository({ '.gitignore': 'link\n' })
    const { land } = await added(repository, { 'link/secret.env': 'by the agent\n' })
    const outside = join(repository.folder, 'outside')
    write(outside, { 'secret.env': 'USERSECRET\n' })
    symlinkSync(outside, join(repository.root, 'link'))
    expect(await land()).toMatchObject({ reason: 'held-by-user', detail: expect.stringContaining('you have link in') })
    expect(readFolder(repository.root)).toMatchObject({ link: `-> ${outside}` })
    expect(readFolder(outside)).toEqual({ 'secret.env': 'USERSECRET\n' })
  })

  it('a file that is as it will be, and an empty folder, hold up nothing', async () => {
    using repository = testRepository(files)
    const { land } = await added(repository, { 'd1/secret.env': 'the same\n', 'd1/x': 'x\n' })
    write(repository.root, { 'd1/secret.env': 'the same\n' })
    mkdirSync(join(repository.root, 'd1', 'x'))
    expect(await land()).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })

  it('a file that becomes a folder, and a folder that becomes a file, are git’s to look at', async () => {
    using repository = testRepository({ file: 'file\n', 'folder/a/b.txt': 'b\n' })
    const vcs = open(repository)
    const expecting = repository.git(['rev-parse', 'main'])
    const { directory } = await make(repository, vcs)
    rmSync(join(directory, 'file'))
    rmSync(join(directory, 'folder'), { recursive: true })
    write(directory, { 'file/c.txt': 'c\n', folder: 'folder\n' })
    const { head } = await seal(vcs)
    expect(await vcs.land({ expect: expecting, commit: head, signal })).toEqual({ ok: true })
    expect(readFolder(repository.root)).toEqual({ 'file/c.txt': 'c\n', folder: 'folder\n' })
    expect(repository.git(['status', '--porcelain'])).toBe('')
  })
})
