import { describe, expect, it } from 'vitest'
import * as branches from '../../src/decide/branch-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import * as personMoves from '../../src/decide/person-moves.ts'
import { checkKey } from '../../src/model/process-key.ts'
import { claimFields, untouched } from '../../src/model/run-state.ts'
import { alive, at, decided, ended, head, inShort, me, only, states, target, tree, vanished } from './world-rig.ts'

const turn = 'turn-t.1.1'
const unknown = { is: 'unknown', why: 'no folder' } as const
const does = (scene: Parameters<typeof decided>[0]) => inShort(decided(scene).actions)
const asks = { reason: 'which?', options: [], context: '', by: 'agent', report: 1 } as const

const { review } = states.withCandidate
if (review === null) throw new Error('it is in review')
const { candidate } = review
if (candidate === null) throw new Error('it has a candidate')

describe('what cannot be told for now', () => {
  it('whether checks still run of a change that somebody else has landed: it is not put away before they are seen', () => {
    const key = checkKey('t', tree, ['test'], candidate.run)
    const onTarget = `${key}.target`
    const landed = new Map([['t', { commit: head, by: 'other' as const }]])
    const vcs = { target, workspaces: new Map(), landed }
    const scene = { states: { t: states.withCandidate }, policy: { landing: { checks: ['test'] } }, world: { vcs } }
    expect(decided(scene)).toMatchObject({ actions: [], moving: true })
    const half = { ...scene, world: { vcs, turns: new Map([[key, ended(1)]]) } }
    expect(decided(half)).toMatchObject({ actions: [], moving: true })
    expect(does({ ...scene, turns: { [key]: alive } })).toEqual(['stop t'])
    expect(does({ ...scene, turns: { [key]: ended(1), [onTarget]: alive } })).toEqual(['stop t'])
    expect(does({ ...scene, turns: { [key]: ended(0) } })).toEqual(['write t merged done'])
  })

  it('whether its agent lives: an answer and a retry wait, so that no second agent comes beside it', () => {
    for (const request of [{ do: 'guide', text: 'x' } as const, { do: 'retry', fresh: false } as const]) {
      const scene = { states: { t: states.working }, requests: [['t', request]] as const }
      expect(decided(scene)).toMatchObject({ actions: [], moving: true })
      expect(decided({ ...scene, turns: { [turn]: unknown } })).toMatchObject({ actions: [], moving: true })
    }
  })

  it('whether its agent lives that has asked something: the answer waits for a lease, and no longer', () => {
    const ages = (ms: number) => ({
      record: new Map(),
      sign: new Map(),
      turn: new Map([[turn, ms]]),
      landing: new Map(),
    })
    const stuck = moves.stuck(states.working, me, asks)
    const scene = { states: { t: stuck }, turns: { [turn]: unknown }, policy: { leaseMs: 4000 } }
    const answered = { ...scene, requests: [['t', { do: 'guide', text: 'x' }]] as const }
    expect(decided({ ...answered, world: { ages: ages(3999) } })).toMatchObject({ actions: [], moving: true })
    expect(does({ ...answered, world: { ages: ages(4000) } })).toEqual(['write t working turn'])
    const ours = { ...scene, states: { t: moves.askPerson(states.working, me, 'is it alive?', ['retry']) } }
    expect(does({ ...ours, requests: [['t', { do: 'retry', fresh: false }]], world: { ages: ages(0) } })).toEqual([
      'write t working attempt',
    ])
  })

  it('is stopped when it comes to light after it was given up, also where a person has its workspace by now', () => {
    const ours = moves.askPerson(states.working, me, 'is it alive?', ['retry'])
    const world = { unasked: new Map([[turn, alive]]) }
    for (const gone of [moves.retried(ours, me, false), personMoves.taken(ours, me, null)])
      expect(does({ states: { t: gone }, world })).toEqual(['stop t'])
    const sentBack = moves.repair(states.withCandidate, me, 'red', 'red')
    const checks = new Map([[checkKey('t', tree, ['test'], candidate.run), alive]])
    const policy = { landing: { checks: ['test'] } }
    expect(does({ states: { t: sentBack }, policy, world: { unasked: checks } })).toEqual(['stop t'])
  })

  it('where git or the queue stand: nothing starts, and the run does not end', () => {
    expect(decided({ world: { vcs: null } }).moving).toBe(true)
    expect(decided({ world: { complete: false } }).moving).toBe(true)
  })

  it('whether its checks run: nothing leaves them behind, neither a new candidate nor an end nor a person', () => {
    const policy = { landing: { by: 'orchestrator', checks: ['x'] } } as const
    const key = checkKey('t', tree, policy.landing.checks, 1)
    const moved = { ...states.withCandidate, review: { ...review, candidate: { ...candidate, base: head } } }
    const cancelled = moves.ending(states.withCandidate, me, 'cancelled', 'cancelled by a person')
    const guided = [['t', { do: 'guide', text: 'x' }]] as const
    for (const scene of [{ t: moved }, { t: cancelled }].map((all) => ({ policy, states: all }))) {
      expect(decided(scene)).toMatchObject({ actions: [], moving: true })
      expect(does({ ...scene, turns: { [key]: { is: 'never' } } })).toHaveLength(1)
    }
    const asked = { policy, states: { t: states.withCandidate }, requests: guided }
    expect(decided(asked)).toMatchObject({ actions: [], moving: true })
    expect(does({ ...asked, turns: { [key]: alive } })).toEqual(['stop t'])
  })

  it('what its review says: it does not land, though it might if nobody had anything against it', () => {
    const policy = { landing: { by: 'orchestrator' } } as const
    const scene = { policy, states: { t: states.withCandidate } }
    expect(does(scene)).toEqual(['land t'])
    expect(decided({ ...scene, world: { reviews: null } })).toMatchObject({ actions: [], moving: true })
  })

  it('which tasks there are: what is to end is not closed without its source and its bulletin', () => {
    const scene = { tasks: [], states: { t: states.landed } }
    expect(does(scene)).toEqual(['finish t'])
    expect(decided({ ...scene, world: { complete: false } })).toMatchObject({ actions: [], moving: true })
  })

  it('what the checks came to: they are not repeated before the lease is over', () => {
    const policy = { landing: { by: 'orchestrator', checks: ['x'] } } as const
    const key = checkKey('t', tree, policy.landing.checks, 1)
    const scene = { states: { t: states.withCandidate }, policy, turns: { [key]: unknown } }
    expect(does(scene)).toEqual([])
    const ages = { record: new Map(), sign: new Map(), turn: new Map([[key, 15_001]]), landing: new Map() }
    expect(does({ ...scene, world: { ages } })).toEqual(['write t pr_created'])
  })
})

