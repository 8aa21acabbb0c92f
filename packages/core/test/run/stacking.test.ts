import type { PolicyInput } from '@orch/core'
import { handClock } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'
import { played, slowly } from './played.ts'
import { rig } from './run-rig.ts'
import { addsALine, row, target } from './stacking-rig.ts'

const human: PolicyInput = { landing: { by: 'human' } }

describe('a task that is stacked on another', () => {
  const first = { id: '126', writes: ['auth.ts', '126.ts'] }
  const second = { id: '127', writes: ['auth.ts', '127.ts'], stackedOn: '126' }

  it.each(['merge', 'squash', 'rebase'] as const)(
    'starts on its branch when that is done, and lands after it (%s)',
    async (method) => {
      const made = rig([second, first], {
        policy: { landing: { by: 'human', method } },
        script: addsALine(() => 'auth.ts'),
      })
      expect((await made.orch.run()).outcome).toBe('waits')
      expect(await made.statuses()).toEqual(['127 complete', '126 complete'])
      expect(made.runner.starts.at(-1)?.prompt).toContain('commits that have not landed yet, of 126')
      await made.orch.land('127')
      expect(await row(made, '127')).toMatchObject({ phase: 'pr_created', waitsFor: 'stack' })
      expect((await row(made, '127'))?.waits).toContain('126')
      expect((await target(made))['auth.ts']).toBe(undefined)
      await made.orch.land('126')
      expect(await row(made, '127')).not.toMatchObject({ waitsFor: 'stack' })
      await made.orch.run()
      expect(await made.statuses()).toEqual(['127 merged', '126 merged'])
      expect((await target(made))['auth.ts']).toBe('126\n127\n')
    },
  )

  it('lands alone, without the changes of one that was cancelled, when a person says so', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    await made.orch.land('127')
    await made.orch.cancel('126')
    expect((await row(made, '127'))?.waits).toBe('started on the work of 126, which will not land')
    await made.orch.run()
    expect(await row(made, '127')).toMatchObject({
      status: 'stuck',
      stuckReason: 'it started on the work of 126, which will not land',
      options: ['land', 'guide', 'cancel'],
    })
    expect(await target(made)).not.toHaveProperty('127.ts')
    await made.orch.land('127')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 cancelled', '127 merged'])
    expect(await target(made)).toMatchObject({ '127.ts': '127\n' })
    expect(await target(made)).not.toHaveProperty('126.ts')
  })

  it('does not have the one below put away for ever that was cancelled and has left its source', async () => {
    const script = addsALine(
      (id) => `${id}.ts`,
      (id) => id === '126',
    )
    const made = rig([first, second], { policy: human, script })
    const clock = handClock()
    let retired = 0
    const vcs: typeof made.vcs = {
      ...slowly(made.vcs),
      retire(options) {
        made.queue.remove('126')
        retired++
        return made.vcs.retire(options)
      },
    }
    const orch = made.orchestrator({ clock, vcs })
    await played(orch, clock, 60_000)
    expect(made.runner.alive).toHaveLength(1)
    const { signal } = new AbortController()
    await made.queue.ask({ id: '126', key: 'k', request: { do: 'cancel' }, signal })
    await played(orch, clock, 600_000)
    expect(retired).toBe(1)
  })

  it('is a question to a person when the one below is gone', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    made.queue.remove('126')
    expect((await made.orch.run()).outcome).toBe('failures')
    expect(await row(made, '127')).toMatchObject({ options: ['land', 'guide', 'cancel'] })
  })

  it('gets its answer when the one below was cancelled', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    await made.orch.cancel('126')
    await made.orch.run()
    await made.orch.guide('127', 'go on without it')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 cancelled', '127 complete'])
    await made.orch.land('127')
    await made.orch.run()
    expect((await target(made))['127.ts']).toBe('127\n127\n')
    expect(await target(made)).not.toHaveProperty('126.ts')
  })

  it.each(['merge', 'squash', 'rebase'] as const)('may take back what it started on (%s)', async (method) => {
    const made = rig([first, second], {
      policy: { landing: { by: 'human', method } },
      script:
        (vcs) =>
        ({ directory, environment }) => {
          vcs.edit(directory, { '126.ts': environment.ORCH_TASK === '126' ? 'for now\n' : null })
          return { exit: 0 }
        },
    })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 complete', '127 complete'])
    await made.orch.land('126')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 merged', '127 complete'])
    await made.orch.land('127')
    await made.orch.run()
    expect(await target(made)).not.toHaveProperty('126.ts')
  })

  it('waits as long as the one below is stuck', async () => {
    const made = rig([first, second], {
      policy: { ...human, maxAttempts: 1 },
      script: () => () => ({ exit: 1 }),
    })
    expect((await made.orch.run()).outcome).toBe('failures')
    expect(await made.statuses()).toEqual(['126 stuck', '127 waiting'])
  })

  it('goes on when the one below is begun anew, and lands what it changed itself', async () => {
    const made = rig([first, second], { policy: human, script: addsALine((id) => `${id}.ts`) })
    await made.orch.run()
    await made.orch.retry('126', { fresh: true })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 complete', '127 complete'])
    await made.orch.land('127')
    await made.orch.land('126')
    await made.orch.run()
    expect(await made.statuses()).toEqual(['126 merged', '127 merged'])
    expect(await target(made)).toMatchObject({ '126.ts': '126\n', '127.ts': '127\n' })
  })
})

describe('tasks that write the same files', () => {
  const tasks = ['a', 'b', 'c'].map((id) => ({ id, writes: ['one.ts'] }))

  it('are stacked where a person lets them land', async () => {
    const made = rig(tasks, { policy: human, script: addsALine(() => 'one.ts') })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['a complete', 'b complete', 'c complete'])
    for (const id of ['c', 'b', 'a']) await made.orch.land(id)
    await made.orch.run()
    expect((await target(made))['one.ts']).toBe('a\nb\nc\n')
  })

  it('wait for each other where the policy says so', async () => {
    const made = rig(tasks, { policy: { ...human, onOverlap: 'wait' }, script: addsALine(() => 'one.ts') })
    await made.orch.run()
    expect(await made.statuses()).toEqual(['a complete', 'b waiting', 'c waiting'])
  })

  it('are not stacked on one that still works', async () => {
    const made = rig(tasks, {
      policy: human,
      script: addsALine(
        () => 'one.ts',
        () => false,
      ),
    })
    for (let pass = 0; pass < 5; pass++) await made.orch.pass()
    expect(made.runner.starts).toHaveLength(1)
  })
})
