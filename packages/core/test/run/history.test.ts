import { describe, expect, it } from 'vitest'
import { rig } from './run-rig.ts'

describe('the history of a task', () => {
  it('tells each phase, failure and decision: when, why, and who wrote it down', async () => {
    const { orch, orchestrator } = rig([{ id: 'a', title: 'A', writes: ['a.txt'] }], {
      policy: { maxAttempts: 2 },
      script: (vcs) => (start) => {
        if (start.environment.ORCH_ATTEMPT !== '3') return { exit: 3 }
        vcs.edit(start.directory, { 'a.txt': 'done\n' })
        return { exit: 0 }
      },
    })
    await orch.run()
    const later = orchestrator({ owner: 'later' })
    await later.retry('a')
    await later.run()
    const { history } = await orch.show('a')
    expect(history.map(({ phase, why }) => `${phase}: ${why}`)).toEqual([
      'spawned: claimed for attempt 1',
      'working: turn 1.1 started',
      'working: its process ended with exit 3',
      'spawned: claimed for attempt 2',
      'working: turn 2.1 started',
      'working: its process ended with exit 3',
      'working: stuck: 2 attempts failed; the last one: its process ended with exit 3',
      'working: retried',
      'spawned: claimed for attempt 3',
      'working: turn 3.1 started',
      'committed: its agent is done',
      'pr_created: review round 1',
      'merged: landed',
      'closed: landed',
    ])
    expect(new Set(history.slice(-6).map(({ by }) => by))).toEqual(new Set(['later']))
    expect(history[0]?.by).not.toBe('later')
    expect(history.map(({ at }) => at)).toEqual(history.map(({ at }) => at).sort())
  })
})
