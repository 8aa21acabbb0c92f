import { execFile, spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Ended, git, main } from '../rig.ts'
import { expectNoCrash, isHeld, scripted, usersState } from './scripted.ts'

const repositoryIn = (folder: string): string =>
  `mkdir ${folder}; (cd ${folder}; git init --quiet; echo inner > inner.txt; git add --all; git -c user.name=a -c user.email=a@b commit --quiet --message=inner; echo unsaved > unsaved.txt)`
/** Drops the rights of root, where the test has them: a file of mode 000 is then what it is for everybody else. */
const ordinary = process.getuid?.() === 0 ? ['unshare', '--user', '--'] : []
const hasOrdinary = ordinary.length === 0 || spawnSync('unshare', ['--user', 'true']).status === 0

/** `orch` without the rights of root. */
function asOrdinary(root: string, ...words: string[]): Promise<Ended> {
  const [program = '', ...rest] = [...ordinary, process.execPath, '--conditions=@orch/source', main, ...words]
  return new Promise((resolve) => {
    execFile(program, rest, { cwd: root }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
    })
  })
}

describe.concurrent('an agent that leaves', { timeout: 90_000 }, () => {
  it('a nested repository is stuck with its path, nothing of it lands half, and it is moved aside whole', async () => {
    const { root, run, call, worktree } = await scripted({
      agents: {
        untracked: `${repositoryIn('untracked')}; echo x > untracked.txt`,
        staged: `${repositoryIn('staged')}; git add --all; echo x > staged.txt`,
        linked: `${repositoryIn('linked')}; echo x > linked.txt; git add --all; git commit --quiet --message=with-link`,
      },
    })
    const before = usersState(root)
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.rows.get('good')?.status).toBe('merged')
    for (const task of ['untracked', 'staged', 'linked']) {
      expect(told.about(task)).toMatch(
        new RegExp(`${task}/? is a repository of its own(, or cannot be read)?; take its .git away`),
      )
      expect(told.rows.get(task)?.stuckReason).toContain(`${task}`)
      expect(readFileSync(join(worktree(task), task, 'unsaved.txt'), 'utf8')).toBe('unsaved\n')
    }
    for (const task of ['untracked', 'staged', 'linked']) expect(await call('cancel', task)).toMatchObject({ exit: 0 })
    const left = JSON.parse((await call('prune', '--json')).stdout).leftovers as { what: string; name: string }[]
    for (const task of ['untracked', 'staged', 'linked']) {
      const aside = left.find(({ what, name }) => what === 'moved-aside' && name.includes(`/${task}.`))?.name ?? ''
      const inner = join(aside, task, task)
      expect(readFileSync(join(inner, 'unsaved.txt'), 'utf8')).toBe('unsaved\n')
      expect(git(inner, 'log', '--format=%s').trim()).toBe('inner')
    }
    expect(isHeld(root, 'with-link')).toBe(true)
    expect(git(root, 'ls-tree', '-r', 'main')).not.toContain('160000')
    expect(usersState(root)).toEqual(before)
  })

  it('its files in another shape lands what it meant, and follows no link out', async () => {
    const { root, run } = await scripted({
      agents: {
        shapes:
          'rm src/a.txt; mkdir src/a.txt; echo in > src/a.txt/in; rm -r src/deep; ln -s /etc src/deep; echo x > shapes.txt',
        staged: 'rm -r lib/deep; ln -s /etc lib/deep; git add --all; echo x > staged.txt',
        odd: `mkdir odd; cd odd; printf 1 > 'new\nline'; printf 2 > 'q"uote'; printf 3 > ./-dash; printf 4 > "$(printf 'b\\303\\050')"; printf 5 > "sp ace' \\\\back"`,
      },
      files: { 'src/a.txt': 'a\n', 'src/deep/b.txt': 'b\n', 'lib/deep/c.txt': 'c\n' },
    })
    const before = usersState(root)
    const told = await run()
    expect(told).toMatchObject({ exit: 0 })
    expect([...told.rows.values()].map(({ status }) => status)).toEqual(['merged', 'merged', 'merged', 'merged'])
    // Outside of its scope new files stay out, and are named; what was tracked is as the agent left it.
    expect(told.about('shapes')).toContain('without src/a.txt/in, src/deep')
    const files = git(root, 'ls-tree', '-r', '-z', '--name-only', 'main').split('\0')
    expect(files).toEqual(expect.arrayContaining(['odd/-dash', 'odd/new\nline', 'odd/q"uote', "odd/sp ace' \\back"]))
    expect(files.filter((name) => name.startsWith('odd/'))).toHaveLength(5)
    expect(files.filter((name) => /^(src|lib)\//.test(name))).toEqual([])
    expect(existsSync('/etc/b.txt') || existsSync('/etc/c.txt')).toBe(false)
    const tree = git(root, 'for-each-ref', '--format=%(refname)', 'refs/orch/kept/shapes').trim().split('\n')
    const kept = tree.map((ref) => git(root, 'ls-tree', '-r', ref)).join('\n')
    expect(kept).toMatch(/^120000 .*\tsrc\/deep$/m)
    expect(kept).toContain('src/a.txt/in')
    expect(usersState(root)).toEqual(before)
  })

  it('a lock, a wrong .git, a repository of its own over it or thousands of files lands all the same', async () => {
    const { root, run, worktree } = await scripted({
      agents: {
        lock: 'echo x > lock.txt; git add --all; : > "$(git rev-parse --git-path index.lock)"',
        pointer: 'echo x > pointer.txt; echo "gitdir: /nonexistent/place" > .git',
        over: 'echo x > over.txt; rm .git; git init --quiet; git add --all; git -c user.name=a -c user.email=a@b commit --quiet --message=own',
        many: 'mkdir many; cd many; i=0; while [ $i -lt 5000 ]; do : > f$i; i=$((i+1)); done',
      },
    })
    const before = usersState(root)
    const told = await run()
    expect(told).toMatchObject({ exit: 0 })
    expect([...told.rows.values()].every(({ status }) => status === 'merged')).toBe(true)
    expect(git(root, 'ls-tree', '-r', '--name-only', 'main').match(/^many\//gm)).toHaveLength(5000)
    // The commits of the repository that was made over the worktree are nowhere else.
    const aside = /over: the workspace of over holds what git cannot represent and was moved to (\S+)/.exec(
      told.stderr,
    )?.[1]
    expect(git(aside ?? '', 'log', '--format=%s').trim()).toBe('own')
    expect(existsSync(worktree('over'))).toBe(false)
    expect(usersState(root)).toEqual(before)
  })

  it.skipIf(!hasOrdinary)(
    'what nobody may read is named, stays in place, and is moved aside when it is given up',
    async () => {
      const { root, worktree } = await scripted({
        agents: {
          closed: 'echo x > closed.txt; mkdir closed; echo y > closed/y; chmod 000 closed.txt closed',
          tracked: 'echo x > tracked.txt; echo changed > shared.txt; chmod 000 shared.txt',
        },
      })
      const before = usersState(root)
      const ended = await asOrdinary(root, 'run')
      const status = await asOrdinary(root, 'status')
      expectNoCrash(ended, status)
      expect([ended.exit, status.exit]).toEqual([1, 0])
      expect(ended.stderr).toMatch(/closed: needs a decision: .*closed.* cannot be read; .*make it readable/)
      expect(ended.stderr).toMatch(/tracked: needs a decision: .*cannot be read: .*shared\.txt/)
      expect(status.stdout).toContain('make it readable')
      expect(status.stdout).toContain('good  MERGED')
      expect(lstatSync(join(worktree('closed'), 'closed.txt')).mode & 0o777).toBe(0)
      const cancelled = await asOrdinary(root, 'cancel', 'closed')
      expectNoCrash(cancelled)
      expect(cancelled.exit, cancelled.stderr).toBe(0)
      const aside = join(`${root}.worktrees`, '.aside')
      const [folder = ''] = readdirSync(aside)
      expect(lstatSync(join(aside, folder, 'closed', 'closed.txt')).mode & 0o777).toBe(0)
      expect(usersState(root)).toEqual(before)
    },
  )

  it('a repository without what nothing names keeps the change that is being checked', async () => {
    const { root, run, notes } = await scripted({
      agents: {
        tidy: 'until test -e $NOTES/checking; do sleep 0.02; done; git reflog expire --expire=now --all; git gc --quiet --prune=now; : > $NOTES/tidied; echo x > tidy.txt',
      },
      policy: {
        landing: {
          checks: [
            `test -e tidy.txt || { : > ../../../notes/checking; until test -e ../../../notes/tidied; do sleep 0.02; done; }`,
          ],
        },
      },
    })
    expect(existsSync(notes)).toBe(true)
    const told = await run()
    expect(told.stderr).not.toContain('stuck')
    expect(told).toMatchObject({ exit: 0 })
    expect(git(root, 'fsck', '--no-dangling', '--no-progress')).toBe('')
  })
})
