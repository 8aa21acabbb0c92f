import { expect, it } from 'vitest'
import { prepared } from './prepared.ts'
import { git } from './rig.ts'

const agent = ['sh', '-c', 'echo "$ORCH_TASK" >"$ORCH_TASK.txt"']
const branch = 'feature/login'
const tasks = '- { id: form, title: Form, epic: login, writes: [form.txt] }\n'

function epic(by: 'human' | 'orchestrator' = 'orchestrator') {
  return prepared({
    agent,
    tasks,
    more: { policy: { leaseMs: 2000, epics: { login: { target: branch } }, landing: { by } } },
  })
}

it('a run says what becomes of an epic, for which no agent starts', async () => {
  const { call } = await epic()
  const { exit, stderr } = await call('run')
  expect(exit).toBe(0)
  expect(stderr.replaceAll(/[0-9a-f]{10}|^\[\d+s\] /gm, '').match(/^login: .*/gm)).toEqual([
    `login: its tasks are over; what ${branch} holds is to land as one change`,
    'login: committed ',
    'login: landed as ',
  ])
  const { history } = JSON.parse((await call('show', 'login', '--json')).stdout)
  expect(history.map(({ why }: { why: string }) => why)).toEqual(
    expect.arrayContaining(['its tasks are over', 'what its tasks did is to land as one change']),
  )
})

it('who switches to the branch of an epic goes on landing that where they were before', async () => {
  const { root, call } = await epic('human')
  await call('run')
  git(root, 'switch', '--quiet', branch)
  const status = await call('status', '--json')
  expect([status.exit, JSON.parse(status.stdout).target]).toEqual([0, 'main'])
  await call('land', 'form')
  expect(await call('run')).toMatchObject({ exit: 3 })
  await call('land', 'login')
  expect(git(root, 'show', 'main:form.txt')).toBe('form\n')
  expect(git(root, 'status', '--porcelain', '--branch')).toBe(`## ${branch}\n`)
})

it('says once that an epic cannot land on itself, where nothing else was ever checked out', async () => {
  const { root, call } = await epic()
  git(root, 'branch', '--quiet', '--move', branch)
  const { exit, stderr } = await call('status')
  expect(exit).toBe(2)
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(`${branch} is where all changes land`)])
})

it('an epic whose branch is gone has nobody to be told anything', async () => {
  const { root, call } = await epic('human')
  await call('run')
  git(root, 'branch', '--quiet', '--delete', '--force', branch)
  await call('run')
  for (const words of [
    ['guide', 'login', 'go on'],
    ['retry', 'login'],
  ]) {
    const { exit, stderr } = await call(...words)
    expect([exit, stderr]).toEqual([2, expect.stringContaining('Put it back where it was')])
  }
  expect((await call('status')).stdout).toContain(`the branch ${branch} is gone`)
})
