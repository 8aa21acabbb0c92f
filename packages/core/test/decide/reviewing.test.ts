import { describe, expect, it } from 'vitest'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import * as reviews from '../../src/decide/review-moves.ts'
import { reviewKey, toldBy } from '../../src/model/process-key.ts'
import type { RunState } from '../../src/model/run-state.ts'
import { alive, decided, ended, head, inShort, me, only, type Scene, states, vanished } from './world-rig.ts'

const policy = { landing: { by: 'orchestrator', review: 'agent' }, maxAttempts: 2 } as const
const key = reviewKey('t', head, 1)
const seated = reviews.reviewerClaimed(states.inReview, me)
const approve = { verdict: 'approve', summary: 'fine', findings: [] } as const
const told = { report: { tell: 'verdict', ...approve }, reports: 1 } as const
const approved = reviews.reviewerApproved(seated, me, approve)
const never = { is: 'never' } as const

const does = (state: RunState, scene: Scene = {}) =>
  inShort(decided({ states: { t: state }, policy, ...scene }).actions)
const after = (age: number) => ({
  ages: { record: new Map([['t', age]]), sign: new Map(), turn: new Map([[key, age]]), landing: new Map() },
})

describe('a change that a reviewer agent is to look at', () => {
  it('takes a seat, with the revision of the snapshot, and then its reviewer is started', () => {
    const action = only(decided({ states: { t: states.inReview }, policy }).actions)
    expect(action).toMatchObject({ do: 'claim', next: { phase: 'pr_created', run: { reviews: 1, attempt: 1 } } })
    expect(action.do === 'claim' && does(action.next, { turns: { [key]: never } })).toEqual(['start-review t'])
  })

  it('waits without one for an agent that works, and for nothing when nobody may start', () => {
    const working = moves.started(moves.claim('u', states.committed, me, head), me)
    const both = { u: working, t: states.inReview }
    const tasks = ['t', 'u'].map((id) => ({ id, title: id, writes: [id] }))
    const scene = { tasks, states: both, turns: { 'turn-u.1.1': alive, 'turn-u.2.1': alive }, policy }
    expect(inShort(decided({ ...scene, policy: { ...policy, maxAgents: 1 } }).actions)).toEqual([])
    expect(inShort(decided({ ...scene, policy: { ...policy, maxAgents: 2 } }).actions)).toEqual(['claim t pr_created'])
    expect(does(states.inReview, { world: { paused: true } })).toEqual([])
    expect(decided({ states: { t: states.inReview }, policy, reach: { start: false } })).toMatchObject({
      actions: [],
      moving: false,
    })
  })

  it('of another owner is waited for, however long nobody has had a seat for its reviewer', () => {
    const theirs = moves.adopt(states.inReview, { ...me, owner: 'other' })
    const world = { ...after(600_000), liveOwners: new Set(['me', 'other']) }
    expect(decided({ states: { t: theirs }, policy, world })).toMatchObject({ actions: [], moving: true })
  })

  it('is looked at by one that keeps others from starting', () => {
    const tasks = ['t', 'u'].map((id) => ({ id, title: id, writes: [id] }))
    const scene = { tasks, states: { t: seated }, policy: { ...policy, maxAgents: 1 } }
    for (const turn of [never, alive, { is: 'unknown', why: 'hidden' } as const])
      expect(inShort(decided({ ...scene, turns: { [key]: turn } }).actions)).not.toContain('claim u spawned')
    const over = decided({ ...scene, states: { t: approved }, turns: { [key]: ended(0, told) } })
    expect(inShort(over.actions)).toContain('claim u spawned')
  })

  it('keeps no seat for one while it waits for a merge at its host to be seen', () => {
    const tasks = ['t', 'u'].map((id) => ({ id, title: id, writes: [id] }))
    const unseen = landings.held(states.inReview, me, { for: 'host', why: 'its review is merged', check: null })
    const theirs = (state: RunState) => moves.adopt(state, { ...me, owner: 'other' })
    const world = { liveOwners: new Set(['me', 'other']) }
    const scene = { tasks, policy: { ...policy, maxAgents: 1 }, world }
    const seen = (t: RunState) => inShort(decided({ ...scene, states: { t: theirs(t) } }).actions)
    expect(seen(states.inReview)).toEqual([])
    expect(seen(unseen)).toEqual(['claim u spawned'])
  })

  it('is approved by what that very process told, however it ended', () => {
    for (const turn of [ended(0, told), ended(143, told), { ...vanished, ...told }])
      expect(only(decided({ states: { t: seated }, policy, turns: { [key]: turn } }).actions)).toMatchObject({
        do: 'take-verdict',
        verdict: approve,
      })
    expect(does(seated, { turns: { [key]: { ...alive, ...told } } })).toEqual([])
    expect(does(approved, { turns: { [key]: ended(0, told) } })).toEqual(['build-candidate t'])
  })

  it('is not approved by what was told of another head', () => {
    const next = moves.committed(
      moves.started(moves.claim('t', moves.wantsTurn(approved, me, 'guided'), me, head), me),
      me,
      'e'.repeat(40),
      [],
    )
    const again = moves.reviewOpened(next, me, 'e'.repeat(40), null)
    expect(does(again, { turns: { [key]: ended(0, told) } })).toEqual(['claim t pr_created'])
    expect(does({ ...approved, branch: approved.branch && { ...approved.branch, head: 'e'.repeat(40) } })).toEqual([
      'open-review t',
    ])
  })

  it.each([
    ['says nothing', ended(0)],
    ['says something else', ended(0, { report: { tell: 'done' }, reports: 1 })],
    ['fails', ended(2)],
    ['vanishes', vanished],
  ])('is looked at by another one after a rest when its reviewer %s, and then a person is asked', (_, turn) => {
    const action = only(decided({ states: { t: seated }, policy, turns: { [key]: turn } }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(action.next).toMatchObject({ review: { reviewer: { run: null, lost: 1 } }, run: { stuck: null } })
    expect(does(action.next)).toEqual([])
    expect(does(action.next, { world: after(1000) })).toEqual(['claim t pr_created'])
    const second = reviews.reviewerClaimed(action.next, me)
    expect(does(second, { turns: { [reviewKey('t', head, 2)]: turn } })).toEqual(['write t pr_created stuck'])
  })

  it('is looked at by another one when a person wants that, instead of its agent', () => {
    const stuck = moves.askPerson(reviews.reviewerLost(seated, me, 'silent'), me, 'no verdict', ['retry'])
    const requests = [['t', { do: 'retry', fresh: false }]] as const
    const action = only(decided({ states: { t: stuck }, policy, requests }).actions)
    expect(action).toMatchObject({ do: 'write', next: { run: { stuck: null, wants: null } } })
    expect(action.do === 'write' && does(action.next)).toEqual(['claim t pr_created'])
  })

  it.each([
    ['silent past the idle limit', { idleMs: 2000 }, 'no sign'],
    ['past the total limit', { turnMs: 2000 }, 'more than 2 s'],
  ])('is not waited for when its reviewer is %s', (_, limits, why) => {
    const world = { ages: { ...after(2001).ages, sign: new Map([[key, 2001]]) } }
    const scene = { turns: { [key]: alive }, policy: { ...policy, ...limits }, world }
    const action = only(decided({ states: { t: seated }, ...scene }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(does(action.next, scene)).toEqual(['stop t'])
    const over = only(decided({ states: { t: action.next }, turns: { [key]: ended(143) }, policy }).actions)
    expect(over.do === 'write' && over.next.run.why).toContain(why)
  })

  it('waits one lease for a reviewer that cannot be seen', () => {
    const turns = { [key]: { is: 'unknown', why: 'hidden' } as const }
    expect(does(seated, { turns })).toEqual([])
    expect(does(seated, { turns, world: after(15_000) })).toEqual(['write t pr_created'])
    expect(does(seated)).toEqual([])
  })

  it('is let through by a person, and its reviewer is stopped first', () => {
    const byPerson = landings.approved(seated, me)
    expect(does(byPerson, { turns: { [key]: alive } })).toEqual(['stop t'])
    expect(does(byPerson, { turns: { [key]: ended(143) } })).toEqual(['build-candidate t'])
  })

  it.each([
    ['guide', { do: 'guide', text: 'x' }],
    ['take', { do: 'take' }],
    ['retry', { do: 'retry', fresh: false }],
  ] as const)('keeps its reviewer at no work when a person says %s', (_, request) => {
    expect(does(seated, { turns: { [key]: alive }, requests: [['t', request]] })).toEqual(['stop t'])
  })

  it('has its reviewer stopped when it ends, has landed, or has left its source', () => {
    const turns = { [key]: alive }
    expect(does(moves.ending(seated, me, 'cancelled', 'x'), { turns })).toEqual(['stop t'])
    const landed = {
      target: head,
      workspaces: new Map(),
      landed: new Map([['t', { commit: head, by: 'other' as const }]]),
    }
    expect(does(seated, { turns, world: { vcs: landed } })).toEqual(['stop t'])
    expect(does(seated, { turns, tasks: [] })).toEqual(['stop t'])
    expect(does(seated, { turns, policy: { landing: { by: 'human' } } })).toEqual(['stop t'])
  })

  it('does not keep one at work that belongs to an earlier run, or to a change that has gone on', () => {
    const world = { unasked: new Map([[key, alive]]) }
    expect(does(states.working, { world, turns: { 'turn-t.1.1': alive } })).toEqual(['stop t'])
    const second = reviews.reviewerClaimed(seated, me)
    expect(does(second, { world, turns: { [reviewKey('t', head, 2)]: alive } })).toEqual(['stop t'])
    expect(toldBy(key)).toEqual({ of: 'review', slug: 't', run: 1 })
  })

  it('does not keep one at work that was given up because it could not be seen', () => {
    const hidden = { [key]: { is: 'unknown', why: 'hidden' } as const }
    const once = { ...policy, maxAttempts: 1 }
    const action = only(decided({ states: { t: seated }, policy: once, turns: hidden, world: after(15_000) }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(action.next.run.stuck).not.toBeNull()
    expect(does(action.next, { world: { unasked: new Map([[key, alive]]) } })).toEqual(['stop t'])
  })
})
