import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFolder, testRepository, write } from './git-repository.ts'
import { candidate, files, make, open, seal, sealing, signal } from './git-task.ts'

function pipe(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  execFileSync('mkfifo', [path])
}

const patient = { timeout: 20_000 }

describe('a pipe in the check-out of a user', patient, () => {
  it.each(['.gitattributes', '.gitignore', 'src/.gitattributes', 'new/.gitattributes'])(
    'in the place of %s holds a landing up at once, and nothing was moved',
    async (name) => {
      using repository = testRepository(files)
      const { vcs, base, commit } = await candidate(repository, { 'src/a.ts': 'A\n', 'new/b.ts': 'b\n', 'c.ts': 'c\n' })
      const path = join(repository.root, name)
      pipe(path)
      const detail = `${path} is a pipe, and git would wait for what it says; move it away`
      expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: false, reason: 'held-by-user', detail })
      rmSync(path)
      expect(readFolder(repository.root)).toEqual(name.startsWith('new/') ? { ...files } : files)
      expect(repository.git(['status', '--porcelain'])).toBe('')
      expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    },
  )

  it('where nothing is to be moved is named when git meets it', async () => {
    using repository = testRepository({ ...files, 'other/b.ts': 'b\n' })
    const { vcs, base, commit } = await candidate(repository, { 'src/a.ts': 'A\n' })
    write(repository.root, { 'src/a.ts': 'mine\n', 'other/b.ts': 'B\n' })
    const path = join(repository.root, 'other/.gitattributes')
    pipe(path)
    await expect(vcs.land({ expect: base, commit, signal })).rejects.toMatchObject({
      code: 'no-access',
      message: expect.stringContaining(path),
    })
    rmSync(path)
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user' })
    write(repository.root, { 'src/a.ts': 'a\n' })
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
    expect(repository.git(['status', '--porcelain'])).toBe(' M other/b.ts')
  })

  it('in the place of its index is no index', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'src/a.ts': 'A\n' })
    const path = join(repository.common, 'index')
    pipe(path)
    const refused = { code: 'no-access', message: `${path} is no file; move it away` }
    await expect(vcs.land({ expect: base, commit, signal })).rejects.toMatchObject(refused)
  })
})

describe('a pipe in a git directory', patient, () => {
  it.each(['config', 'HEAD', 'packed-refs'])('in the place of %s is named', async (name) => {
    using repository = testRepository(files)
    const { base, commit } = await candidate(repository, { 'src/a.ts': 'A\n' })
    const path = join(repository.common, name)
    pipe(path)
    const refused = { code: 'no-access', retryable: false, message: expect.stringContaining(`${path} is a pipe`) }
    await expect(open(repository).land({ expect: base, commit, signal })).rejects.toMatchObject(refused)
  })

  it('in the place of one of our locks, or of its own, is nobody’s lock', async () => {
    using repository = testRepository(files)
    const { vcs, base, commit } = await candidate(repository, { 'src/a.ts': 'A\n' })
    const own = join(repository.common, 'index.lock')
    pipe(own)
    expect(await vcs.land({ expect: base, commit, signal })).toMatchObject({ reason: 'held-by-user' })
    rmSync(own)
    const ours = join(repository.common, 'orch/locks/landing')
    pipe(ours)
    const refused = { code: 'no-access', message: `${ours} is in the place of a lock; move it away` }
    await expect(vcs.land({ expect: base, commit, signal })).rejects.toMatchObject(refused)
    rmSync(ours)
    expect(await vcs.land({ expect: base, commit, signal })).toEqual({ ok: true })
  })
})

describe('a pipe in a workspace', patient, () => {
  it.each(['.gitignore', '.gitattributes'])('in the place of %s is named, and what is there is kept', async (name) => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const { directory } = await make(repository, vcs)
    const base = repository.git(['rev-parse', 'main'])
    const path = join(directory, 'src', name)
    write(directory, { 'src/a.ts': 'A\n' })
    pipe(path)
    const message = expect.stringContaining(`${path} is a pipe`)
    await expect(sealing(vcs)).rejects.toMatchObject({ code: 'no-access', retryable: false, message })
    const uncounted = { code: 'port-failed', retryable: true, message }
    await expect(vcs.changes({ workspace: 'task', base, signal })).rejects.toMatchObject(uncounted)
    rmSync(path)
    const { head } = await seal(vcs)
    expect(repository.git(['show', `${head}:src/a.ts`])).toBe('A')
  })
})
