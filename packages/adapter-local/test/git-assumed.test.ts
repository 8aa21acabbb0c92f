import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFolder, testRepository, write } from './git-repository.ts'
import { asIfJustCheckedOut } from './git-same-second.ts'
import { candidate, signal } from './git-task.ts'

describe('what the user told git to assume unchanged', () => {
  it.each(['later', 'in the second of its check-out'])('holds a landing up when it was changed %s', async (when) => {
    using repository = testRepository({ 'a.txt': 'a\n', 'b.txt': 'b\n' })
    const { vcs, base, commit } = await candidate(repository, { 'a.txt': 'A\n', 'b.txt': 'B\n' })
    if (when === 'later') repository.git(['update-index', '--assume-unchanged', 'a.txt'])
    write(repository.root, { 'a.txt': '!\n' })
    if (when !== 'later') asIfJustCheckedOut(repository, repository.root, 'a.txt', true)
    // Something to refresh, so that git writes the index anew before it looks again.
    rmSync(join(repository.root, 'b.txt'))
    write(repository.root, { 'b.txt': 'b\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({
      reason: 'held-by-user',
      detail: expect.stringContaining('you changed a.txt'),
    })
    expect(readFolder(repository.root)).toEqual({ 'a.txt': '!\n', 'b.txt': 'b\n' })
    expect(repository.git(['ls-files', '-v'])).toBe('h a.txt\nH b.txt')
    write(repository.root, { 'a.txt': 'a\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(readFolder(repository.root)).toEqual({ 'a.txt': 'A\n', 'b.txt': 'B\n' })
  })
})
