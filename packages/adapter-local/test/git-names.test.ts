import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { slugOf } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { branchRef, isWorkspaceName, workspaceName } from '../src/git/names.ts'
import { findRepository } from '../src/git/repository.ts'
import { testRepository, write } from './git-repository.ts'
import { files, make, open, seal, signal } from './git-task.ts'

/** Words that some git, shell or file system takes for something else than a name. */
const hostile = [
  ...[
    '--upload-pack=touch x',
    '-c',
    '-ccore.pager=x',
    '--config=x',
    '-u',
    '--receive-pack=x',
    '--exec=x',
    '--output=x',
  ],
  ...['-O', 'ext::sh -c x', 'fd::17', 'file:///etc/passwd', 'ssh://-oProxyCommand=x/y', 'PROTOCOL.ALLOW'],
  ...['..', '../..', 'a/../../b', '/etc/passwd', '%2e%2e/x', '..\\x', 'a\0b', 'a\nb', 'x'.repeat(300), '.', ''],
  ...[
    '.git',
    '.aside',
    '.clones',
    '.making',
    'HEAD',
    '@',
    '@{-1}',
    'a.lock',
    'refs/heads/x',
    '$(touch x)',
    '`touch x`',
    'a;touch x',
  ],
]

/** Ids that a person, or a file system, takes for the same. */
const twins = [
  ['é', 'e\u0301'],
  ['Task', 'task'],
  ['a.b', 'a-b'],
  ['a b', 'a_b'],
  ['ﬁ', 'fi'],
  ['task', 'task '],
  ['t\u200bask', 'task'],
] as const

describe('names', () => {
  it.each(hostile.map((id) => [JSON.stringify(id), id] as const))(
    'an id %s becomes a workspace and a branch in their places, or none',
    (_, id) => {
      const slug = slugOf(id)
      expect(slug).toMatch(/^[a-z0-9][a-z0-9-]{0,48}$/)
      expect(isWorkspaceName(slug)).toBe(true)
      expect(branchRef(`orch/${slug}`)).toBe(`refs/heads/orch/${slug}`)
    },
  )

  it.each(twins)('ids %j and %j never meet, wherever letters count the same', (one, other) => {
    expect(slugOf(one).toLowerCase().normalize('NFC')).not.toBe(slugOf(other).toLowerCase().normalize('NFC'))
  })

  it.each(hostile.map((name) => [JSON.stringify(name), name] as const))(
    'no verb takes %s for the name of a workspace, and nothing is made',
    async (_, name) => {
      using repository = testRepository(files)
      const vcs = open(repository)
      if (isWorkspaceName(name)) return
      expect(() => workspaceName(name)).toThrow(/cannot be the name/)
      const from = repository.git(['rev-parse', 'main'])
      const before = readdirSync(repository.folder)
      const options = { workspace: name, branch: 'orch/x', from, before: null, include: [], message: 'x', signal }
      const calls = [
        () => vcs.createWorkspace({ name, branch: 'orch/x', from, signal }),
        () => vcs.seal(options),
        () => vcs.preserve({ workspace: name, as: 'x', signal }),
        () => vcs.preserve({ workspace: 'x', as: name, signal }).then((kept) => !kept.ok && Promise.reject(kept)),
        () => vcs.retire({ workspace: name, branch: 'orch/x', signal }),
        () => vcs.changes({ workspace: name, base: from, signal }),
      ]
      for (const call of calls) await expect(call()).rejects.toBeDefined()
      expect(readdirSync(repository.folder)).toEqual(before)
    },
  )

  it('branches that a person names are taken only where git takes them, and never for an option', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const from = repository.git(['rev-parse', 'main'])
    const odd = [
      ...hostile,
      'a`id`',
      'a|b',
      "a'b",
      'a&b',
      '%00',
      'é',
      'CON',
      'heads/main',
      'main/x',
      '-foo',
      'a~1',
      'a^',
      'a:b',
    ]
    for (const [at, branch] of odd.entries()) {
      const isTaken =
        branch !== '' && !branch.includes('\0') && repository.works(['check-ref-format', '--branch', branch])
      const made = await vcs
        .createWorkspace({ name: `task-${at}`, branch, from, signal })
        .catch((error: unknown) => error)
      if (made instanceof Error) expect(made).toMatchObject({ code: 'invalid-branch' })
      else if ((made as { ok: boolean }).ok) {
        expect([branch, isTaken]).toEqual([branch, true])
        expect(
          repository.git(['rev-parse', '--symbolic-full-name', 'HEAD'], join(repository.worktrees, `task-${at}`)),
        ).toBe(`refs/heads/${branch}`)
      } else expect(made).toMatchObject({ reason: expect.stringMatching(/clash|branch-elsewhere/) })
    }
    expect(existsSync(join(repository.root, 'x'))).toBe(false)
    expect(repository.works(['fsck'])).toBe(true)
  })

  it('a target beyond ASCII is landed on', async () => {
    using repository = testRepository(files)
    repository.git(['branch', '-m', 'main', 'größe/é'])
    const vcs = gitVcs({ repository: repository.root, target: 'größe/é' })
    const from = repository.git(['rev-parse', 'HEAD'])
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/é', from, signal })
    if (!made.ok) throw new Error(made.detail)
    write(made.value.directory, { 'new.txt': 'new\n' })
    const options = { workspace: 'task', branch: 'orch/é', from, before: null, include: ['**'], message: 'x', signal }
    const sealed = await vcs.seal(options)
    if (!sealed.ok) throw new Error(sealed.detail)
    expect(await vcs.land({ expect: from, commit: sealed.value.head, signal })).toEqual({ ok: true })
    expect(repository.git(['log', '-1', '--format=%H', 'größe/é'])).toBe(sealed.value.head)
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/é', signal })).toMatchObject({ ok: true })
    expect(repository.git(['for-each-ref', '--format=%(refname)', 'refs/heads'])).toBe('refs/heads/größe/é')
  })

  it('an object id, a base or a folder is never taken for an option', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const base = repository.git(['rev-parse', 'main'])
    await make(repository, vcs)
    for (const word of hostile) {
      const built = vcs.buildCandidate({ base: word, head: word, from: base, method: 'merge', message: word, signal })
      await expect(built).rejects.toThrow(/no object id/)
      await expect(vcs.checkout({ commit: word, signal })).rejects.toThrow(/no object id/)
      await expect(findRepository(join(repository.folder, 'none', word))).rejects.toMatchObject({
        code: expect.any(String),
      })
    }
    expect(readdirSync(repository.folder).sort()).toEqual(['home', 'repository', 'repository.worktrees'])
  })
})