describe('a request', () => {
  it('about what is on the target already waits until the record says so', () => {
    const vcs = { target, workspaces: new Map(), landed: new Map([['t', { commit: head, by: 'us' as const }]]) }
    const asked = [{ do: 'cancel' }, { do: 'guide', text: 'x' }, { do: 'retry', fresh: true }, { do: 'land' }] as const
    for (const request of asked) {
      const scene = { states: { t: states.inReview }, requests: [['t', request]] as const }
      expect(does({ ...scene, world: { vcs } })).toEqual(['write t merged done'])
      expect(does({ ...scene, world: { vcs: null } })).toEqual([])
    }
    const tasks = [{ id: 't', title: 'T', state: 'cancelled' as const }]
    expect(does({ tasks, states: { t: states.inReview }, world: { vcs } })).toEqual(['write t merged done'])
  })

  it('that waits keeps those that were asked after it behind it', () => {
    const ending = moves.ending(states.working, me, 'cancelled', 'by a person')
    const requests = [
      ['t', { do: 'retry', fresh: false }],
      ['t', { do: 'guide', text: 'x' }],
    ] as const
    expect(does({ states: { t: ending }, turns: { [turn]: ended(1) }, requests })).toEqual(['finish t'])
  })

  it('to retry what was closed at its source opens it again', () => {
    const tasks = [{ id: 't', title: 'T', state: 'cancelled' as const }]
    const scene = { tasks, requests: [['t', { do: 'retry', fresh: false }]] as const }
    const claimed = only(decided(scene).actions)
    if (claimed.do !== 'write') throw new Error('the record comes first')
    expect(claimed).toMatchObject({ answered: [], next: { run: { owner: 'me' } } })
    expect(does({ ...scene, states: { t: claimed.next } })).toEqual(['reopen t'])
    const ended = { ...states.landed, phase: 'closed' as const, run: { ...states.landed.run, owner: null } }
    expect(does({ ...scene, states: { t: ended } })).toEqual(['write t closed done'])
  })

  it('that was answered in the source before lets go of what was taken for it', () => {
    const taken = moves.adopt(untouched(at), me)
    const scene = { states: { t: taken }, requests: [['t', { do: 'retry', fresh: false }]] as const }
    expect(only(decided({ ...scene, reach: { epic: 'another', start: true } }).actions)).toMatchObject({
      do: 'write',
      next: { phase: 'open', run: { owner: null } },
      answered: ['k0'],
    })
  })

  it('is waited for when it is for another owner', () => {
    const theirs = { ...states.working, run: { ...states.working.run, owner: 'other', stuck: asks } }
    const scene = {
      states: { t: theirs },
      turns: { [turn]: ended(0) },
      requests: [['t', { do: 'cancel' }]] as const,
      world: { liveOwners: new Set(['me', 'other']) },
    }
    expect(decided(scene)).toMatchObject({ actions: [], moving: true })
    expect(decided({ ...scene, requests: [] }).moving).toBe(false)
  })
})

