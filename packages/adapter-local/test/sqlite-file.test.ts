import { spawnSync } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { OrchError, untouched } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { sqliteBoard } from '../src/sqlite/board.ts'
import { applicationId, migrations } from '../src/sqlite/migrations.ts'
import { networkName } from '../src/sqlite/network.ts'
import { sqliteQueue } from '../src/sqlite/queue.ts'
import { fileOf, freshDirectory } from './sqlite-folder.ts'

const { signal } = new AbortController()

/** What `list` throws, or null. */
async function refusal(directory: string, options: { readonly waitMs?: number } = {}): Promise<OrchError | null> {
  using queue = sqliteQueue({ directory, ...options })
  try {
    await queue.list({ signal })
    return null
  } catch (error) {
    if (OrchError.is(error)) return error
    throw error
  }
}

async function filled(tasks: number): Promise<string> {
  const directory = freshDirectory()
  using queue = sqliteQueue({ directory })
  const body = 'x'.repeat(500)
  await queue.add({ key: 'k', tasks: Array.from({ length: tasks }, (_, index) => ({ id: `t${index}`, body })), signal })
  return directory
}

describe('the schema', () => {
  it('of an older version is brought forward with all that it holds', async () => {
    const directory = freshDirectory()
    const old = new DatabaseSync(fileOf(directory))
    old.exec(`${migrations[0]}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`)
    old.exec(`INSERT INTO tasks (id, task) VALUES ('a', '{"id":"a","state":"open","dependsOn":[],"follows":[]}')`)
    old.close()
    using board = sqliteBoard({ directory })
    await board.post({ key: 'b', author: 'ann', text: 'news', signal })
    using queue = sqliteQueue({ directory })
    expect((await queue.list({ signal })).tasks.map(({ id }) => id)).toEqual(['a'])
    const now = new DatabaseSync(fileOf(directory))
    expect(now.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length })
    now.close()
  })

  it('of a newer version is refused', async () => {
    const directory = await filled(1)
    const newer = new DatabaseSync(fileOf(directory))
    newer.exec(`PRAGMA user_version = ${migrations.length + 1}`)
    newer.close()
    const error = await refusal(directory)
    expect(error?.code).toBe('store-newer')
    expect(error?.message).toContain('Update orch')
  })

  it('shows people where a task stands in columns of its own', async () => {
    const directory = await filled(1)
    using queue = sqliteQueue({ directory })
    const state = untouched('2026-01-01T00:00:00.000Z')
    const next = { ...state, phase: 'working', run: { ...state.run, attempt: 2, owner: 'ann' } } as const
    await queue.write({ id: 't0', expect: null, next, signal })
    const database = new DatabaseSync(fileOf(directory))
    expect({ ...database.prepare('SELECT id, phase, attempt, owner FROM runs').get() }).toEqual({
      id: 't0',
      phase: 'working',
      attempt: 2,
      owner: 'ann',
    })
    database.close()
  })

  it('notices an edit by hand', async () => {
    const directory = await filled(1)
    using queue = sqliteQueue({ directory })
    const before = await queue.read({ signal })
    const database = new DatabaseSync(fileOf(directory))
    database.exec(`UPDATE tasks SET task = json_set(task, '$.title', 'edited')`)
    database.close()
    expect((await queue.list({ signal })).tasks[0]?.title).toBe('edited')
    expect((await queue.read({ signal })).revision).not.toBe(before.revision)
  })
})

describe('a file that is not ours to use', () => {
  it('of another program is refused and left as it is', async () => {
    const directory = freshDirectory()
    const foreign = new DatabaseSync(fileOf(directory))
    foreign.exec('CREATE TABLE tasks (id TEXT)')
    foreign.close()
    const before = readFileSync(fileOf(directory))
    const error = await refusal(directory)
    expect(error?.code).toBe('store-foreign')
    expect(error?.message).toContain('another program')
    expect(readFileSync(fileOf(directory)).equals(before)).toBe(true)
  })

  it('that is no database is refused and left as it is', async () => {
    const directory = freshDirectory()
    writeFileSync(
      fileOf(directory),
      'a text that somebody keeps here, long enough to be looked at as a header of a file'.repeat(9),
    )
    const error = await refusal(directory)
    expect(error?.code).toBe('store-damaged')
    expect(error?.message).toMatch(/damaged.*Restore it.*move the folder .* away/s)
    expect(readFileSync(fileOf(directory), 'utf8')).toContain('somebody keeps')
  })

  it('that was truncated is refused', async () => {
    const directory = await filled(200)
    truncateSync(fileOf(directory), 8192)
    expect((await refusal(directory))?.code).toBe('store-damaged')
  })

  it('that was emptied beside its log is refused, and the log is kept', async () => {
    const directory = await filled(1)
    using queue = sqliteQueue({ directory })
    await queue.add({ key: 'k2', tasks: [{ id: 'late' }], signal })
    const log = readFileSync(`${fileOf(directory)}-wal`)
    const copy = freshDirectory()
    writeFileSync(fileOf(copy), '')
    writeFileSync(`${fileOf(copy)}-wal`, log)
    expect((await refusal(copy))?.code).toBe('store-damaged')
    expect(readFileSync(`${fileOf(copy)}-wal`).equals(log)).toBe(true)
  })

  it('with a page of garbage is refused when it is met', async () => {
    const directory = await filled(200)
    const bytes = readFileSync(fileOf(directory))
    bytes.fill(0xab, 4096 * 3)
    writeFileSync(fileOf(directory), bytes)
    expect((await refusal(directory))?.code).toBe('store-damaged')
  })

  it('on a network file system is one that we know by its type', () => {
    expect([0x6969, 0xfe534d42, 0xff534d42 | 0].map(networkName)).toEqual(['NFS', 'SMB', 'SMB'])
    expect([0xef53, 0x01021994, 0x9123683e].map(networkName)).toEqual([null, null, null])
  })
})

