import { command, createOrchestrator, type PolicyInput } from '@orch/core'
import { memoryQueue, memoryRunner, memoryVcs, task } from '@orch/core/testing'
import { expect, it } from 'vitest'
import { claim, wantsTurn } from '../../src/decide/moves.ts'
import { untouched } from '../../src/model/run-state.ts'
import { Writes } from '../../src/run/writes.ts'
import { writesItsFile } from './run-rig.ts'

const at = '2026-01-01T00:00:00.000Z'
const me = { owner: 'me', at }
const { signal } = new AbortController()
const holds = (): void => undefined

function ports() {
  const vcs = memoryVcs()
  return { vcs, runner: memoryRunner({ script: writesItsFile(vcs) }), agent: command({ argv: ['agent'] }) }
}

it('a claim is refused that was decided before this process itself wrote something, also where the store cannot tell', async () => {
  const queue = memoryQueue({ tasks: [task('a'), task('b')], schedulers: 'one' })
  const writes = new Writes(queue)
  const [a, b] = ['a', 'b'].map((id) => claim(id, untouched(at), me, 'c'.repeat(40)))
  if (a === undefined || b === undefined) throw new Error('two are claimed')
  const decided = writes.moves
  const first = await writes.claim({ id: 'a', expect: null, next: a, signal }, decided, holds)
  if (!first.ok) throw new Error(first.reason)
  const expected = first.value.record.version
  // Under way when the claim is made: it comes first.
  const writing = writes.write({ id: 'a', expect: expected, next: wantsTurn(a, me, 'guided'), signal }, a)
  const refused = writes.claim({ id: 'b', expect: null, next: b, signal }, decided, holds)
  expect((await writing).ok).toBe(true)
  expect(await refused).toMatchObject({ ok: false, reason: 'stale' })
  expect((await writes.claim({ id: 'b', expect: null, next: b, signal }, writes.moves, holds)).ok).toBe(true)
})

it('nothing is written beside something else where the store has one seat, the beginning of an epic included', async () => {
  const queue = memoryQueue({
    tasks: [task('a'), task('b', { epic: 'e' }), task('c', { epic: 'f' })],
    schedulers: 'one',
  })
  let [writing, most] = [0, 0]
  const slow: typeof queue = {
    ...queue,
    async write(options) {
      most = Math.max(most, ++writing)
      await new Promise(setImmediate)
      return queue.write(options).finally(() => writing--)
    },
  }
  const policy: PolicyInput = {
    epics: { e: { target: 'feature/e' }, f: { target: 'feature/f' } },
    landing: { by: 'orchestrator' },
  }
  await using orch = createOrchestrator({ ...ports(), queue: slow, policy })
  expect((await orch.run()).outcome).toBe('done')
  expect(most).toBe(1)
})

it('a claim that has waited for its turn until the lease was over is not made', async () => {
  const queue = memoryQueue({ tasks: [task('a')], schedulers: 'one' })
  const writes = new Writes(queue)
  const lapsed = (): void => {
    throw new Error('paused')
  }
  const next = claim('a', untouched(at), me, 'c'.repeat(40))
  await expect(writes.claim({ id: 'a', expect: null, next, signal }, writes.moves, lapsed)).rejects.toThrow('paused')
  expect((await queue.read({ signal })).records).toEqual([])
})
