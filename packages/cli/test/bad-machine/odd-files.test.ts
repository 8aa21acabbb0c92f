import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { expectNoCrash, scripted, started, usersState } from '../bad-agents/scripted.ts'

const patience = { timeout: 60_000, interval: 20 }

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
