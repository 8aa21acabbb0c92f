import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepared } from './prepared.ts'
import { running } from './real/running.ts'
import { git } from './rig.ts'

const agent = ['sh', '-c', 'echo "$ORCH_TASK" >"$ORCH_TASK.txt"']

it('changes land on the remote, around what others push meanwhile, and the branch here follows', async () => {
  // The first time, somebody else pushes while the checks run.
  const push = 'git push -q origin HEAD:main'
  const others = `test -e ../../../others || { git clone -q ../../../remote.git ../../../others && cd ../../../others && echo x >others.txt && git add . && git -c user.name=O -c user.email=o@example.org commit -qm Others && ${push}; }`
  const { root, call } = await prepared({ agent, pushes: true, checks: [others] })
  const remote = join(root, '../remote.git')
  const ended = await call('run')
  expect(ended).toMatchObject({ exit: 0, stderr: expect.stringContaining('one: landed as') })
  expect(git(remote, 'ls-tree', '--name-only', 'main').split('\n')).toEqual(
    expect.arrayContaining(['one.txt', 'others.txt', 'two.txt']),
  )
  const head = git(remote, 'rev-parse', 'main')
  expect(git(root, 'rev-parse', 'main', 'origin/main')).toBe(`${head}${head}`)
  expect(git(root, 'status', '--porcelain')).toBe('')
  expect(git(remote, 'for-each-ref', '--format=%(refname)').trim()).toBe('refs/heads/main')
  const landings = git(remote, 'log', '--first-parent', '--format=%b', 'main').match(/Task: \w+/g)
  expect(landings).toEqual(['Task: two', 'Task: one'])
})

it('who runs it sees why nothing lands on the remote, and why the branch here does not follow', async () => {
  const { root, call } = await prepared({
    agent,
    pushes: true,
    tasks: '- { id: one, title: First, writes: [one.txt] }\n',
  })
  const remote = join(root, '../remote.git')
  const hook = join(remote, 'hooks/pre-receive')
  mkdirSync(join(remote, 'hooks'), { recursive: true })
  writeFileSync(hook, '#!/bin/sh\necho "main is protected: ask Ann" >&2\nexit 1\n', { mode: 0o755 })
  expect(await call('run')).toMatchObject({ exit: 1 })
  expect((await call('status')).stdout).toContain('origin/main refuses its change: main is protected: ask Ann')
  rmSync(hook)

  renameSync(remote, `${remote}.away`)
  expect((await call('status')).stdout).toMatch(/^origin does not answer, and nothing lands until it does: /)
  const asked = await call('land', 'one')
  expect(asked).toMatchObject({
    exit: 3,
    stdout: expect.stringContaining('not landed yet: origin/main does not answer'),
  })
  const run = running({ root, environment: {} })
  await run.says(/origin does not answer, and nothing lands until it does/)
  const row = JSON.parse((await call('status', '--json')).stdout).tasks[0]
  expect(row).toMatchObject({ status: 'complete', waitsFor: 'unreachable' })
  writeFileSync(join(root, 'one.txt'), 'mine\n')
  renameSync(`${remote}.away`, remote)
  expect(await run.over).toBe(0)
  expect(git(remote, 'show', 'main:one.txt')).toBe('one\n')

  expect(readFileSync(join(root, 'one.txt'), 'utf8')).toBe('mine\n')
  const notes = JSON.parse((await call('status', '--json')).stdout).notes
  expect(notes).toEqual([expect.stringMatching(/^main here has not got yet what landed on origin\/main/)])
  expect(run.told()).toContain('you have one.txt in')
  rmSync(join(root, 'one.txt'))
  git(root, 'merge', '--quiet', '--ff-only', 'origin/main')
  expect(JSON.parse((await call('status', '--json')).stdout).notes).toEqual([])
})
