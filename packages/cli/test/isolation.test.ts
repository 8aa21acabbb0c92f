import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { bubblewrap } from '@orch/adapter-local'
import { expect, it } from 'vitest'
import { prepared } from './prepared.ts'
import { freshFolder, git } from './rig.ts'

const tasks = '- { id: one, title: First, writes: [one.txt] }\n- { id: two, title: Second, writes: [two.txt] }\n'
const agent = [
  'sh',
  '-c',
  'echo "$ORCH_TASK" >"$ORCH_TASK.txt"; git config evil.key x; git rev-parse --git-common-dir >&2',
]

it('tasks in clones are done and land, and what they configure stays with them', async () => {
  const { root, call } = await prepared({ agent, tasks, more: { isolation: 'clone' } })
  expect(await call('run')).toMatchObject({ exit: 0 })
  expect(readFileSync(join(root, 'one.txt'), 'utf8')).toBe('one\n')
  expect(readFileSync(join(root, 'two.txt'), 'utf8')).toBe('two\n')
  expect(() => git(root, 'config', 'evil.key')).toThrow()
  expect(await call('doctor')).toMatchObject({ exit: 0, stdout: 'All is well.\n' })
})

const missing = await bubblewrap({ repository: '.' }).unusable()

it.skipIf(missing !== null)(
  `in a sandbox agents and checks are kept in their folders${missing === null ? '' : ` (skipped: ${missing})`}`,
  async () => {
    const folder = realpathSync(freshFolder({}))
    const leave = (name: string) =>
      `echo x >${join(folder, name)} || echo kept; echo y >${join(folder, 'allowed', name)}`
    const { root, call } = await prepared({
      agent: ['sh', '-c', `${leave('agent')}; echo "$ORCH_TASK" >"$ORCH_TASK.txt"`],
      tasks,
      checks: [`${leave('check')}; true`],
      more: { isolation: 'clone', sandbox: { by: 'bubblewrap', writable: [join(folder, 'allowed')] } },
    })
    git(root, 'init', '-q', join(folder, 'allowed'))
    expect(await call('run')).toMatchObject({ exit: 0 })
    expect(readFileSync(join(root, 'two.txt'), 'utf8')).toBe('two\n')
    for (const name of ['agent', 'check']) {
      expect(() => readFileSync(join(folder, name))).toThrow()
      expect(readFileSync(join(folder, 'allowed', name), 'utf8')).toBe('y\n')
    }
  },
)
