import type { Vcs } from '@orch/core'
import { expect, it } from 'vitest'
import { type TestRepository, testRepository, write } from './git-repository.ts'
import { files, make, open, signal } from './git-task.ts'

it('an attempt that changes a file whose name is beyond ASCII has done something', async () => {
  using repository = testRepository({ 'ü.txt': 'before\n' })
  const vcs = open(repository)
  const from = repository.git(['rev-parse', 'main'])
  const { directory } = await make(repository, vcs)
  const kept = await vcs.preserve({ workspace: 'task', as: 'task', signal })
  if (!kept.ok) throw new Error(kept.detail)
  write(directory, { 'ü.txt': 'after\n' })
  const scope = { include: ['ü.txt'], before: kept.value.oid }
  const sealed = await vcs.seal({ workspace: 'task', branch: 'orch/task', from, ...scope, message: 'Do it', signal })
  expect(sealed).toMatchObject({ ok: true, value: { changed: true, changedSince: true, outside: [] } })
})

it('what came with the target that an agent merged is not outside of its scope, what it did itself is', async () => {
  using repository = testRepository(files)
  const vcs = open(repository)
  const from = repository.git(['rev-parse', 'main'])
  const { directory } = await make(repository, vcs)
  await expectOwn(repository, vcs, directory, from)
})

it('what the target has got meanwhile and a merge of the agent takes back is its own doing', async () => {
  using repository = testRepository({ ...files, '.github/ci.yml': 'lax\n' })
  const vcs = open(repository)
  const from = repository.git(['rev-parse', 'main'])
  const { directory } = await make(repository, vcs)
  write(repository.root, { '.github/ci.yml': 'strict\n', 'README.md': 'landed meanwhile\n' })
  repository.git(['commit', '--quiet', '--all', '--message', 'Somebody else'])
  write(directory, { 'src/a.ts': 'mine\n' })
  repository.git(['commit', '--quiet', '--all', '--message', 'Mine'], directory)
  repository.git(['merge', '--quiet', '--no-edit', '--strategy', 'ours', 'main'], directory)
  const scope = { include: ['src/a.ts'], guard: ['.github/**'] }
  const options = { workspace: 'task', branch: 'orch/task', from, before: null, ...scope, message: 'Do it', signal }
  const sealed = await vcs.seal(options)
  expect(sealed).toMatchObject({
    ok: true,
    value: { outside: ['.github/ci.yml', 'README.md'], guarded: ['.github/ci.yml'] },
  })
})

it('what a branch was built on is none of its doing when the agent has merged the target, too', async () => {
  using repository = testRepository(files)
  const vcs = open(repository)
  repository.git(['switch', '--quiet', '--create', 'below'])
  write(repository.root, { 'below.md': 'of another task\n' })
  repository.git(['add', '--all'])
  repository.git(['commit', '--quiet', '--message', 'Another task'])
  const from = repository.git(['rev-parse', 'below'])
  repository.git(['switch', '--quiet', 'main'])
  const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from, signal })
  if (!made.ok) throw new Error(made.detail)
  await expectOwn(repository, vcs, made.value.directory, from)
})

/** Others land, the agent commits and merges that: all that counts as outside is what it did itself. */
async function expectOwn(repository: TestRepository, vcs: Vcs, directory: string, from: string): Promise<void> {
  repository.commit({ 'README.md': 'landed meanwhile\n', 'other.md': 'new\n' })
  write(directory, { 'src/a.ts': 'mine\n', 'notes.md': 'mine, too\n' })
  repository.git(['add', '--all'], directory)
  repository.git(['commit', '--quiet', '--message', 'Mine'], directory)
  repository.git(['merge', '--quiet', '--no-edit', 'main'], directory)
  const scope = { include: ['src/a.ts'], before: null }
  const sealed = await vcs.seal({ workspace: 'task', branch: 'orch/task', from, ...scope, message: 'Do it', signal })
  expect(sealed).toMatchObject({ ok: true, value: { outside: ['notes.md'] } })
}
