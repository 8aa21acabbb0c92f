import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { thisHost } from '../src/process/host.ts'
import { sqliteQueue } from '../src/sqlite/queue.ts'

const { signal } = new AbortController()
const root = mkdtempSync(join(tmpdir(), 'orch-processes-'))
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

let count = 0
const freshDirectory = (): string => join(root, `store-${count++}`)

function start(
  fixture: string,
  ...given: readonly string[]
): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const script = join(import.meta.dirname, 'fixtures', fixture)
  const child = spawn(process.execPath, ['--conditions=@orch/source', script, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

describe('several processes on one database', () => {
  it('claim every task once and never exceed a limit that counts them all', async () => {
    const directory = freshDirectory()
    const limit = 3
    const tasks = Array.from({ length: 40 }, (_, index) => ({ id: `t${index}` }))
    using queue = sqliteQueue({ directory })
    await queue.add({ key: 'k', tasks, signal })

    // Written by the database itself inside each transaction, so nothing can slip through between two looks.
    const database = new DatabaseSync(join(directory, 'orch.db'))
    for (const event of ['INSERT', 'UPDATE']) {
      database.exec(
        `CREATE TABLE IF NOT EXISTS history (id TEXT, phase TEXT, owner TEXT, running INTEGER);
         CREATE TRIGGER seen_${event} AFTER ${event} ON runs BEGIN
           INSERT INTO history SELECT new.id, new.phase, new.owner, count(*) FROM runs WHERE phase = 'spawned';
         END`,
      )
    }
    const owners = ['ann', 'bob', 'cid', 'dan', 'eve']
    const claimers = owners.map((owner) => start('sqlite-claimer.ts', directory, owner, String(limit)))
    const exits = await Promise.all(claimers.map(async (child) => (await once(child, 'exit'))[0]))
    expect(exits).toEqual(owners.map(() => 0))

    const claims = database.prepare(`SELECT id, owner, running FROM history WHERE phase = 'spawned'`).all()
    expect(claims.map(({ id }) => id).sort()).toEqual(tasks.map(({ id }) => id).sort())
    expect(Math.max(...claims.map(({ running }) => Number(running)))).toBe(limit)
    database.close()
  })

  it('lose nothing that was acknowledged when one is killed in the middle of writing', async () => {
    const directory = freshDirectory()
    const acknowledged: string[] = []
    for (const [owner, after] of [
      ['first', 1],
      ['second', 12],
      ['third', 25],
    ] as const) {
      const child = start('sqlite-writer.ts', directory, owner)
      const closed = once(child, 'close')
      let lines = 0
      for await (const line of createInterface(child.stdout)) {
        acknowledged.push(line)
        lines += 1
        if (lines === after) child.kill('SIGKILL')
      }
      expect((await closed)[1]).toBe('SIGKILL')
    }
    using queue = sqliteQueue({ directory })
    const { tasks } = await queue.list({ signal })
    const { records, requests } = await queue.read({ signal })
    for (const kept of [tasks, records, requests]) {
      expect(kept.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged))
    }
    const database = new DatabaseSync(join(directory, 'orch.db'))
    expect({ ...database.prepare('PRAGMA integrity_check').get() }).toEqual({ integrity_check: 'ok' })
    database.close()
  })
})

describe('beats of other processes', () => {
  const beat = async (directory: string): Promise<readonly string[]> => {
    using queue = sqliteQueue({ directory })
    const beats = await queue.beat({ owner: 'me', leaseMs: 60_000, signal })
    return beats.map(({ owner }) => owner)
  }

  it('count while the process lives and are dropped once its death is proved', async () => {
    const directory = freshDirectory()
    const child = start('sqlite-writer.ts', directory, 'other')
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    expect(await beat(directory)).toEqual(['me', 'other'])
    child.kill('SIGKILL')
    child.stdout.resume()
    await closed
    expect(await beat(directory)).toEqual(['me'])
    const database = new DatabaseSync(join(directory, 'orch.db'))
    expect(database.prepare('SELECT owner FROM beats').all()).toHaveLength(1)
    database.close()
  })

  it('are kept where nothing is proved, and dropped where it is', async () => {
    const directory = freshDirectory()
    await beat(directory)
    const database = new DatabaseSync(join(directory, 'orch.db'))
    const mine: object = JSON.parse(String(database.prepare('SELECT process FROM beats').get()?.process))
    expect(mine).toMatchObject({ ...(await thisHost()), pid: process.pid })
    const owners = {
      alive: mine,
      'another-start': { ...mine, start: '1' },
      'before-the-reboot': { ...mine, boot: 'another' },
      'on-another-machine': { ...mine, boot: 'another', machine: 'another' },
      'in-a-container': { ...mine, namespace: 'pid:[1]', pid: 999_999_999 },
      unknown: null,
      'no-such-process': { ...mine, pid: 999_999_999 },
    }
    const insert = database.prepare('INSERT INTO beats VALUES (?, 1, 1000, ?)')
    for (const [owner, process] of Object.entries(owners)) insert.run(owner, JSON.stringify(process))
    database.close()
    expect(await beat(directory)).toEqual(['alive', 'in-a-container', 'me', 'on-another-machine', 'unknown'])
  })
})
