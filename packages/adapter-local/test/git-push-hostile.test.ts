import { chmodSync, cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plantHooks } from './git-plants.ts'
import { type RemoteStage, remoteStage } from './git-remote.ts'
import { write } from './git-repository.ts'
import { seal, signal } from './git-task.ts'

interface Plant {
  readonly name: string
  readonly plant: (at: Planted) => void
  /** What a person would run; it must run the program, or the plant proves nothing. Default: they push. */
  readonly control?: (at: Planted) => void
}

interface Planted {
  readonly stage: RemoteStage
  readonly workspace: string
  readonly program: string
}

const setting = (key: string, value: (at: Planted) => string) => (at: Planted) =>
  void at.stage.repository.git(['config', key, value(at)], at.workspace)

/** A repository of the agent's, in which whatever is pushed runs the program. */
function evil({ stage, program }: Planted): string {
  const { folder, git } = stage.repository
  const made = join(folder, 'evil.git')
  git(['clone', '-q', '--bare', stage.bare, made], folder)
  for (const name of ['pre-receive', 'update', 'post-receive']) cpSync(program, join(made, 'hooks', name))
  return made
}

function plantPushHooks(directory: string, program: string): void {
  plantHooks(directory, program)
  cpSync(program, join(directory, 'pre-push'))
  chmodSync(join(directory, 'pre-push'), 0o755)
}

const push = ({ stage, workspace }: Planted) =>
  stage.repository.works(['push', 'origin', 'HEAD:refs/heads/x'], workspace)
const fetch = ({ stage, workspace }: Planted) => stage.repository.works(['fetch', 'origin'], workspace)

const plants: readonly Plant[] = [
  {
    name: 'hooks in the repository',
    plant: ({ stage, program }) => plantPushHooks(join(stage.repository.common, 'hooks'), program),
  },
  {
    name: 'hooks elsewhere',
    plant(at) {
      const hooks = join(at.stage.repository.folder, 'hooks')
      plantPushHooks(hooks, at.program)
      setting('core.hooksPath', () => hooks)(at)
    },
  },
  {
    name: 'another address for pushes',
    plant: setting('remote.origin.pushurl', evil),
  },
  {
    name: 'another address in place of the right one',
    plant: (at) => setting(`url.${evil(at)}.insteadOf`, ({ stage }) => stage.bare)(at),
  },
  {
    name: 'another address in place of the right one, for pushes',
    plant: (at) => setting(`url.${evil(at)}.pushInsteadOf`, ({ stage }) => stage.bare)(at),
  },
  {
    name: 'a command in place of the right address',
    plant(at) {
      setting('protocol.ext.allow', () => 'always')(at)
      setting(`url.ext::${at.program}.insteadOf`, ({ stage }) => stage.bare)(at)
    },
  },
  { name: 'a program that receives', plant: setting('remote.origin.receivepack', ({ program }) => program) },
  {
    name: 'a program that sends',
    plant: setting('remote.origin.uploadpack', ({ program }) => program),
    control: fetch,
  },
  {
    name: 'settings of the repository in an included file',
    plant(at) {
      write(at.workspace, { included: `[remote "origin"]\n\treceivepack = ${at.program}\n` })
      setting('include.path', ({ workspace }) => join(workspace, 'included'))(at)
    },
  },
]

async function planted(
  plant: Plant['plant'],
): Promise<Planted & Disposable & { ran(): boolean; live(): Promise<void> }> {
  const stage = remoteStage({ 'a.txt': 'a\n' })
  const { program, ran } = stage.repository.canary()
  const vcs = stage.open()
  const { target: base } = await vcs.observe({ landed: [], signal })
  const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  const at = { stage, program, workspace: made.value.directory }
  plant(at)
  return {
    ...at,
    ran,
    /** Every verb that talks to the remote, by a process that was there before, and by one that begins now. */
    async live() {
      write(at.workspace, { 'b.txt': 'b\n' })
      const { head } = await seal(vcs)
      stage.othersPush({ 'c.txt': 'c\n' })
      const late = stage.open()
      const { target } = await late.observe({ landed: [], signal })
      const options = { base: target, head, from: base, method: 'merge', message: 'Land it', signal } as const
      const built = await vcs.buildCandidate(options)
      if (!built.ok) throw new Error(built.detail)
      stage.hook('update', 'exit 1')
      expect(await vcs.land({ expect: target, ...built.value, signal })).toMatchObject({ reason: 'rejected' })
      stage.hook('update', 'exit 0')
      expect(await vcs.land({ expect: target, ...built.value, signal })).toEqual({ ok: true })
      expect(await vcs.verifyLanding({ base: target, ...built.value, signal })).toEqual({ ok: true })
      await late.observe({ landed: [], signal })
      await late.sweep?.({ signal })
      expect(stage.head()).toBe(built.value.commit)
    },
    [Symbol.dispose]: () => stage[Symbol.dispose](),
  }
}

