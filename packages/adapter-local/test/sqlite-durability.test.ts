import { DatabaseSync } from 'node:sqlite'
import { untouched } from '@orch/core'
import { expect, it, vi } from 'vitest'
import { sqliteBoard } from '../src/sqlite/board.ts'
import { sqliteQueue } from '../src/sqlite/queue.ts'
import { freshDirectory } from './sqlite-folder.ts'

const { signal } = new AbortController()
const next = untouched('2026-01-01T00:00:00.000Z')

it('what a decision depends on and nothing else tells waits for the disk, and nothing else does', async () => {
  const directory = freshDirectory()
  using queue = sqliteQueue({ directory })
  using board = sqliteBoard({ directory })
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec')
  const told = new Map<string, string | undefined>()
  /** How SQLite was told last to treat the end of a transaction. */
  const does = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const done = await work
    const modes = exec.mock.calls.flatMap(([sql]) => /^PRAGMA synchronous = (\w+)$/.exec(sql)?.[1] ?? [])
    told.set(what, modes.at(-1))
    return done
  }
  const write = async (what: string, more: { readonly claims?: true; readonly answered?: readonly string[] }) => {
    const { records, revision } = await queue.read({ signal })
    const { claims, ...rest } = more
    const seen = claims === undefined ? {} : { seen: revision }
    expect(
      await does(what, queue.write({ id: 'a', expect: records[0]?.version ?? null, ...seen, ...rest, next, signal })),
    ).toMatchObject({ ok: true })
  }
  await does('tasks', queue.add({ key: 'k', tasks: [{ id: 'a' }], signal }))
  await write('how far a task has come', {})
  await write('a claim', { claims: true })
  await does('the end of a task', queue.close({ id: 'a', as: 'done', note: '', signal }))
  await does('a task opened again', queue.close({ id: 'a', as: null, note: '', signal }))
  await write('how far it has come since', {})
  await does('a request', queue.ask({ id: 'a', key: 'r', request: { do: 'cancel' }, signal }))
  await write('how far it has come by then', {})
  await write('the answer to a request', { answered: ['r'] })
  await write('how far it has come after that', {})
  await does('a beat', queue.beat({ owner: 'me', leaseMs: 1000, signal }))
  await does('a note', board.note({ key: 'n', tag: 'landed', text: '', signal }))
  await does('a bulletin', board.post({ key: 'b', author: 'a', text: '', signal }))
  exec.mockRestore()
  expect(Object.fromEntries(told)).toEqual({
    tasks: 'FULL',
    'how far a task has come': 'NORMAL',
    'a claim': 'FULL',
    'the end of a task': 'NORMAL',
    'a task opened again': 'FULL',
    'how far it has come since': 'NORMAL',
    'a request': 'FULL',
    'how far it has come by then': 'NORMAL',
    'the answer to a request': 'FULL',
    'how far it has come after that': 'NORMAL',
    'a beat': 'FULL',
    'a note': 'NORMAL',
    'a bulletin': 'FULL',
  })
})
