import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectNoCrash, scripted, usersState } from '../bad-agents/scripted.ts'
import { git } from '../rig.ts'

/** What a `git worktree add` leaves that is killed at the wrong moment: most of git dies from it. */
function tear(entry: string): void {
  mkdirSync(entry, { recursive: true })
  for (const name of ['commondir', 'locked']) writeFileSync(join(entry, name), '')
  writeFileSync(join(entry, 'gitdir'), '../x/.git\n')
}

describe.concurrent('a torn worktree entry', { timeout: 90_000 }, () => {
  it('of somebody else stops nothing and is left alone', async () => {
    const { root, run, call } = await scripted({ agents: { other: 'echo x > other.txt' } })
    const dead = join(root, '.git/worktrees/dead')
    tear(dead)
    expect(spawnSync('git', ['worktree', 'list'], { cwd: root }).status).not.toBe(0) // the control: git itself gives up
    const told = await run()
    expect(told.exit, told.stderr).toBe(0)
    const more = await Promise.all([call('status'), call('prune', '--yes'), call('plan')])
    expectNoCrash(...more)
    expect(more.map(({ exit }) => exit)).toEqual([0, 0, 0])
    expect(readdirSync(dead).sort()).toEqual(['commondir', 'gitdir', 'locked'])
    expect(readFileSync(join(dead, 'gitdir'), 'utf8')).toBe('../x/.git\n')
  })

  it('of our own is mended, with the work that is in the worktree', async () => {
    const { root, run, call, teach, worktree } = await scripted({
      agents: {
        torn: 'echo x > torn.txt; git add torn.txt; git commit --quiet --message=x; echo more > torn.txt; exit 3',
      },
    })
    const before = usersState(root)
    expect((await run()).exit).toBe(1)
    const entry = join(root, '.git/worktrees/orch.torn')
    rmSync(entry, { recursive: true })
    tear(entry)
    teach('torn', 'test "$(cat torn.txt)" = more && echo end >> torn.txt')
    expect(await call('retry', 'torn')).toMatchObject({ exit: 0 })
    const told = await run()
    expect(told.exit, told.stderr + told.stdout).toBe(0)
    expect(readFileSync(join(root, 'torn.txt'), 'utf8')).toBe('more\nend\n')
    expect(existsSync(worktree('torn'))).toBe(false)
    expect(usersState(root)).toEqual(before)
    expect(git(root, 'worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1)
  })
})

describe.concurrent('files whose times lie an hour away', { timeout: 90_000 }, () => {
  it.each([3600, -3600])(
    '(%i s) change nothing: locks hold or are broken by who made them, and work is kept',
    async (shift) => {
      const { root, run, call, teach } = await scripted({
        agents: { shifted: 'echo x > shifted.txt; git add shifted.txt; git commit --quiet --message=x; exit 3' },
      })
      expect((await run()).exit).toBe(1)
      const when = Date.now() / 1000 + shift
      const age = (folder: string): void => {
        for (const entry of readdirSync(folder, { withFileTypes: true })) {
          const path = join(folder, entry.name)
          if (entry.isDirectory()) age(path)
          else if (entry.isFile()) utimesSync(path, when, when)
        }
      }
      age(join(root, '.git'))
      age(`${root}.worktrees`)
      teach('shifted', 'echo y >> shifted.txt')
      expect(await call('retry', 'shifted')).toMatchObject({ exit: 0 })
      const told = await run()
      expect(told.exit, told.stdout + told.stderr).toBe(0)
      expect(readFileSync(join(root, 'shifted.txt'), 'utf8')).toBe('x\ny\n')
      expect(git(root, 'status', '--porcelain')).toBe('')
    },
  )
})