describe('what an agent plants is never run by pushing and fetching', () => {
  for (const { name, plant, control = push } of plants) {
    it(name, async () => {
      using at = await planted(plant)
      await at.live()
      expect(at.ran()).toBe(false)
    })

    it(`${name} (the control: git itself runs it)`, async () => {
      using at = await planted(plant)
      control(at)
      expect(at.ran()).toBe(true)
    })
  }

  it.each([
    ['a command', (at: Planted) => `ext::${at.program}`],
    ['a repository of its own', evil],
    ['an option', (at: Planted) => `--receive-pack=${at.program}`],
  ])('an address of the remote that is %s, where the configuration has only its name', async (_, url) => {
    using at = await planted((here) => {
      setting('protocol.ext.allow', () => 'always')(here)
      setting('remote.origin.url', url)(here)
    })
    const vcs = at.stage.open({ remote: {} })
    await expect(vcs.observe({ landed: [], signal })).rejects.toMatchObject({ code: 'unusable-remote' })
    expect(at.ran()).toBe(false)
  })

  it('a program for ssh', async () => {
    using at = await planted(setting('core.sshCommand', ({ program }) => program))
    at.stage.repository.works(['ls-remote', 'ssh://127.0.0.1:1/x'], at.workspace)
    expect(at.ran()).toBe(true)
    using again = await planted(setting('core.sshCommand', ({ program }) => program))
    const vcs = again.stage.open({ remote: { url: 'ssh://127.0.0.1:1/x' } })
    const { notes } = await vcs.observe({ landed: [], signal })
    expect(notes).toEqual([{ why: expect.stringContaining('origin does not answer') }])
    expect(again.ran()).toBe(false)
  })
})

it('refs that an agent plants bring nothing to the branch and files of the user, and land nothing', async () => {
  using stage = remoteStage({ 'a.txt': 'a\n' })
  const { repository } = stage
  const vcs = stage.open()
  const { target: base } = await vcs.observe({ landed: [], signal })
  const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  write(made.value.directory, { 'b.txt': 'planted\n' })
  const { head } = await seal(vcs)
  for (const ref of ['refs/orch/pushed/origin/main', 'refs/remotes/origin/main'])
    repository.git(['update-ref', ref, head], made.value.directory)
  await vcs.sweep?.({ signal })
  expect(repository.git(['rev-parse', 'main', 'origin/main']).split('\n')).toEqual([base, base])
  repository.git(['update-ref', 'refs/remotes/origin/main', head], made.value.directory)
  expect(await vcs.land({ expect: head, commit: head, signal })).toMatchObject({ reason: 'moved' })
  expect(stage.head()).toBe(base)
  expect(repository.git(['rev-parse', 'main'])).toBe(base)
})

// The remote is configured by a person, so what it runs is theirs; it learns nothing of ours.
it('hooks of the remote see nothing of what is planted here, nor of our environment', async () => {
  using stage = remoteStage({ 'a.txt': 'a\n' })
  const seen = join(stage.repository.folder, 'seen')
  stage.hook('pre-receive', `env > '${seen}'`)
  const vcs = stage.open()
  const { target: base } = await vcs.observe({ landed: [], signal })
  const made = await vcs.createWorkspace({ name: 'task', branch: 'orch/task', from: base, signal })
  if (!made.ok) throw new Error(made.detail)
  write(made.value.directory, { 'b.txt': 'b\n' })
  const { head } = await seal(vcs)
  const built = await vcs.buildCandidate({ base, head, from: base, method: 'merge', message: 'Land it', signal })
  if (!built.ok) throw new Error(built.detail)
  process.env.ORCH_TEST_SECRET = 'nobody-is-told-this'
  try {
    expect(await vcs.land({ expect: base, ...built.value, signal })).toEqual({ ok: true })
  } finally {
    delete process.env.ORCH_TEST_SECRET
  }
  expect(readFileSync(seen, 'utf8')).not.toContain('nobody-is-told-this')
})
