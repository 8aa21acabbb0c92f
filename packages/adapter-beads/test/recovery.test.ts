import { OrchError, type TaskQueue } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { loop } from './loop.ts'
import { bd, lacksBd, onRealBd } from './real-bd.ts'

/** Ends the orchestrator at its `count`-th write, before it or right after; answers how many there were. */
function crashing(queue: TaskQueue, count: number, when: 'before' | 'after') {
  let writes = 0
  const wrapped = Object.create(queue) as TaskQueue & { write: TaskQueue['write'] }
  const crash = async <T>(work: () => Promise<T>): Promise<T> => {
    writes += 1
    if (writes > count) throw new OrchError('bug', 'it is dead')
    if (writes === count && when === 'before') throw new OrchError('bug', 'it dies')
    const done = await work()
    if (writes === count) throw new OrchError('bug', 'it dies')
    return done
  }
  const { close } = queue
  wrapped.write = (options) => crash(() => queue.write(options))
  if (close !== undefined)
    Object.assign(wrapped, { close: (options: Parameters<typeof close>[0]) => crash(() => close(options)) })
  return wrapped
}

describe.skipIf(lacksBd)(onRealBd('the loop on a real bd'), { timeout: 1_200_000 }, () => {
  it('goes on from wherever it died, before or right after each of its writes, and lands everything once', async () => {
    const { directory, landed, runner, orchestrator } = loop()
    bd(directory, 'create', '--title=All', '-t', 'epic', '--id', 'demo-e')
    let deaths = 0
    for (let count = 1; ; count += 1) {
      const id = bd(directory, 'create', `--title=Task ${count}`, '--parent', 'demo-e', '--silent').trim()
      const before = landed.length
      const when = count % 2 === 0 ? 'before' : 'after'
      const first = orchestrator((queue) => crashing(queue, count, when))
      const died = await first.run().then(
        () => false,
        () => true,
      )
      if (died) deaths += 1
      await using next = orchestrator()
      expect(await next.run()).toMatchObject({ outcome: 'done' })
      expect(landed).toHaveLength(before + 1)
      expect(runner.starts.filter(({ environment }) => environment.ORCH_TASK === id)).toHaveLength(1)
      const [issue] = JSON.parse(bd(directory, 'show', id, '--json')).data
      const closed = { phase: 'closed', orch: { phase: 'closed', outcome: 'done' } }
      expect(issue).toMatchObject({ status: 'closed', metadata: closed })
      if (!died) break
    }
    expect(deaths).toBeGreaterThan(6)
  })
})
