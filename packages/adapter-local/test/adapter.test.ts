import { command, OrchError, type Vcs } from '@orch/core'
import { expect, it } from 'vitest'
import { orchAdapter } from '../src/adapter.ts'
import { testRepository } from './git-repository.ts'
import { make, signal } from './git-task.ts'

it.each(['worktree', 'clone'] as const)('makes workspaces as a configuration says: %s', async (isolation) => {
  using repository = testRepository()
  const vcs = (await orchAdapter.vcs?.({ repository: repository.root, target: 'main', isolation })) as Vcs
  const { directory } = await make(repository, vcs)
  const common = repository.git(['rev-parse', '--path-format=absolute', '--git-common-dir'], directory)
  const own = repository.git(['rev-parse', '--path-format=absolute', '--git-common-dir'])
  expect(common === own).toBe(isolation === 'worktree')
})

it.each([
  ['origin', 'origin/main'],
  [{ name: 'upstream', url: '/srv/shop.git' }, 'upstream/main'],
])('lands on the remote that a configuration names: %j', async (remote, target) => {
  using repository = testRepository()
  const vcs = await orchAdapter.vcs?.({ repository: repository.root, target: 'main', remote })
  expect([vcs?.via, vcs?.target]).toEqual(['push', target])
})

it('keeps agents in a sandbox when a configuration says so, or starts none', async () => {
  using repository = testRepository()
  const runner = await orchAdapter.runner?.({ repository: repository.root, sandbox: { by: 'bubblewrap' } })
  const before = process.env.PATH
  try {
    process.env.PATH = '/nowhere'
    const found = await runner?.check?.({ profile: command({ argv: ['sh'] }), signal })
    expect(found).toMatchObject({ ok: false, detail: expect.stringContaining('bubblewrap') })
  } finally {
    process.env.PATH = before
  }
})

it('hides what a configuration calls a secret', async () => {
  using repository = testRepository()
  process.env.ORCH_TEST_PIN = '4711x'
  try {
    const runner = await orchAdapter.runner?.({ repository: repository.root, secrets: ['ORCH_TEST_PIN'] })
    expect(runner?.secrets).toContain('4711x')
  } finally {
    delete process.env.ORCH_TEST_PIN
  }
})

it.each([
  [
    'vcs',
    { isolation: 'container', sandbox: 'bubblewrap' },
    [
      "vcs.isolation: expected 'worktree' or 'clone'",
      'vcs.sandbox: there is no such choice; those of @orch/adapter-local for vcs: isolation, remote',
    ],
  ],
  ...[{ auth: { host: 'example.org' } }, { lookMs: 0 }, { address: 'x' }, [], ''].map(
    (remote) =>
      [
        'vcs',
        { remote },
        ['vcs.remote: expected the name of a remote, or { name, url, auth: { host, password, user }, lookMs }'],
      ] as const,
  ),
  [
    'runner',
    { sandbox: 'docker', secrets: 'PIN' },
    [
      "runner.sandbox: expected 'bubblewrap', or { by: 'bubblewrap' } with network and writable",
      'runner.secrets: expected a list of names of variables',
    ],
  ],
  [
    'runner',
    { sandbox: { by: 'bubblewrap', writable: ['here'] } },
    ['runner.sandbox: writable is a list of folders, each absolute'],
  ],
  [
    'runner',
    { sandbox: { by: 'bubblewrap', net: false } },
    ['runner.sandbox: there is no choice net; known are network and writable'],
  ],
  ['queue', { file: 'x' }, ['queue.file: there is no such choice; those of @orch/adapter-local for queue: none']],
  ['board', { file: 'x' }, ['board.file: there is no such choice; those of @orch/adapter-local for board: none']],
] as const)('refuses for %s what it cannot use, all at once: %j', async (port, chosen, messages) => {
  using repository = testRepository()
  let problems: readonly string[] = []
  try {
    await orchAdapter[port]?.({ repository: repository.root, target: 'main', ...chosen })
  } catch (error) {
    if (!OrchError.is(error)) throw error
    problems = error.problems.map(({ message }) => message)
  }
  expect(problems).toEqual(messages)
})