describe('a workspace cannot leave its folder', () => {
  it('by a link in its place: what is there is moved aside, and what the link leads to is left alone', async () => {
    using repository = testRepository(files)
    const vcs = open(repository)
    const elsewhere = join(repository.folder, 'elsewhere')
    write(elsewhere, { 'precious.txt': 'mine\n' })
    mkdirSync(repository.worktrees)
    symlinkSync(elsewhere, join(repository.worktrees, 'task'))
    const { directory } = await make(repository, vcs)
    write(directory, { 'new.txt': 'new\n' })
    await seal(vcs)
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(readdirSync(elsewhere)).toEqual(['precious.txt'])
  })

  it('by a link in it: that is kept as a link, and what it leads to is neither read nor written', async () => {
    using repository = testRepository({ ...files, 'out/a.txt': 'a\n' })
    const vcs = open(repository)
    const elsewhere = join(repository.folder, 'elsewhere')
    write(elsewhere, { 'a.txt': 'secret of somebody else\n' })
    const { directory } = await make(repository, vcs)
    repository.git(['rm', '-rq', 'out'], directory)
    symlinkSync(elsewhere, join(directory, 'out'))
    const { head } = await seal(vcs)
    expect(repository.git(['ls-tree', head, 'out'])).toMatch(/^120000 blob/)
    expect(await vcs.land({ expect: repository.git(['rev-parse', 'main']), commit: head, signal })).toEqual({
      ok: true,
    })
    repository.git(['reset', '-q', '--hard', 'HEAD~1'])
    expect(await vcs.retire({ workspace: 'task', branch: 'orch/task', signal })).toMatchObject({ ok: true })
    expect(readdirSync(elsewhere)).toEqual(['a.txt'])
    expect(repository.works(['grep', '-q', 'secret of somebody', head])).toBe(false)
  })
})
