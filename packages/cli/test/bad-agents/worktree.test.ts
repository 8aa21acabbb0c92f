import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../rig.ts'
import { isHeld, kept, scripted, usersState } from './scripted.ts'

const commit = (subject: string): string => `git add --all; git commit --quiet --message=${subject}`
/** Ends in a conflict of `shared.txt` with a branch `$1`, of which the second argument makes something. */
const conflict = (verb: string): string =>
  [
    'task=$ORCH_TASK',
    'echo mine > shared.txt; echo one > $task.txt; git add --all; git commit --quiet --message=mine-of-$task',
    'git checkout --quiet -b side-$task HEAD~1',
    'echo theirs > shared.txt; git commit --quiet --all --message=theirs-of-$task',
    `git checkout --quiet orch/$task; echo unsaved > $task.notes; git ${verb} side-$task; exit 0`,
  ].join('\n')

describe.concurrent('an agent that', { timeout: 90_000 }, () => {
  it('goes astray in its worktree is stuck with what to do there, and all that it did is kept', async () => {
    const { root, run, worktree } = await scripted({
      agents: {
        elsewhere: `git checkout --quiet -b mine; echo x > x.txt; ${commit('on-another-branch')}; echo y > y.txt`,
        detached: `git checkout --quiet --detach; echo x > x.txt; ${commit('on-no-branch')}`,
        renamed: `echo x > renamed.txt; ${commit('renamed')}; git branch --move my-own-name`,
        deleted: `echo x > deleted.txt; ${commit('deleted')}; git checkout --quiet --detach; git branch --quiet -D orch/deleted`,
        rebase: conflict('rebase'),
        merge: conflict('merge'),
        pick: conflict('cherry-pick'),
        bisect: `for i in 1 2 3; do echo $i > bisect.txt; ${commit('bisect-$i')}; done; git bisect start HEAD HEAD~3`,
      },
    })
    const before = usersState(root) as { branches: readonly string[] }
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.rows.get('good')?.status).toBe('merged')
    const expected = {
      elsewhere: /has mine checked out instead of orch\/elsewhere; .*'git switch orch\/elsewhere'/,
      detached: /has no branch checked out instead of orch\/detached; .*'git switch orch\/detached'/,
      renamed: /has my-own-name checked out .*'git switch -c orch\/renamed'/,
      deleted: /has no branch checked out .*'git switch -c orch\/deleted'/,
      rebase: /a rebase is in progress in \S+; finish it or abort it there/,
      merge: /a merge is in progress in/,
      pick: /a cherry-pick is in progress in/,
      bisect: /a bisection is in progress in/,
    }
    for (const [task, text] of Object.entries(expected)) {
      expect(told.about(task)).toMatch(text)
      expect(told.about(task)).toContain(worktree(task))
      expect(told.stdout).toContain(`orch retry ${task}`)
      expect(told.rows.get(task)).toMatchObject({ status: 'stuck', stuckReason: expect.stringMatching(text) })
    }
    for (const subject of ['on-another-branch', 'on-no-branch', 'renamed', 'deleted', 'bisect-3']) {
      expect(isHeld(root, subject), subject).toBe(true)
    }
    for (const task of ['rebase', 'merge', 'pick']) {
      expect(isHeld(root, `mine-of-${task}`)).toBe(true)
      expect(kept(root, task, `${task}.notes`)).toEqual(['unsaved\n'])
      expect(kept(root, task, 'shared.txt').join()).toContain('<<<<<<<')
    }
    expect(kept(root, 'elsewhere', 'y.txt')).toEqual(['y\n'])
    const made = ['my-own-name', 'mine', 'side-merge', 'side-pick', 'side-rebase'].map((name) => `refs/heads/${name}`)
    expect(usersState(root)).toEqual({ ...before, branches: expect.arrayContaining([...before.branches, ...made]) })
  })

  it('takes its branch or its worktree away loses no commit, and goes on where it was', async () => {
    const { root, run, call, teach, worktree } = await scripted({
      agents: {
        deref: `echo x > deref.txt; ${commit('deref')}; echo more >> deref.txt; git update-ref -d refs/heads/orch/deref`,
        removed: `echo x > removed.txt; ${commit('removed')}; git worktree remove --force --force "$PWD"`,
        wiped: `echo x > wiped.txt; ${commit('wiped')}; echo unsaved > wiped.notes; rm -rf "$PWD"`,
      },
    })
    const before = usersState(root)
    const told = await run()
    expect(told.exit).toBe(1)
    expect([told.rows.get('good')?.status, told.rows.get('deref')?.status]).toEqual(['merged', 'merged'])
    expect(readFileSync(join(root, 'deref.txt'), 'utf8')).toBe('x\nmore\n')
    for (const task of ['removed', 'wiped']) {
      expect(told.about(task)).toContain(
        `the worktree ${worktree(task)} is gone; what was committed is on orch/${task}`,
      )
      expect(told.rows.get(task)?.stuckReason).toContain('a retry goes on there')
      expect(isHeld(root, task)).toBe(true)
      teach(task, `test -f ${task}.txt && echo again >> ${task}.txt && ${commit('again')}`)
      expect(await call('retry', task)).toMatchObject({ exit: 0 })
    }
    expect(await run()).toMatchObject({ exit: 0 })
    expect(readFileSync(join(root, 'wiped.txt'), 'utf8')).toBe('x\nagain\n')
    expect(readFileSync(join(root, 'removed.txt'), 'utf8')).toBe('x\nagain\n')
    expect(usersState(root)).toEqual(before)
    expect(git(root, 'fsck', '--no-dangling', '--no-progress')).toBe('')
  })

  it('keeps its work through retry --fresh, also when it had deleted the branch under it', async () => {
    const { root, run, call, teach } = await scripted({
      agents: { deref: `echo x > deref.txt; ${commit('deref')}; git update-ref -d refs/heads/orch/deref; exit 3` },
    })
    expect((await run()).exit).toBe(1)
    teach('deref', `echo anew > deref.txt; ${commit('anew')}`)
    expect(await call('retry', '--fresh', 'deref')).toMatchObject({ exit: 0 })
    git(root, 'gc', '--quiet', '--prune=now')
    expect(isHeld(root, 'deref')).toBe(true)
    expect(await run()).toMatchObject({ exit: 0 })
    expect(readFileSync(join(root, 'deref.txt'), 'utf8')).toBe('anew\n')
  })

  it('commits to the target itself is stuck, and neither that commit nor anybody’s landing is lost', async () => {
    const { root, run, worktree } = await scripted({
      agents: {
        intruder: `git checkout --quiet --ignore-other-worktrees main; echo x > intruder.txt; ${commit('on-main')}`,
      },
    })
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.about('intruder')).toContain(`${worktree('intruder')} has main checked out instead of orch/intruder`)
    expect(told.rows.get('good')?.status).toBe('merged')
    expect(git(root, 'log', '--format=%s', 'main').split('\n')).toEqual(expect.arrayContaining(['on-main', 'good']))
    expect(git(root, 'symbolic-ref', '--short', 'HEAD').trim()).toBe('main')
    expect(existsSync(join(root, 'good.txt'))).toBe(true)
  })

  it('has done nothing is not taken at its word', async () => {
    const { root, run } = await scripted({ agents: { nothing: 'exit 0' } })
    const before = usersState(root)
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.about('nothing')).toContain(
      'ended with exit 0 but changed nothing, and did not say `orch tell done --no-changes`',
    )
    expect(told.rows.get('good')?.status).toBe('merged')
    expect(usersState(root)).toEqual(before)
  })
})
