import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { expectNoCrash, scripted, started, usersState } from '../bad-agents/scripted.ts'

const patience = { timeout: 60_000, interval: 20 }

/** What may be in the place of the folder of the worktrees, and what is said of it. */
const noFolders: Readonly<Record<string, { readonly put: (path: string) => void; readonly told: string }>> = {
  'a link to nowhere': {
    put: (path) => symlinkSync('not/there', path),
    told: 'is a link to not/there, where no folder is; make that folder, or take the link away',
  },
  'a link to itself': {
    put: (path) => symlinkSync(path, path),
    told: 'where no folder is; make that folder, or take the link away',
  },
  'a file': { put: (path) => writeFileSync(path, 'a file\n'), told: 'is no folder; move it away' },
  'a link to a file': {
    put: (path) => symlinkSync('repository/README.md', path),
    told: 'is a link to repository/README.md, where no folder is; make that folder, or take the link away',
  },
}

describe.concurrent('in the place of the folder of the worktrees', { timeout: 90_000 }, () => {
  it.each(Object.keys(noFolders))('%s ends a run at once, with what to do', async (name) => {
    const { root, call } = await scripted({ agents: {} })
    const folder = `${root}.worktrees`
    const { put, told } = noFolders[name] ?? { put: () => undefined, told: '' }
    put(folder)
    const before = [usersState(root), lstatSync(folder).ino]
    const ended = await call('run')
    expectNoCrash(ended)
    expect(ended).toMatchObject({ exit: 2, stdout: '' })
    expect(ended.stderr).toContain(`the worktrees of tasks are to be in ${folder}, which`)
    expect(ended.stderr).toContain(told)
    expect(ended.stderr.trim().split('\n').length).toBe(1)
    expect([usersState(root), lstatSync(folder).ino]).toEqual(before)
    expect(await call('status')).toMatchObject({ exit: 0, stdout: expect.stringContaining('good  starts next') })
    unlinkSync(folder)
    mkdirSync(`${root}.elsewhere`)
    symlinkSync(`${root}.elsewhere`, folder)
    expect(await call('run')).toMatchObject({ exit: 0, stderr: expect.stringContaining('good: landed as') })
  })

  it('a link to nowhere that comes in the middle makes a task ask, and all work comes back with the folder', async () => {
    const script = 'mv ../../repository.worktrees ../../aside; ln -s nowhere ../../repository.worktrees'
    const { root, call, worktree } = await scripted({ agents: { late: `echo late > late.txt; ${script}` } })
    const run = started(root)
    await vi.waitUntil(() => run.said().includes('late: needs a decision'), patience)
    // Whether the other one has landed by then or not: it waits or asks, and the run ends when the folder is back.
    unlinkSync(`${root}.worktrees`)
    renameSync(join(root, '../aside'), `${root}.worktrees`)
    const ended = await run.ended
    expectNoCrash(ended)
    expect(ended.exit).toBe(1)
    expect(readFileSync(join(worktree('late'), 'late.txt'), 'utf8')).toBe('late\n')
    expect((await call('status')).stdout).toContain('late  STUCK')
  })
})

describe.concurrent('a pipe', { timeout: 90_000 }, () => {
  it('in the place of the user’s attributes holds landings up, which come by themselves when it is gone', async () => {
    const { root, call } = await scripted({ agents: {} })
    const before = usersState(root)
    const path = join(root, '.gitattributes')
    execFileSync('mkfifo', [path])
    const run = started(root)
    const told = `good: held by you: ${path} is a pipe, and git would wait for what it says; move it away`
    await vi.waitUntil(() => run.said().includes(told), patience)
    const status = await call('status', '--json')
    expect(JSON.parse(status.stdout).tasks[0]).toMatchObject({ status: 'complete', waitsFor: 'held-by-user' })
    rmSync(path)
    const ended = await run.ended
    expectNoCrash(ended)
    expect(ended).toMatchObject({ exit: 0, stderr: expect.stringContaining('good: landed as') })
    expect(usersState(root)).toEqual(before)
  })

  it('that an agent left in the place of a file that git reads makes its task ask, and nobody else wait', async () => {
    const { run, call, teach, worktree } = await scripted({
      agents: { bad: 'echo bad > bad.txt; mkdir bad; mkfifo bad/.gitignore' },
    })
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.rows.get('good')?.status).toBe('merged')
    expect(told.rows.get('bad')?.status).toBe('stuck')
    const path = join(worktree('bad'), 'bad/.gitignore')
    expect(told.about('bad')).toContain(`${path} is a pipe`)
    rmSync(path)
    teach('bad', 'test "$(cat bad.txt)" = bad')
    expect(await call('retry', 'bad')).toMatchObject({ exit: 0 })
    expect((await run()).rows.get('bad')?.status).toBe('merged')
  })
})
