import type { Orchestrator } from '@orch/core'
import { describe, expect, it, vi } from 'vitest'
import { type Loop, loop, staysAtWork } from './loop.ts'
import { bd, lacksBd, onRealBd } from './real-bd.ts'

const waiting = { timeout: 120_000, interval: 20 } as const

interface AtWork extends Loop {
  readonly orch: Orchestrator
  readonly id: string
  /** Resolves when `name` has happened so often. */
  happens(name: 'task-started' | 'task-closed', count?: number): Promise<unknown>
  end(): Promise<void>
}

/** A task whose agent is at work, and a run that goes on until `end`. */
async function atWork(): Promise<AtWork> {
  const made = loop(staysAtWork)
  const id = bd(made.directory, 'create', '--title=Do it', '--silent').trim()
  const orch = made.orchestrator()
  const happened: string[] = []
  for (const name of ['task-started', 'task-closed'] as const) orch.on(name, () => happened.push(name))
  const happens: AtWork['happens'] = (name, count = 1) =>
    vi.waitUntil(() => happened.filter((each) => each === name).length >= count, waiting)
  const end = new AbortController()
  const run = orch.run({ signal: end.signal })
  await happens('task-started')
  return {
    ...made,
    orch,
    id,
    happens,
    async end() {
      end.abort()
      await run
      await orch[Symbol.asyncDispose]()
    },
  }
}

const issueOf = ({ directory }: Loop, id: string) => JSON.parse(bd(directory, 'show', id, '--json')).data[0]

describe.skipIf(lacksBd)(onRealBd('what people do with bd while agents work'), { timeout: 300_000 }, () => {
  it('closing: the agent is stopped, and the task is done', async () => {
    const made = await atWork()
    bd(made.directory, 'close', made.id, '--force', '-r', 'did it myself')
    await made.happens('task-closed')
    expect(made.runner.alive).toEqual([])
    expect(issueOf(made, made.id)).toMatchObject({ status: 'closed', close_reason: 'did it myself' })
    expect((await made.orch.status()).tasks[0]).toMatchObject({ outcome: 'done' })
    await made.end()
  })

  it('deleting: the agent is stopped', async () => {
    const made = await atWork()
    bd(made.directory, 'delete', made.id, '--force')
    await vi.waitUntil(() => made.runner.alive.length === 0, waiting)
    await made.end()
  })

  it('assigning: the agent is stopped and the workspace is theirs, until nobody has it', async () => {
    const made = await atWork()
    bd(made.directory, 'update', made.id, '-a', 'bob', '--force')
    await vi.waitUntil(() => made.runner.alive.length === 0, waiting)
    await vi.waitUntil(async () => (await made.orch.status()).tasks[0]?.waitsFor === 'taken', {
      ...waiting,
      interval: 500,
    })
    expect(issueOf(made, made.id)).toMatchObject({ assignee: 'bob' })
    // With nothing but a person to wait for, the run may have ended by itself.
    await made.end()
    bd(made.directory, 'update', made.id, '-a', '', '--force')
    const end = new AbortController()
    const run = made.orchestrator().run({ signal: end.signal })
    await vi.waitUntil(() => made.runner.alive.length === 1, waiting)
    end.abort()
    await run
  })

  it('putting it back: another attempt begins; reopening a closed one does the same', async () => {
    const made = await atWork()
    bd(made.directory, 'update', made.id, '-s', 'open')
    await made.happens('task-started', 2)
    const second = made.runner.alive[0] ?? ''
    made.runner.report(second, { tell: 'done' })
    made.runner.finish(second)
    await made.happens('task-closed')
    await made.end()
    bd(made.directory, 'reopen', made.id)
    const orch = made.orchestrator()
    const end = new AbortController()
    const run = orch.run({ signal: end.signal })
    await vi.waitUntil(() => made.runner.starts.length === 3, waiting)
    end.abort()
    await run
    expect(issueOf(made, made.id)).toMatchObject({
      status: 'in_progress',
      assignee: expect.stringMatching(/^orch-\w+\/.*#3$/),
    })
  })
})
