import { describe, expect, it } from 'vitest'
import * as branches from '../../src/decide/branch-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import { untouched } from '../../src/model/run-state.ts'
import { alive, at, decided, ended, head, inShort, me, states } from './world-rig.ts'

const claims = (scene: Parameters<typeof decided>[0]) =>
  inShort(decided(scene).actions).filter((a) => a.startsWith('claim'))

describe('what is started', () => {
  const three = [
    { id: 'a', title: 'A', writes: ['a'] },
    { id: 'b', title: 'B', writes: ['b'] },
    { id: 'c', title: 'C', writes: ['c'] },
  ]

  it('no more than the agents that may run together, counting everybody', () => {
    expect(claims({ tasks: three, policy: { maxAgents: 2 } })).toHaveLength(2)
    const theirs = { ...states.spawned, run: { ...states.spawned.run, owner: 'other' } }
    const world = { liveOwners: new Set(['me', 'other']) }
    expect(claims({ tasks: three, states: { a: theirs }, policy: { maxAgents: 2 }, world })).toEqual([
      'claim b spawned',
    ])
  })

  it('never two tasks that may write the same file, not even beside one that waits for its landing', () => {
    const tasks = [
      { id: 't', title: 'T', writes: ['src/x.ts'] },
      { id: 'u', title: 'U', writes: ['src/**'] },
    ]
    expect(claims({ tasks })).toEqual(['claim t spawned'])
    const policy = { onOverlap: 'wait' as const }
    expect(claims({ tasks, states: { t: states.inReview }, policy })).toEqual([])
    expect(claims({ tasks, states: { t: states.landed } })).toEqual(['claim u spawned'])
  })

  it('nothing more while eight changes an agent wait to land by themselves', () => {
    const tasks = Array.from({ length: 9 }, (_, index) => ({ id: `t${index}`, title: 'T', writes: [`${index}`] }))
    const waiting = (count: number) => Object.fromEntries(tasks.slice(0, count).map(({ id }) => [id, states.inReview]))
    const policy = { maxAgents: 1, landing: { by: 'orchestrator' as const } }
    expect(claims({ tasks, states: waiting(8), policy })).toEqual([])
    expect(claims({ tasks, states: waiting(7), policy })).toEqual(['claim t7 spawned'])
    expect(claims({ tasks, states: waiting(8), policy: { ...policy, landing: { by: 'human' } } })).toHaveLength(1)
    const guarded = {
      ...states.inReview,
      branch: states.inReview.branch && { ...states.inReview.branch, guarded: ['ci'] },
    }
    expect(claims({ tasks, states: { ...waiting(8), t0: guarded }, policy })).toEqual(['claim t8 spawned'])
  })

  it('what goes back to its agent, however many changes wait to land: they may stand on it', () => {
    const tasks = Array.from({ length: 10 }, (_, index) => ({ id: `t${index}`, title: 'T', writes: [`${index}`] }))
    const back = moves.repair(states.inReview, me, 'red', 'red')
    const others = tasks.slice(1, 9).map(({ id }) => [id, branches.startedOn(states.inReview, ['t0'], head)])
    const policy = { maxAgents: 1, landing: { by: 'orchestrator' as const } }
    expect(claims({ tasks, states: { ...Object.fromEntries(others), t0: back }, policy })).toEqual(['claim t0 spawned'])
    const anew = moves.retried(states.inReview, me, true)
    expect(claims({ tasks, states: { ...Object.fromEntries(others), t0: anew }, policy })).toEqual(['claim t0 spawned'])
    const all = Object.fromEntries(tasks.slice(0, 8).map(({ id }) => [id, back]))
    expect(claims({ tasks, states: all, policy })).toEqual(['claim t0 spawned'])
  })

  it('a failed attempt keeps its scope while it rests', () => {
    const tasks = [
      { id: 't', title: 'T', writes: ['x'] },
      { id: 'u', title: 'U', writes: ['x'] },
    ]
    const failed = moves.failedAttempt(states.working, me, 'exit 1', null)
    expect(claims({ tasks, states: { t: failed }, turns: { 'turn-t.1.1': ended(1) } })).toEqual([])
  })

  it('another turn beside one of its group only when that has landed, as its own branch does not hold that', () => {
    const tasks = [
      { id: 't', title: 'T', group: 'g' },
      { id: 'u', title: 'U', group: 'g' },
    ]
    const u = { ...states.working, run: { ...states.working.run, wants: 'turn' as const } }
    const own = { ...u, branch: u.branch && { ...u.branch, name: 'orch/u', workspace: 'u' } }
    expect(claims({ tasks, states: { t: states.inReview, u: own } })).toEqual([])
    expect(claims({ tasks, states: { t: states.inReview } })).toEqual(['claim u spawned'])
    expect(claims({ tasks, states: { t: states.landed, u: own } })).toEqual(['claim u spawned'])
  })

  it('nobody of a group beside one that has begun, though somebody else waits for the other one', () => {
    const tasks = [
      { id: 's', title: 'S', dependsOn: ['u'] },
      { id: 't', title: 'T', group: 'g' },
      { id: 'u', title: 'U', group: 'g' },
    ]
    expect(claims({ tasks })).toEqual(['claim u spawned'])
    const back = { ...states.working, run: { ...states.working.run, wants: 'turn' as const } }
    expect(claims({ tasks, states: { t: back } })).toEqual(['claim t spawned'])
    expect(claims({ tasks, states: { s: back, t: back } })).toEqual(['claim t spawned'])
    // Unless a person has made it wait for that one since.
    const edited = tasks.map((task) => (task.id === 't' ? { ...task, dependsOn: ['u'] } : task))
    expect(claims({ tasks: edited, states: { t: back } })).toEqual(['claim u spawned'])
  })

  it('only tasks of the epic, and they see the others', () => {
    const tasks = [
      { id: 'a', title: 'A', writes: ['a'], epic: 'one' },
      { id: 'b', title: 'B', writes: ['b'], epic: 'two' },
    ]
    expect(claims({ tasks, reach: { epic: 'two', start: true } })).toEqual(['claim b spawned'])
  })

  it('nothing on a snapshot that is not whole, and nothing when git does not answer', () => {
    expect(claims({ tasks: three, world: { complete: false } })).toEqual([])
    expect(claims({ tasks: three, world: { vcs: null } })).toEqual([])
  })

  it('a stuck task without a process frees its seat, one with a process keeps it', () => {
    const asks = { reason: 'which?', options: [], context: '', by: 'agent', report: 1 } as const
    const stuck = moves.stuck(states.working, me, asks)
    const scene = {
      tasks: [{ id: 't', title: 'T', writes: ['t'] }, ...three],
      states: { t: stuck },
      policy: { maxAgents: 1 },
    }
    const report = { tell: 'stuck', reason: 'which?', options: [], context: '' } as const
    expect(claims({ ...scene, turns: { 'turn-t.1.1': ended(0, { report, reports: 1 }) } })).toHaveLength(1)
    expect(claims({ ...scene, turns: { 'turn-t.1.1': { ...alive, report, reports: 1 } } })).toHaveLength(0)
  })

  it('not what another one has taken to open it in its source again, until that is done', () => {
    const taken = moves.adopt(untouched(at), { ...me, owner: 'other' })
    const scene = { states: { t: taken } }
    expect(claims({ ...scene, world: { liveOwners: new Set(['me', 'other']) } })).toEqual([])
    expect(claims({ ...scene, world: { liveOwners: new Set(['me']) } })).toEqual(['claim t spawned'])
    const opened = moves.reopened(taken, { ...me, owner: 'other' })
    const world = { liveOwners: new Set(['me', 'other']) }
    expect(claims({ states: { t: opened }, world })).toEqual(['claim t spawned'])
  })

  it('a task that depends on a cancelled one is not started', () => {
    const tasks = [
      { id: 't', title: 'T', state: 'cancelled' as const },
      { id: 'u', title: 'U', dependsOn: ['t'] },
    ]
    const { actions, moving } = decided({ tasks })
    expect(actions).toEqual([])
    expect(moving).toBe(false)
  })
})
