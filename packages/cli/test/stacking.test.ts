import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepared } from './prepared.ts'
import { git } from './rig.ts'

/** Adds a line that says where it was at work. */
const agent = ['sh', '-c', 'echo "$ORCH_TASK in $PWD" >> shared.txt; git add . ; git commit -qm "$ORCH_TASK"']

const ways = [
  ['merge', 'worktree'],
  ['squash', 'worktree'],
  ['rebase', 'worktree'],
  ['rebase', 'clone'],
] as const

it.each(ways)('tasks that build on each other land one after the other (%s, %s)', async (method, isolation) => {
  const tasks = `
- { id: a, title: A, writes: [shared.txt] }
- { id: b, title: B, writes: [shared.txt], stackedOn: a }
- { id: g1, title: G1, writes: [shared.txt], group: tabs }
- { id: g2, title: G2, writes: [shared.txt], group: tabs }
`
  const { root, call } = await prepared({ agent, by: 'human', method, tasks, more: { isolation } })
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
})

/** Does first what it was not told, then what it was; where both have changed a file it keeps its own line. */
const obeys = `
case $ORCH_TASK.$ORCH_TURN in
  low.*) echo low > low.txt; echo low > shared.txt;;
  up.1) echo up > shared.txt; echo up > up.txt;;
  up.2) git merge -q -m 'Not asked for' main;;
  *)
    $(grep -o 'git rebase --onto main [0-9a-f]*' "$ORCH_PROMPT_FILE" | head -1)
    until git diff --quiet --diff-filter=U; do echo up > shared.txt; git add .; GIT_EDITOR=true git rebase --continue; done;;
esac
git add .; git commit -qm "$ORCH_TASK"; exit 0`

it.each(ways)(
  'what was cancelled does not land with what builds on it, whatever its agent merges (%s, %s)',
  { timeout: 90_000 },
  async (method, isolation) => {
    const tasks = `
- { id: low, title: Low, writes: [shared.txt, low.txt] }
- { id: up, title: Up, writes: [shared.txt, up.txt], stackedOn: low }
`
    const { root, call } = await prepared({
      agent: ['sh', '-c', obeys],
      by: 'human',
      method,
      tasks,
      more: { isolation },
    })
    writeFileSync(join(root, 'shared.txt'), 'ours\n')
    git(root, 'add', 'shared.txt')
    git(root, 'commit', '-qm', 'Before')
    expect(await call('run')).toMatchObject({ exit: 3 })
    await call('cancel', 'low')
    expect((await call('run')).stdout).toContain('it started on the work of low, which will not land')
    writeFileSync(join(root, 'theirs.txt'), 'theirs\n')
    git(root, 'add', 'theirs.txt')
    git(root, 'commit', '-qm', 'Meanwhile')
    for (let round = 0; round < 3 && git(root, 'ls-files', 'up.txt') === ''; round++) {
      await call('land', 'up')
      await call('run')
    }
    expect(readFileSync(join(root, 'shared.txt'), 'utf8')).toBe('up\n')
    expect(git(root, 'ls-files', 'up.txt', 'low.txt').trim()).toBe('up.txt')
    expect(git(root, 'log', '--format=%s', 'main')).not.toContain('low')
  },
)
