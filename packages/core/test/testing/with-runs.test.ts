import { describe, expect, it } from 'vitest'
import { type TaskSource, taskOf, untouched, withRuns } from '../../src/index.ts'
import { memoryQueue, taskQueueSuite } from '../../src/testing/index.ts'

const signal = new AbortController().signal

/** A tracker of its own, whose methods need their `this`. */
class Tracker implements TaskSource {
  readonly name = 'tracker'
  readonly kept = [taskOf({ id: 'a' })]
  async list() {
    return { tasks: this.kept, complete: true }
  }
  async announce({ id, note }: { readonly id: string; readonly note: string }) {
    this.kept.push(taskOf({ id: `${id}: ${note}` }))
  }
}

describe('withRuns', () => {
  // One memory queue plays both parts, since its records may only be about its own tasks.
  taskQueueSuite({ describe, it, expect }, () => {
    const queue = memoryQueue()
    return withRuns(queue, queue)
  })

  it('has the verbs that its source has, and no others', async () => {
    const source = new Tracker()
    const queue = withRuns(source, memoryQueue({ tasks: [{ id: 'a' }] }))
    expect([queue.name, queue.add, queue.close]).toEqual(['tracker', undefined, undefined])
    await queue.announce?.({ id: 'a', attempt: 1, status: 'working', note: 'started', signal })
    expect((await queue.list({ signal })).tasks.map(({ id }) => id)).toEqual(['a', 'a: started'])
  })

  it('keeps records in the store and tasks in the source', async () => {
    const store = memoryQueue({ tasks: [{ id: 'a' }] })
    const queue = withRuns(new Tracker(), store)
    const next = untouched('2026-01-01T00:00:00.000Z')
    expect((await queue.write({ id: 'a', expect: null, next, signal })).ok).toBe(true)
    expect((await store.read({ signal })).records.map(({ id }) => id)).toEqual(['a'])
    expect(queue.schedulers).toBe('many')
  })

  it('hints at changes of both, as far as they can', async () => {
    const source = memoryQueue()
    const store = memoryQueue()
    const stop = new AbortController()
    let hints = 0
    let next: () => void = () => undefined
    const hint = () => new Promise<void>((resolve) => (next = resolve))
    const onChange = () => {
      hints += 1
      next()
    }
    withRuns(source, store).watch?.({ onChange, signal: stop.signal })
    let told = hint()
    source.put({ id: 'a' })
    await told
    told = hint()
    await store.ask({ id: 'a', key: 'k', request: { do: 'cancel' }, signal })
    await told
    expect(hints).toBe(2)
    stop.abort()
    const { name, list } = new Tracker()
    const { watch: _none, ...silent } = memoryQueue()
    expect(withRuns({ name, list }, silent).watch).toBe(undefined)
  })
})