describe('seats and scopes', () => {
  const two = [
    { id: 't', title: 'T', writes: ['x'] },
    { id: 'u', title: 'U', writes: ['x'] },
  ]

  it('another turn of one attempt moves the revision as every claim does', () => {
    const waits = moves.wantsTurn(moves.stuck(states.spawned, me, asks), me, 'answered')
    expect(claimFields(moves.claim('t', waits, me, target))).not.toBe(claimFields(waits))
  })

  it('who no longer builds on another moves the revision: the two may not share files any more', () => {
    const stacked = branches.startedOn(states.working, ['below'], head)
    expect(claimFields(branches.without(stacked, me, ['below'], 'landed'))).not.toBe(claimFields(stacked))
  })

  it('who goes back to its agent and has to wait for a task that was opened again keeps its files', () => {
    const back = moves.wantsTurn(states.inReview, me, 'red')
    const tasks = [
      { id: 'before', title: 'B', hold: true },
      { ...two[0], id: 't', dependsOn: ['before'] },
      two[1] ?? { id: 'u' },
    ]
    expect(decided({ tasks, states: { t: back } })).toMatchObject({ actions: [], moving: false })
    expect(does({ tasks })).toEqual(['claim u spawned'])
  })

  it('of two that go back to their agents, and whose files a person has made to meet, one goes first, and nobody between them', () => {
    const back = (id: string) => {
      const working = moves.started(moves.claim(id, untouched(at), me, target), me)
      return moves.wantsTurn(moves.reviewOpened(moves.committed(working, me, head, []), me, head, null), me, 'red')
    }
    const tasks = [
      { id: 'a', title: 'A', writes: ['x/**'] },
      { id: 'b', title: 'B', writes: ['x/**', 'y/**'] },
      { id: 'c', title: 'C', writes: ['y/**'], priority: 0 },
    ]
    const scene = { tasks, states: { a: back('a'), b: back('b') } }
    expect(does(scene)).toEqual(['claim a spawned'])
    expect(does({ ...scene, policy: { maxAgents: 1 } })).toEqual(['claim a spawned'])
  })

  it('a task that is closed at its source while it waits for a seat is not claimed', () => {
    const tasks = [{ id: 't', title: 'T', state: 'done' as const }]
    expect(does({ tasks, states: { t: moves.wantsTurn(states.inReview, me, 'red') } })).toEqual([
      'write t pr_created done',
    ])
  })

  it('the agent of a task that has left its source has its seat', () => {
    const scene = { tasks: [{ id: 'u', title: 'U' }], states: { t: states.working }, policy: { maxAgents: 1 } }
    expect(does({ ...scene, turns: { [turn]: alive } })).toEqual([])
    expect(does({ ...scene, turns: { [turn]: vanished } })).toEqual(['claim u spawned'])
  })

  it('an orphan of another epic whose agent has ended keeps no seat', () => {
    const tasks = [
      { id: 't', title: 'T', writes: ['t'], epic: 'one' },
      { id: 'u', title: 'U', writes: ['u'], epic: 'two' },
    ]
    const theirs = { ...states.working, run: { ...states.working.run, owner: 'dead' } }
    const scene = { tasks, states: { t: theirs }, policy: { maxAgents: 1 }, reach: { start: true, epic: 'two' } }
    expect(does({ ...scene, turns: { [turn]: ended(0) } })).toEqual(['claim u spawned'])
    expect(does({ ...scene, turns: { [turn]: alive } })).toEqual([])
  })

  it('a run of one epic waits for what a living owner does for another, if it needs it, and looks after its own', () => {
    const tasks = [
      { id: 't', title: 'T', writes: ['x'], epic: 'one' },
      { id: 'u', title: 'U', writes: ['x'], epic: 'two' },
    ]
    const theirs = { ...states.working, run: { ...states.working.run, owner: 'other' } }
    const world = { liveOwners: new Set(['me', 'other']) }
    const scene = { tasks, states: { t: theirs }, turns: { [turn]: alive }, world }
    expect(decided({ ...scene, reach: { start: true, epic: 'two' } })).toMatchObject({ actions: [], moving: true })
    expect(decided({ ...scene, reach: { start: true, epic: 'none' } }).moving).toBe(false)
    const own = { tasks, states: { t: states.working }, reach: { start: true, epic: 'two' } }
    expect(does({ ...own, turns: { [turn]: ended(0) } })).toEqual(['seal t'])
  })

  it('a sync point that is tried again checks what the target holds by now', () => {
    const tasks = [{ id: 't', title: 'T', kind: 'sync' as const }]
    const failed = moves.retried(moves.failedAttempt(states.working, me, 'red', null), me, false)
    const vcs = { target: 'e'.repeat(40), workspaces: new Map(), landed: new Map() }
    const claim = only(decided({ tasks, states: { t: failed }, world: { vcs } }).actions)
    expect(claim.do === 'claim' && claim.next.branch?.base).toBe(vcs.target)
  })
})

describe('a review', () => {
  it('that approves another head than ours approves nothing', () => {
    const reviews = new Map([['orch/t', { url: 'u', head: 'e'.repeat(40), state: 'approved' as const }]])
    expect(does({ states: { t: states.inReview }, world: { reviews } })).toEqual([])
  })
})
