import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { expectNoCrash, type Scripted, scripted, usersState } from '../bad-agents/scripted.ts'
import { git } from '../rig.ts'

const words = [['run'], ['prune', '--yes'], ['status', '--json']] as const

/** A repository with a task that has landed and one that is stuck with work on its branch, whose database is then treated badly. */
async function worked(): Promise<Scripted & { readonly file: string; readonly state: string }> {
  const made = await scripted({
    agents: { bad: 'echo half > bad.txt; git add bad.txt; git commit --quiet --message=half; exit 3' },
  })
  expect((await made.call('run')).exit).toBe(1)
  const state = join(made.root, '.git/orch')
  return { ...made, state, file: join(state, 'orch.db') }
}

function refsOf(root: string): string {
  return git(root, 'for-each-ref')
}

/** What a store that cannot be used does: every command names it, none changes anything. */
async function expectRefused({ root, call, file }: Awaited<ReturnType<typeof worked>>, why: RegExp): Promise<void> {
  const before = [
    refsOf(root),
    usersState(root),
    existsSync(file) && statSync(file).isFile() ? readFileSync(file) : null,
  ]
  for (const each of words) {
    const ended = await call(...each)
    expectNoCrash(ended)
    expect(ended.exit, each.join(' ')).toBe(2)
    expect(ended.stdout + ended.stderr).toContain(file)
    expect(ended.stdout + ended.stderr).toMatch(why)
  }
  expect([refsOf(root), usersState(root), before[2] === null ? null : readFileSync(file)]).toEqual(before)
}

describe.concurrent('a database that', { timeout: 90_000 }, () => {
  it('was truncated, emptied or lost is refused, left as it is, and can be put back', async () => {
    const made = await worked()
    const { file, state, call } = made
    const copy = join(state, '../copy.db')
    copyFileSync(file, copy)
    const restore = /Restore it from a copy; or end the agents that still run, move the folder \S+\/\.git\/orch away/
    for (const size of [Math.floor(statSync(file).size / 2), 100, 0]) {
      truncateSync(file, size)
      await expectRefused(
        made,
        size === 0 ? /is gone or empty, though tasks were run with it/ : /is damaged or no database/,
      )
      expect((await call('status')).stderr).toMatch(restore)
      copyFileSync(copy, file)
    }
    rmSync(file)
    await expectRefused(made, /is gone or empty, though tasks were run with it/)
    expect(existsSync(file)).toBe(false)
    copyFileSync(copy, file)
    expect((await call('status')).stdout).toContain('bad  STUCK')
  })

  it('was emptied or removed before anything ran is no empty list of tasks', async () => {
    const made = await scripted({ agents: {} })
    const state = join(made.root, '.git/orch')
    const file = join(state, 'orch.db')
    const copy = readFileSync(file)
    for (const lose of [() => truncateSync(file, 0), () => rmSync(file)]) {
      lose()
      await expectRefused(
        { ...made, file, state },
        /is gone or empty, though it was made before. Restore it from a copy/,
      )
      writeFileSync(file, copy)
      expect((await made.call('status')).stdout).toContain('good  starts next')
    }
    rmSync(state, { recursive: true })
    expect(await made.call('status')).toMatchObject({ exit: 0, stderr: '' })
    expect(await made.call('add', 'tasks.yaml')).toMatchObject({ exit: 0 })
  })

  it('was given up on purpose begins anew, and takes no old turn or half done work for a new one', async () => {
    const { root, state, call, run, teach } = await worked()
    renameSync(state, join(root, '../put-away'))
    expect(await call('add', 'tasks.yaml')).toMatchObject({ exit: 0 })
    teach('good', 'echo good again > good.txt')
    teach('bad', 'test "$(cat bad.txt)" = half && exit 0')
    const told = await run()
    expect(told.exit).toBe(1)
    expect(told.rows.get('good')?.status).toBe('merged')
    expect(told.rows.get('bad')?.status).toBe('stuck')
    expect(told.about('bad')).toContain('changed nothing; what an attempt before it left half done is not landed')
    expect(told.stderr).toMatch(/bad: orch\/bad was there already: what is on it is kept/)
    expect(git(root, 'show', 'orch/bad:bad.txt')).toBe('half\n')
  })

  it('belongs to somebody else is refused and left as it is', async () => {
    const made = await worked()
    const { file } = made
    for (const name of readdirSync(made.state)) if (name.startsWith('orch.db')) rmSync(join(made.state, name))
    const foreign = new DatabaseSync(file)
    foreign.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)')
    foreign.close()
    await expectRefused(made, /belongs to another program/)
    writeFileSync(file, 'a shopping list\n'.repeat(99))
    await expectRefused(made, /is damaged or no database/)
    rmSync(file)
    mkdirSync(file)
    writeFileSync(join(file, 'inside'), 'x')
    await expectRefused(made, /something else is at or above .*move it away/)
    expect(existsSync(join(file, 'inside'))).toBe(true)
    rmSync(made.state, { recursive: true })
    writeFileSync(made.state, 'a file')
    const ended = await made.call('run')
    expectNoCrash(ended)
    expect(ended).toMatchObject({ exit: 2, stderr: expect.stringMatching(/something else is at or above \S+\/orch/) })
  })

  it('a newer orch has written is refused, and that is the advice', async () => {
    const made = await worked()
    const newer = new DatabaseSync(made.file)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    await expectRefused(made, /was written by a newer version of orch \(schema 99, .*Update orch/)
  })

  it('another process keeps locked is read, waited for, and named', async () => {
    const { file, call, root } = await worked()
    const program = `const { DatabaseSync } = require('node:sqlite'); const it = new DatabaseSync(${JSON.stringify(file)})
      it.exec('BEGIN EXCLUSIVE'); console.log('locked'); process.stdin.resume(); process.stdin.on('end', () => process.exit())`
    const holder = spawn(process.execPath, ['--eval', program], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    expect(await call('status')).toMatchObject({ exit: 0, stdout: expect.stringContaining('bad  STUCK') })
    const asked = await call('retry', 'bad')
    expectNoCrash(asked)
    expect(asked.exit).toBe(1)
    expect(asked.stderr).toContain(`Another process has kept the database ${file} locked for 10 s`)
    expect(asked.stderr).toContain(`'fuser ${file}'`)
    holder.stdin.end()
    await once(holder, 'exit')
    expect(await call('retry', 'bad')).toMatchObject({ exit: 0 })
    expect(git(root, 'status', '--porcelain')).toBe('')
  })
})