describe('a database that somebody else holds', () => {
  it('is waited for without blocking this process', async () => {
    const directory = await filled(1)
    const holder = new DatabaseSync(fileOf(directory))
    holder.exec('BEGIN IMMEDIATE')
    using queue = sqliteQueue({ directory })
    const closing = queue.close({ id: 't0', as: 'done', note: '', signal })
    // These timers fire only when the wait leaves the event loop free.
    for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setTimeout(resolve, 1))
    holder.exec('COMMIT')
    holder.close()
    expect(await closing).toEqual({ ok: true, value: undefined })
  })

  it('is read all the same', async () => {
    const directory = await filled(1)
    const holder = new DatabaseSync(fileOf(directory))
    holder.exec('BEGIN IMMEDIATE')
    expect(await refusal(directory, { waitMs: 0 })).toBe(null)
    holder.close()
  })

  it('is given up after the limit, retryable, and at once when the signal ends', async () => {
    const directory = await filled(1)
    const holder = new DatabaseSync(fileOf(directory))
    holder.exec('BEGIN IMMEDIATE')
    using impatient = sqliteQueue({ directory, waitMs: 1 })
    const close = { id: 't0', as: 'done', note: '' } as const
    await expect(impatient.close({ ...close, signal })).rejects.toMatchObject({
      code: 'store-locked',
      port: 'queue',
      retryable: true,
    })
    using patient = sqliteQueue({ directory })
    const stop = new AbortController()
    const closing = patient.close({ ...close, signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(closing).rejects.toThrow('enough')
    holder.close()
  })
})

describe('a process that uses the package', () => {
  it('ends by itself with everything open, and has printed nothing', () => {
    const script = `
      const { sqliteQueue } = await import('../src/sqlite/queue.ts')
      const { signal } = new AbortController()
      const queue = sqliteQueue({ directory: ${JSON.stringify(freshDirectory())} })
      queue.watch({ onChange() {}, signal })
      await queue.add({ key: 'k', tasks: [{ id: 'a' }], signal })
      await queue.beat({ owner: 'ann', leaseMs: 1000, signal })
      process.exitCode = (await queue.list({ signal })).tasks.length + 6`
    const options = ['--conditions=@orch/source', '--input-type=module', '--eval', script]
    const ended = spawnSync(process.execPath, options, { cwd: import.meta.dirname, encoding: 'utf8', timeout: 25_000 })
    expect([ended.status, ended.signal, ended.stdout, ended.stderr]).toEqual([7, null, '', ''])
  })

  it('is not warned of SQLite, as Node 22 does on loading it, but of everything else', () => {
    const script = `
      const [load, emit] = [process.getBuiltinModule, process.emitWarning]
      process.getBuiltinModule = (name) => {
        if (name !== 'node:sqlite') return load(name)
        process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning')
        process.emitWarning('Another thing is experimental', 'ExperimentalWarning')
        return load(name)
      }
      const { engine } = await import('../src/sqlite/engine.ts')
      if (engine().DatabaseSync === undefined || process.emitWarning !== emit) process.exitCode = 1`
    const options = ['--conditions=@orch/source', '--input-type=module', '--eval', script]
    const ended = spawnSync(process.execPath, options, { cwd: import.meta.dirname, encoding: 'utf8', timeout: 25_000 })
    expect(ended.status).toBe(0)
    expect(ended.stderr).toContain('Another thing is experimental')
    expect(ended.stderr).not.toContain('SQLite is an experimental')
  })
})
