import { describe, expect, it } from 'vitest'
import { untouched } from '../../src/index.ts'
import { memoryQueue, taskQueueSuite } from '../../src/testing/index.ts'

const signal = new AbortController().signal

describe('memoryQueue', () => {
  taskQueueSuite({ describe, it, expect }, () => memoryQueue(), { alongside: (queue) => queue.alongside() })
})

describe('memoryQueue for one scheduler', () => {
  taskQueueSuite({ describe, it, expect }, () => memoryQueue({ schedulers: 'one' }), {
    alongside: (queue) => queue.alongside(),
    lacks: { 'many-schedulers': 'the option says so' },
  })
})

describe('memoryQueue as a test uses it', () => {
  it('starts with the given tasks, open or closed', async () => {
    const queue = memoryQueue({
      tasks: [
        { id: 'a', state: 'done' },
        { id: 'b', dependsOn: ['a'] },
      ],
    })
    const { tasks } = await queue.list({ signal })
    expect(tasks.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'done'],
      ['b', 'open'],
    ])
  })

  it('keeps no object of the caller', async () => {
    const writes = ['src/a.ts']
    const queue = memoryQueue({ tasks: [{ id: 'a', writes }] })
    writes.push('src/b.ts')
    expect((await queue.list({ signal })).tasks[0]?.writes).toEqual(['src/a.ts'])
  })

  it('lets a person edit and remove a task, which makes claims stale', async () => {
    const queue = memoryQueue({ tasks: [{ id: 'a' }] })
    const before = (await queue.read({ signal })).revision
    queue.put({ id: 'a', title: 'edited' })
    expect((await queue.list({ signal })).tasks[0]?.title).toBe('edited')
    expect((await queue.read({ signal })).revision).not.toBe(before)
    queue.remove('a')
    expect((await queue.list({ signal })).tasks).toEqual([])
  })

  it('gives the seat free when its holder is disposed of, as a dead process does', async () => {
    const first = memoryQueue({ schedulers: 'one', tasks: [{ id: 'a' }] })
    const second = first.alongside()
    await first.beat({ owner: 'ann', leaseMs: 1000, signal })
    await second.beat({ owner: 'bob', leaseMs: 1000, signal })
    first[Symbol.dispose]()
    await second.beat({ owner: 'bob', leaseMs: 1000, signal })
    await first.beat({ owner: 'ann', leaseMs: 1000, signal })
    const state = untouched('2026-01-01T00:00:00.000Z')
    expect(await first.write({ id: 'a', expect: null, next: state, signal })).toMatchObject({ reason: 'taken' })
    expect(await second.write({ id: 'a', expect: null, next: state, signal })).toMatchObject({ ok: true })
  })

  it('refuses an aborted call', async () => {
    const queue = memoryQueue()
    await expect(queue.list({ signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  })
})
