import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Oid, Vcs } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { gitVcs } from '../src/git/git-vcs.ts'
import { readCommit, readFolder, type TestRepository, testRepository, write } from './git-repository.ts'

const signal = new AbortController().signal

/** Something that an agent plants, and a git command of the user's that it takes in. */
interface Plant {
  readonly name: string
  readonly plant: (repository: TestRepository, program: string, workspace: string) => void
  /** What a person would run; it must run the program, or the plant proves nothing. */
  readonly control: (repository: TestRepository, workspace: string) => void
}

const attributes = '* filter=evil diff=evil merge=evil\n'

function plantHooks(directory: string, program: string): void {
  mkdirSync(directory, { recursive: true })
  const names = ['post-checkout', 'reference-transaction', 'pre-commit', 'commit-msg', 'post-commit', 'post-index-change', 'post-merge']
  for (const name of names) {
    cpSync(program, join(directory, name))
    chmodSync(join(directory, name), 0o755)
  }
}

const touch = (workspace: string) => write(workspace, { 'src/touched.txt': `${Math.random()}\n` })

const plants: readonly Plant[] = [
  {
    name: 'a file system monitor',
    plant: (repository, program) => repository.git(['config', 'core.fsmonitor', program]),
    control: (repository) => repository.works(['status']),
  },
  {
    name: 'a file system monitor in an included file',
    plant(repository, program) {
      const included = join(repository.common, 'included')
      writeFileSync(included, `[core]\n\tfsmonitor = ${program}\n`)
      repository.git(['config', 'include.path', included])
    },
    control: (repository) => repository.works(['status']),
  },
  {
    name: "a file system monitor in the worktree's own configuration",
    plant(repository, program, workspace) {
      repository.git(['config', 'extensions.worktreeConfig', 'true'])
      repository.git(['config', '--worktree', 'core.fsmonitor', program], workspace)
    },
    control: (repository, workspace) => repository.works(['status'], workspace),
  },
  {
    name: 'hooks in the repository',
    plant: (repository, program) => plantHooks(join(repository.common, 'hooks'), program),
    control: (repository) => repository.works(['update-ref', 'refs/canary', 'HEAD']),
  },
  {
    name: 'hooks elsewhere',
    plant(repository, program) {
      plantHooks(join(repository.folder, 'hooks'), program)
      repository.git(['config', 'core.hooksPath', join(repository.folder, 'hooks')])
    },
    control: (repository) => repository.works(['update-ref', 'refs/canary', 'HEAD']),
  },
  ...(['clean', 'smudge', 'process'] as const).map((kind) => ({
    name: `a ${kind} filter`,
    plant(repository: TestRepository, program: string, workspace: string) {
      repository.git(['config', `filter.evil.${kind}`, program])
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository: TestRepository, workspace: string) {
      touch(workspace)
      repository.works(['add', '-A'], workspace)
      repository.works(['checkout', '--', '.'], workspace)
      write(workspace, { 'src/a.txt': null })
      repository.works(['checkout', '--', 'src/a.txt'], workspace)
    },
  })),
  {
    name: "a filter by the repository's own attributes",
    plant(repository, program) {
      repository.git(['config', 'filter.evil.clean', program])
      repository.git(['config', 'filter.evil.smudge', program])
      mkdirSync(join(repository.common, 'info'), { recursive: true })
      writeFileSync(join(repository.common, 'info', 'attributes'), attributes)
    },
    control(repository, workspace) {
      touch(workspace)
      repository.works(['add', '-A'], workspace)
    },
  },
  {
    name: 'a filter by an attributes file that the configuration names',
    plant(repository, program) {
      repository.git(['config', 'filter.evil.clean', program])
      writeFileSync(join(repository.folder, 'attributes'), attributes)
      repository.git(['config', 'core.attributesFile', join(repository.folder, 'attributes')])
    },
    control(repository, workspace) {
      touch(workspace)
      repository.works(['add', '-A'], workspace)
    },
  },
  {
    name: 'a merge driver',
    plant(repository, program, workspace) {
      repository.git(['config', 'merge.evil.driver', program])
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository) {
      repository.git(['checkout', '-q', '-b', 'control', 'HEAD~1'])
      repository.commit({ '.gitattributes': attributes, 'src/both.txt': '1\n2\n3\n4\n5\nx\n' })
      repository.works(['merge', 'main'])
    },
  },
  {
    name: 'programs that show differences',
    plant(repository, program, workspace) {
      repository.git(['config', 'diff.external', program])
      repository.git(['config', 'diff.evil.textconv', program])
      repository.git(['config', 'diff.evil.command', program])
      write(workspace, { '.gitattributes': attributes })
    },
    control(repository, workspace) {
      write(workspace, { 'src/a.txt': `${Math.random()}\n` })
      repository.works(['diff'], workspace)
    },
  },
  {
    name: 'a program that signs',
    plant(repository, program) {
      repository.git(['config', 'gpg.program', program])
      repository.git(['config', 'commit.gpgSign', 'true'])
    },
    control: (repository) => repository.works(['commit', '--allow-empty', '-m', 'signed']),
  },
  {
    name: 'a remote that promises objects',
    plant(repository, program) {
      repository.git(['config', 'core.repositoryFormatVersion', '1'])
      repository.git(['config', 'extensions.partialClone', 'evil'])
      repository.git(['config', 'remote.evil.url', `ext::${program}`])
      repository.git(['config', 'remote.evil.promisor', 'true'])
      repository.git(['config', 'protocol.ext.allow', 'always'])
    },
    control: (repository) => repository.works(['cat-file', '-p', '1234567890123456789012345678901234567890']),
  },
  {
    name: 'a .git file that leads elsewhere',
    plant(repository, program, workspace) {
      const elsewhere = join(repository.folder, 'elsewhere')
      repository.git(['init', '-q', elsewhere], repository.folder)
      repository.git(['config', 'core.fsmonitor', program], elsewhere)
      plantHooks(join(elsewhere, '.git', 'hooks'), program)
      writeFileSync(join(workspace, '.git'), `gitdir: ${join(elsewhere, '.git')}\n`)
    },
    control: (repository, workspace) => repository.works(['status'], workspace),
  },
]

