import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepared } from './prepared.ts'
import { git } from './rig.ts'

/** Adds a line that says where it was at work. */
const agent = ['sh', '-c', 'echo "$ORCH_TASK in $PWD" >> shared.txt; git add . ; git commit -qm "$ORCH_TASK"']

it.each(['merge', 'squash', 'rebase'] as const)(
  'tasks that build on each other land one after the other (%s)',
  async (method) => {
    const tasks = `
- { id: a, title: A, writes: [shared.txt] }
- { id: b, title: B, writes: [shared.txt], stackedOn: a }
- { id: g1, title: G1, writes: [shared.txt], group: tabs }
- { id: g2, title: G2, writes: [shared.txt], group: tabs }
`
    const { root, call } = await prepared({ agent, by: 'human', method, tasks })
    expect(await call('run')).toMatchObject({ exit: 3 })
    const status = await call('status')
    expect(status.stdout).toContain('builds on a, g1, g2, which land first')
    for (const id of ['b', 'g2', 'g1', 'a']) expect(await call('land', id)).toMatchObject({ stderr: '' })
    expect(await call('run')).toMatchObject({ exit: 0 })
    const lines = readFileSync(join(root, 'shared.txt'), 'utf8').trim().split('\n')
    expect(lines.map((line) => line.split(' in ')[0])).toEqual(['a', 'g1', 'g2', 'b'])
    const places = lines.map((line) => line.split(' in ')[1])
    expect(places[2]).toBe(places[1])
    expect(new Set(places).size).toBe(3)
    expect(git(root, 'status', '--porcelain')).toBe('')
    expect(git(root, 'branch', '--format=%(refname:short)').trim()).toBe('main')
    expect(git(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  },
)
