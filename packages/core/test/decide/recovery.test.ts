import { describe, expect, it } from 'vitest'
import { withWorkspace } from '../../src/decide/branch-moves.ts'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import { checkKey, targetCheckKey } from '../../src/model/process-key.ts'
import { alive, commit, decided, ended, head, inShort, me, only, states, target, tree, vanished } from './world-rig.ts'

const turn = 'turn-t.1.1'
const does = (scene: Parameters<typeof decided>[0]) => inShort(decided(scene).actions)

describe('the recovery table', () => {
  it('an open task is claimed with attempt 1, this owner, and the target as its base', () => {
    const action = only(decided({}).actions)
    expect(action).toMatchObject({ do: 'claim', record: null })
    expect(action.do === 'claim' && action.next).toMatchObject({
      phase: 'spawned',
      run: { attempt: 1, turn: 1, owner: 'me' },
      branch: { name: 'orch/t', workspace: 't', base: target, head: null },
    })
  })

  it('spawned, no workspace: it is made', () => {
    expect(does({ states: { t: states.spawned }, turns: { [turn]: { is: 'never' } } })).toEqual(['create-workspace t'])
  })

  it('spawned, workspace, turn never: the agent is started', () => {
    const scene = { states: { t: states.spawned }, turns: { [turn]: { is: 'never' } as const }, workspaces: ['t'] }
    expect(does(scene)).toEqual(['start-turn t'])
  })

  it('spawned, turn alive: working', () => {
    expect(does({ states: { t: states.spawned }, turns: { [turn]: alive }, workspaces: ['t'] })).toEqual([
      'write t working',
    ])
  })

  it('says of a turn where it works, for people, until its workspace is another', () => {
    const turns = { [turn]: { ...alive, pid: 4711 } }
    const action = only(decided({ states: { t: states.spawned }, turns, workspaces: ['t'] }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(action.next).toMatchObject({ run: { pid: 4711 }, branch: { directory: '/w/t' } })
    expect(withWorkspace(action.next, 't')).toEqual(action.next)
    expect(withWorkspace(action.next, 'group').branch).not.toHaveProperty('directory')
  })

  it('working, turn alive: waits', () => {
    const { actions, moving } = decided({ states: { t: states.working }, turns: { [turn]: alive } })
    expect(actions).toEqual([])
    expect(moving).toBe(true)
  })

  it.each([
    ['silent past the idle limit', { sign: new Map([[turn, 2001]]), turn: new Map() }, { idleMs: 2000 }, 'no sign'],
    ['past the total limit', { sign: new Map(), turn: new Map([[turn, 2001]]) }, { turnMs: 2000 }, 'more than 2 s'],
  ])(
    'working, %s: the reason is written, then it is stopped, and the reason is why it failed',
    (_, ages, policy, why) => {
      const world = { ages: { record: new Map(), landing: new Map(), ...ages } }
      const scene = { states: { t: states.working }, turns: { [turn]: alive }, policy, world }
      expect(does({ ...scene, policy: {} })).toEqual([])
      const action = only(decided(scene).actions)
      if (action.do !== 'write') throw new Error('a write is expected')
      expect(does({ ...scene, states: { t: action.next } })).toEqual(['stop t'])
      const after = only(decided({ states: { t: action.next }, turns: { [turn]: ended(143) } }).actions)
      expect(after.do === 'fail-attempt' && after.why).toContain(why)
    },
  )

  it('working, ended with exit 0: sealed', () => {
    expect(does({ states: { t: states.working }, turns: { [turn]: ended(0) } })).toEqual(['seal t'])
  })

  it('working, ended with a done report and another exit: sealed', () => {
    const turns = { [turn]: ended(1, { report: { tell: 'done' }, reports: 1 }) }
    expect(does({ states: { t: states.working }, turns })).toEqual(['seal t'])
  })

  it('working, ended with exit 0 after an unanswered stuck report: stuck', () => {
    const report = { tell: 'stuck', reason: 'which?', options: ['a', 'b'], context: '' } as const
    const turns = { [turn]: ended(0, { report, reports: 1 }) }
    expect(does({ states: { t: states.working }, turns })).toEqual(['write t working stuck'])
  })

  it('working, ended with another exit: the attempt failed, and past the limit a person decides', () => {
    const scene = { states: { t: states.working }, turns: { [turn]: ended(1) } }
    expect(only(decided(scene).actions)).toMatchObject({ do: 'fail-attempt', last: false })
    expect(only(decided({ ...scene, policy: { maxAttempts: 1 } }).actions)).toMatchObject({
      do: 'fail-attempt',
      last: true,
    })
  })

  it('working, vanished: the attempt failed, whatever it had committed', () => {
    expect(does({ states: { t: states.working }, turns: { [turn]: vanished } })).toEqual(['fail-attempt t'])
  })

  it('processes that a turn left behind are stopped before its workspace is touched', () => {
    expect(does({ states: { t: states.working }, turns: { [turn]: ended(0, { survivors: true }) } })).toEqual([
      'stop t',
    ])
  })

  it('working, unknown: nothing before the lease is over, then a person decides', () => {
    const scene = { states: { t: states.working }, turns: { [turn]: { is: 'unknown', why: 'no folder' } as const } }
    expect(does(scene)).toEqual([])
    const ages = { record: new Map(), sign: new Map(), turn: new Map([[turn, 15_001]]), landing: new Map() }
    expect(does({ ...scene, world: { ages } })).toEqual(['write t working stuck'])
  })

  it('working, but nothing was ever started: another attempt', () => {
    expect(does({ states: { t: states.working }, turns: { [turn]: { is: 'never' } } })).toEqual(['fail-attempt t'])
  })

  it('a failed attempt rests, then a new one is claimed with the next attempt number on the same branch', () => {
    const failed = moves.failedAttempt(states.working, me, 'exit 1', null)
    expect(does({ states: { t: failed }, turns: { [turn]: ended(1) } })).toEqual([])
    const ages = { record: new Map([['t', 1000]]), sign: new Map(), turn: new Map(), landing: new Map() }
    const action = only(decided({ states: { t: failed }, turns: { [turn]: ended(1) }, world: { ages } }).actions)
    expect(action.do === 'claim' && action.next.run.attempt).toBe(2)
    expect(action.do === 'claim' && action.next.branch?.name).toBe('orch/t')
  })

  it('committed: a review is opened for that head', () => {
    expect(does({ states: { t: states.committed } })).toEqual(['open-review t'])
  })

  it('in review under a human gate: waits for a person', () => {
    const { actions, moving } = decided({ states: { t: states.inReview } })
    expect(actions).toEqual([])
    expect(moving).toBe(false)
  })

  it('in review and let through: candidate, checks, landing, one after the other', () => {
    const policy = { landing: { by: 'orchestrator', checks: ['npm test'] } } as const
    const key = checkKey('t', tree, policy.landing.checks, 1)
    expect(does({ states: { t: states.inReview }, policy })).toEqual(['build-candidate t'])
    const scene = { states: { t: states.withCandidate }, policy }
    expect(does({ ...scene, turns: { [key]: { is: 'never' } } })).toEqual(['start-checks t'])
    expect(does({ ...scene, turns: { [key]: alive } })).toEqual([])
    expect(does({ ...scene, turns: { [key]: ended(0) } })).toEqual(['land t'])
    const target = targetCheckKey('t', tree, policy.landing.checks, 1)
    expect(does({ ...scene, turns: { [key]: ended(1), [target]: ended(0) } })).toEqual(['reject t'])
    expect(does({ ...scene, turns: { [key]: vanished } })).toEqual(['write t pr_created'])
  })

  it('checks past their limit are stopped, and so are those of a candidate that nobody waits for any more', () => {
    const policy = { landing: { by: 'orchestrator', checks: ['npm test'], checkMs: 2000 } } as const
    const key = checkKey('t', tree, policy.landing.checks, 1)
    const scene = { states: { t: states.withCandidate }, policy, turns: { [key]: alive } }
    const ages = { record: new Map(), sign: new Map(), turn: new Map([[key, 2001]]), landing: new Map() }
    const action = only(decided({ ...scene, world: { ages } }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(does({ ...scene, states: { t: action.next }, world: { ages } })).toEqual(['stop t'])

    const vcs = { target: 'e'.repeat(40), workspaces: new Map(), landed: new Map() }
    const moved = only(decided({ ...scene, world: { vcs } }).actions)
    if (moved.do !== 'write') throw new Error('a write is expected')
    expect(does({ ...scene, states: { t: moved.next }, world: { vcs } })).toEqual(['stop t'])
    const ending = moves.ending(states.withCandidate, me, 'cancelled', 'by a person')
    expect(does({ ...scene, states: { t: ending } })).toEqual(['stop t'])
    expect(does({ ...scene, requests: [['t', { do: 'guide', text: 'x' }]] })).toEqual(['stop t'])
  })

  it('no two runs of the checks of a task have the same number', () => {
    const again = landings.withCandidate(states.withCandidate, me, { base: target, commit, tree, lost: 0 })
    const fresh = moves.retried(states.withCandidate, me, true)
    expect([states.withCandidate, again].map((state) => state.review?.candidate?.run)).toEqual([1, 2])
    expect(fresh.run.checks).toBe(1)
  })

  it('one change lands at a time: while an effect on one is under way, no other is touched', () => {
    const policy = { landing: { by: 'orchestrator' } } as const
    const tasks = [
      { id: 't', title: 'T', writes: ['t'] },
      { id: 'u', title: 'U', writes: ['u'] },
    ]
    const scene = { tasks, states: { t: states.inReview, u: states.inReview }, policy }
    expect(does(scene)).toEqual(['build-candidate t'])
    expect(does({ ...scene, world: { busy: new Set(['t']) } })).toEqual([])
  })

  it('patterns land first', () => {
    const policy = { landing: { by: 'orchestrator' } } as const
    const tasks = [
      { id: 't', title: 'T', writes: ['t'] },
      { id: 'u', title: 'U', writes: ['u'], establishes: 'routes' },
    ]
    expect(does({ tasks, states: { t: states.inReview, u: states.inReview }, policy })).toEqual(['build-candidate u'])
  })

  it('a candidate on a base that the target has left is never landed, but built again', () => {
    const policy = { landing: { by: 'orchestrator', checks: ['npm test'] } } as const
    const key = checkKey('t', tree, policy.landing.checks, 1)
    const vcs = { target: 'e'.repeat(40), workspaces: new Map(), landed: new Map() }
    const scene = { states: { t: states.withCandidate }, policy, turns: { [key]: ended(0) }, world: { vcs } }
    expect(does(scene)).toEqual(['build-candidate t'])
  })

  it('in review, found on the target: merged, whoever landed it', () => {
    const landed = new Map([['t', { commit, by: 'other' as const }]])
    const vcs = { target, workspaces: new Map(), landed }
    expect(does({ states: { t: states.inReview }, world: { vcs } })).toEqual(['write t merged done'])
    const ours = { target, workspaces: new Map(), landed: new Map([['t', { commit, by: 'us' as const }]]) }
    expect(does({ states: { t: states.withCandidate }, world: { vcs: ours } })).toEqual(['verify-landing t'])
  })

  it('in review, landed and found to be violated: nothing before a person has said how to go on', () => {
    const ours = { target, workspaces: new Map(), landed: new Map([['t', { commit, by: 'us' as const }]]) }
    const violated = landings.violated(states.withCandidate, me, 'it is not there', '')
    expect(does({ states: { t: violated }, world: { vcs: ours } })).toEqual([])
  })

  it('in review, closed by a person without merging: stuck', () => {
    const reviews = new Map([['orch/t', { url: 'u', head, state: 'closed' as const }]])
    expect(does({ states: { t: states.inReview }, world: { reviews } })).toEqual(['write t pr_created stuck'])
  })

  it('in review, changes requested while its checks run: these are stopped before it goes back to its agent', () => {
    const world = { reviews: new Map([['orch/t', { url: 'u', head, state: 'changes-requested' as const }]]) }
    const policy = { landing: { by: 'orchestrator', checks: ['x'] } } as const
    const key = checkKey('t', tree, policy.landing.checks, 1)
    const scene = { states: { t: states.withCandidate }, policy, world }
    expect(does(scene)).toEqual([])
    const displaced = landings.displaced(states.withCandidate, me, 'its review was answered')
    expect(only(decided({ ...scene, turns: { [key]: alive } }).actions)).toMatchObject({ next: displaced })
    expect(does({ ...scene, states: { t: displaced }, turns: { [key]: alive } })).toEqual(['stop t'])
    expect(does({ ...scene, states: { t: displaced }, turns: { [key]: ended(143) } })).toEqual([
      'write t pr_created turn',
    ])
  })

  it('merged: put away', () => {
    expect(does({ states: { t: states.landed } })).toEqual(['finish t'])
  })

  it('closed by a person while its agent is alive: stopped, then put away', () => {
    const tasks = [{ id: 't', title: 'T', state: 'cancelled' as const }]
    expect(does({ tasks, states: { t: states.working }, turns: { [turn]: alive } })).toEqual([
      'write t working cancelled',
    ])
    const ending = moves.ending(states.working, me, 'cancelled', 'by a person')
    expect(does({ tasks, states: { t: ending }, turns: { [turn]: alive } })).toEqual(['stop t'])
    expect(does({ tasks, states: { t: ending }, turns: { [turn]: ended(143) } })).toEqual(['finish t'])
  })

  it('owned by another live owner: nothing', () => {
    const theirs = { ...states.spawned, run: { ...states.spawned.run, owner: 'other' } }
    const world = { liveOwners: new Set(['me', 'other']) }
    expect(does({ states: { t: theirs }, turns: { [turn]: { is: 'never' } }, world })).toEqual([])
  })

  it('owned by another live owner that is about to start its next turn: no end of the run, as long as nothing keeps it', () => {
    const theirs = moves.wantsTurn(states.working, me, 'a conflict')
    const other = { ...theirs, run: { ...theirs.run, owner: 'other' } }
    const seenFor = (ms: number) => ({
      liveOwners: new Set(['me', 'other']),
      ages: { record: new Map([['t', ms]]), sign: new Map(), turn: new Map(), landing: new Map() },
    })
    const found = (ms: number) => decided({ states: { t: other }, policy: { leaseMs: 1000 }, world: seenFor(ms) })
    expect(found(0)).toMatchObject({ actions: [], moving: true })
    expect(found(501)).toMatchObject({ actions: [], moving: false })
  })

  it('owned by one whose lease ran out: taken over with the attempt it has', () => {
    const theirs = { ...states.working, run: { ...states.working.run, owner: 'other' } }
    const action = only(decided({ states: { t: theirs }, turns: { [turn]: alive } }).actions)
    expect(action.do === 'write' && action.next.run).toMatchObject({ owner: 'me', attempt: 1, turn: 1 })
  })
})