/** Every verb, with both sides changed so that there is something to merge. */
async function live(vcs: Vcs, repository: TestRepository, base: Oid, workspace: string, before: () => void): Promise<void> {
  write(workspace, { 'src/both.txt': '1\n2\n3\n4\n5\nours\n', 'src/a.txt': 'changed\n', 'src/new.txt': 'new\n' })
  before()
  await vcs.observe({ landed: [], signal })
  await vcs.changes({ workspace: 'task', base, signal })
  await vcs.preserve({ workspace: 'task', as: 'task', signal })
  const sealed = await vcs.seal({ workspace: 'task', branch: 'orch/task', include: ['**'], message: 'Do it', signal })
  if (!sealed.ok) throw new Error(sealed.detail)
  const { head } = sealed.value
  const target = repository.git(['rev-parse', 'main'])
  for (const method of ['rebase', 'squash', 'merge'] as const) {
    const options = { base: target, head, from: base, method, message: 'Land it', signal }
    const candidate = await vcs.buildCandidate(options)
    if (!candidate.ok) throw new Error(candidate.detail)
    await vcs.checkout({ commit: candidate.value.commit, signal })
    if (method !== 'merge') continue
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
    expect(await vcs.land({ expect: target, commit: candidate.value.commit, signal })).toEqual({ ok: true })
    await vcs.observe({ landed: [{ task: 'task', head, base, commit: null }], signal })
  }
  write(workspace, { 'src/late.txt': 'late\n' })
  const other = await vcs.createWorkspace({ name: 'other', branch: 'orch/other', from: target, signal })
  expect(other.ok).toBe(true)
  for (const name of ['task', 'other']) {
    const retired = await vcs.retire({ workspace: name, branch: `orch/${name}`, signal })
    expect(retired).toMatchObject({ ok: true })
  }
  await vcs.prune({ keep: [], drop: true, signal })
}

describe('what an agent plants is never run', () => {
  for (const { name, plant, control } of plants) {
    it(name, async () => {
      using repository = testRepository({ 'src/both.txt': '1\n2\n3\n4\n5\n6\n', 'src/a.txt': 'a\n' })
      const base = repository.git(['rev-parse', 'HEAD'])
      const vcs = gitVcs({ repository: repository.root, target: 'main' })
      const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
      if (!made.ok) throw new Error(made.detail)
      repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
      const { program, ran } = repository.canary()
      const workspace = made.value.directory
      await live(vcs, repository, base, workspace, () => plant(repository, program, workspace))
      expect(ran()).toBe(false)
    })

    it(`${name} (the control: git itself runs it)`, async () => {
      using repository = testRepository({ 'src/both.txt': '1\n2\n3\n4\n5\n6\n', 'src/a.txt': 'a\n' })
      const base = repository.git(['rev-parse', 'HEAD'])
      const vcs = gitVcs({ repository: repository.root, target: 'main' })
      const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
      if (!made.ok) throw new Error(made.detail)
      repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
      const { program, ran } = repository.canary()
      plant(repository, program, made.value.directory)
      control(repository, made.value.directory)
      expect(ran()).toBe(true)
    })
  }

  it('a repository that was planted in before it is opened', async () => {
    using repository = testRepository({ 'src/both.txt': '1\n2\n3\n4\n5\n6\n', 'src/a.txt': 'a\n', '.gitattributes': attributes })
    const base = repository.git(['rev-parse', 'HEAD'])
    repository.commit({ 'src/both.txt': 'theirs\n2\n3\n4\n5\n6\n' })
    const { program, ran } = repository.canary()
    for (const setting of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.smudge', 'merge.evil.driver', 'diff.external', 'gpg.program']) {
      repository.git(['config', setting, program])
    }
    plantHooks(join(repository.common, 'hooks'), program)
    const vcs = gitVcs({ repository: repository.root, target: 'main' })
    const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
    if (!made.ok) throw new Error(made.detail)
    await live(vcs, repository, base, made.value.directory, () => undefined)
    expect(ran()).toBe(false)
  })
})

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
    const { rmSync } = await import('node:fs')
    rmSync(made.value.directory, { recursive: true })
    symlinkSync(repository.root, made.value.directory)
    expect(await vcs.seal({ workspace: 'task', branch: 'orch/task', include: ['**'], message: 'x', signal })).toMatchObject({ reason: 'gone' })
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
