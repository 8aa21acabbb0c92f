import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untouched, withRuns } from '@orch/core'
import { memoryQueue, taskQueueSuite } from '@orch/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { type SqliteQueue, sqliteQueue, sqliteRuns } from '../src/sqlite/queue.ts'

const { signal } = new AbortController()
const root = mkdtempSync(join(tmpdir(), 'orch-sqlite-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0
const freshDirectory = (): string => join(root, `store-${count++}`)
const directories = new WeakMap<SqliteQueue, string>()
const freshQueue = (directory = freshDirectory()): SqliteQueue => {
  const queue = sqliteQueue({ directory })
  directories.set(queue, directory)
  return queue
}
const state = untouched('2026-01-01T00:00:00.000Z')
const closed = { ...state, phase: 'closed', outcome: 'done' } as const

describe('sqliteQueue', () => {
  taskQueueSuite({ describe, it, expect }, freshQueue, { alongside: (queue) => freshQueue(directories.get(queue)) })
})

describe('sqliteRuns under a tracker', () => {
  taskQueueSuite({ describe, it, expect }, () => withRuns(memoryQueue(), sqliteRuns({ directory: freshDirectory() })), {
    lacks: { gone: 'the store does not know the tracker’s tasks' },
  })

  it('shows closed records too, since an open task elsewhere may name them', async () => {
    using runs = sqliteRuns({ directory: freshDirectory() })
    await runs.write({ id: 'a', expect: null, next: closed, signal })
    expect((await runs.read({ signal })).records.map(({ id }) => id)).toEqual(['a'])
  })
})

describe('what sqliteQueue leaves out', () => {
  it('lists and reads no closed task that nothing needs, unless asked for all', async () => {
    using queue = freshQueue()
    await queue.add({ key: 'k', tasks: [{ id: 'old' }, { id: 'new' }], signal })
    await queue.write({ id: 'old', expect: null, next: closed, signal })
    await queue.close({ id: 'old', as: 'done', note: 'landed', signal })
    const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
    expect(ids((await queue.list({ signal })).tasks)).toEqual(['new'])
    expect(ids((await queue.read({ signal })).records)).toEqual([])
    expect(ids((await queue.list({ all: true, signal })).tasks)).toEqual(['old', 'new'])
    expect(ids((await queue.read({ all: true, signal })).records)).toEqual(['old'])
    await queue.add({ key: 'k2', tasks: [{ id: 'next', dependsOn: ['old'] }], signal })
    expect(ids((await queue.list({ signal })).tasks)).toEqual(['old', 'new', 'next'])
    expect(ids((await queue.read({ signal })).records)).toEqual(['old'])
  })

  it('a request that was answered is not asked again under the same key', async () => {
    using queue = freshQueue()
    await queue.add({ key: 'k', tasks: [{ id: 'a' }], signal })
    const ask = () => queue.ask({ id: 'a', key: 'r', request: { do: 'cancel' }, signal })
    await ask()
    await queue.write({ id: 'a', expect: null, next: state, answered: ['r'], signal })
    await ask()
    expect((await queue.read({ signal })).requests).toEqual([])
  })

  it('an unchanged database is not parsed again', async () => {
    using queue = freshQueue()
    await queue.add({ key: 'k', tasks: [{ id: 'a' }, { id: 'b' }], signal })
    await queue.write({ id: 'a', expect: null, next: state, signal })
    const [tasks, records] = [await queue.list({ signal }), await queue.read({ signal })]
    await queue.beat({ owner: 'ann', leaseMs: 1000, signal })
    expect(await queue.list({ signal })).toBe(tasks)
    expect(await queue.read({ signal })).toBe(records)
    await queue.write({ id: 'b', expect: null, next: state, signal })
    const after = await queue.read({ signal })
    expect(after.records.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(after.records[0]).toBe(records.records[0])
  })

  it('what no claim depends on is read at once all the same', async () => {
    const directory = freshDirectory()
    using queue = freshQueue(directory)
    using other = freshQueue(directory)
    await queue.add({ key: 'k', tasks: [{ id: 'a' }], signal })
    const first = await queue.write({ id: 'a', expect: null, next: state, signal })
    const before = await queue.read({ signal })
    await other.ask({ id: 'a', key: 'r', request: { do: 'cancel' }, signal })
    expect((await queue.read({ signal })).requests.map(({ key }) => key)).toEqual(['r'])
    const next = { ...state, run: { ...state.run, why: 'it works' } }
    await other.write({ id: 'a', expect: first.ok ? first.value.record.version : '', next, answered: ['r'], signal })
    const after = await queue.read({ signal })
    expect([after.records[0]?.state.run.why, after.requests]).toEqual(['it works', []])
    expect(after.revision).toBe(before.revision)
  })

  it('a beat gives no hint, for the pass that a hint causes would beat again', async () => {
    using queue = freshQueue()
    const stop = new AbortController()
    let hints = 0
    let asked = 0
    queue.watch({ onChange: () => (hints += 1), signal: stop.signal })
    const hint = async (): Promise<void> => {
      for (const before = hints; hints === before; asked += 1) {
        await queue.ask({ id: 'a', key: `r${asked}`, request: { do: 'land' }, signal })
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    }
    await hint()
    for (let round = 0; round < 250; round += 1) {
      await queue.beat({ owner: 'ann', leaseMs: 1000, signal })
      // The watcher is heard when the event loop turns, which a chain of promises does not make it do.
      await new Promise((resolve) => setImmediate(resolve))
    }
    await hint()
    stop.abort()
    expect(hints <= asked).toBe(true)
  })

  it('a refused addition leaves nothing behind, and its key may be used again', async () => {
    using queue = freshQueue()
    await queue.add({ key: 'k', tasks: [{ id: 'a' }], signal })
    const refused = await queue.add({ key: 'k2', tasks: [{ id: 'b' }, { id: 'a' }], signal })
    expect(refused).toMatchObject({ ok: false, reason: 'exists', detail: expect.stringContaining('a') })
    expect((await queue.add({ key: 'k2', tasks: [{ id: 'b' }], signal })).ok).toBe(true)
  })
})

describe('the database file', () => {
  it('is made on the first use, for its owner only', async () => {
    const directory = join(freshDirectory(), 'deep')
    using queue = freshQueue(directory)
    expect(statSync(directory, { throwIfNoEntry: false })).toBe(undefined)
    await queue.list({ signal })
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    for (const name of ['orch.db', 'orch.db-wal']) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
  })

  it('is opened again after disposal, and after somebody moved its folder away', async () => {
    const directory = freshDirectory()
    using queue = freshQueue(directory)
    await queue.add({ key: 'k', tasks: [{ id: 'a' }], signal })
    const before = (await queue.read({ signal })).revision
    queue[Symbol.dispose]()
    expect((await queue.list({ signal })).tasks).toHaveLength(1)
    rmSync(directory, { recursive: true })
    expect((await queue.list({ signal })).tasks).toEqual([])
    await queue.add({ key: 'k', tasks: [{ id: 'b' }], signal })
    expect((await queue.list({ signal })).tasks.map(({ id }) => id)).toEqual(['b'])
    const write = await queue.write({ id: 'b', expect: null, seen: before, next: state, signal })
    expect(write).toMatchObject({ ok: false, reason: 'stale' })
  })

  it('a directory that cannot be made is an outage, not an empty queue', async () => {
    const file = join(root, 'a-file')
    writeFileSync(file, '')
    using queue = freshQueue(join(file, 'below'))
    await expect(queue.list({ signal })).rejects.toMatchObject({ code: 'no-access', port: 'queue', retryable: false })
  })

  it('refuses an aborted call and does nothing', async () => {
    using queue = freshQueue()
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(queue.add({ key: 'k', tasks: [{ id: 'a' }], signal: aborted })).rejects.toThrow('enough')
    expect((await queue.list({ signal })).tasks).toEqual([])
  })
})
