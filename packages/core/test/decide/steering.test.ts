import { describe, expect, it } from 'vitest'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import * as personMoves from '../../src/decide/person-moves.ts'
import type { Request } from '../../src/model/request.ts'
import type { RunState } from '../../src/model/run-state.ts'
import type { Turn } from '../../src/model/turn.ts'
import { alive, decided, ended, head, inShort, me, only, type Scene, states, target, vanished } from './world-rig.ts'

const turn = 'turn-t.1.1'
const kept = { head: target, oid: head }
const asked = (request: Request) => [['t', request]] as const
const short = (scene: Scene) => inShort(decided(scene).actions)
const taken = personMoves.taken(states.working, me, kept)
const asks = { reason: 'which?', options: ['a'], context: '', by: 'agent', report: 1 } as const

/** The state after everything was done that a write says. */
function written(scene: Scene): RunState {
  const action = only(decided(scene).actions)
  if (action.do !== 'write') throw new Error(`a write is expected, not ${action.do}`)
  return action.next
}

describe('take', () => {
  const requests = asked({ do: 'take' })

  it.each([
    ['an agent at work', states.working, alive, ['stop t']],
    ['one that ended and left processes', states.working, ended(0, { survivors: true }), ['stop t']],
    ['one that has ended', states.working, ended(0), ['take t']],
    ['one that vanished', states.working, vanished, ['take t']],
    ['one that was not started yet', states.spawned, { is: 'never' } as const, ['take t']],
    ['a stuck task without a process', moves.stuck(states.working, me, asks), ended(0), ['take t']],
    ['a failed attempt that rests', moves.failedAttempt(states.working, me, 'exit 1', null), ended(1), ['take t']],
    ['a change that waits for landing', states.inReview, ended(0), ['take t']],
  ])('of %s', (_name, state, is, expected) => {
    expect(short({ states: { t: state }, turns: { [turn]: is }, requests, workspaces: ['t'] })).toEqual(expected)
  })

  it('waits while nobody can tell whether the agent lives', () => {
    const unknown = { is: 'unknown', why: 'another host' } as const
    expect(short({ states: { t: states.working }, turns: { [turn]: unknown }, requests })).toEqual([])
  })

  it('waits until it is written down that a change has landed', () => {
    const landed = new Map([['t', { commit: head, by: 'other' as const }]])
    const world = { vcs: { target, workspaces: new Map(), landed } }
    expect(short({ states: { t: states.inReview }, requests, world })).toEqual(['write t merged done'])
  })

  it('changes nothing for a task that has no workspace, or is taken already', () => {
    expect(short({ requests })).toEqual(['drop-requests t'])
    expect(short({ states: { t: taken }, requests })).toEqual(['drop-requests t'])
  })

  it('keeps what the agent needs to go on in its own session', () => {
    const over = ended(0, { resume: 'session-1' })
    const action = only(decided({ states: { t: states.working }, turns: { [turn]: over }, requests }).actions)
    expect(action).toMatchObject({ do: 'take', record: { state: { run: { resume: 'session-1' } } } })
  })
})

describe('a taken task', () => {
  it('is left alone, whatever is found of its turn, and the run does not wait for it', () => {
    for (const is of [alive, ended(0), ended(1), vanished, { is: 'never' } as const]) {
      expect(decided({ states: { t: taken }, turns: { [turn]: is }, workspaces: ['t'] })).toMatchObject({
        actions: [],
        moving: false,
      })
    }
  })

  it('that was in review does not land', () => {
    const approved = landings.approved(states.withCandidate, me)
    const policy = { landing: { by: 'orchestrator' as const } }
    expect(short({ states: { t: personMoves.taken(approved, me, kept) }, policy })).toEqual([])
    expect(personMoves.taken(approved, me, kept).review).toMatchObject({ approved: false, candidate: null })
  })

  it('frees its seat and keeps its files', () => {
    const tasks = [
      { id: 't', title: 'T', writes: ['t.txt'] },
      { id: 'same', title: 'Same', writes: ['t.txt'] },
      { id: 'other', title: 'Other', writes: ['other.txt'] },
    ]
    expect(short({ tasks, states: { t: taken }, policy: { maxAgents: 1 } })).toEqual(['claim other spawned'])
  })

  it('stays taken under another owner', () => {
    const theirs = { ...taken, run: { ...taken.run, owner: 'gone' } }
    expect(written({ states: { t: theirs } }).run).toMatchObject({ owner: 'me', taken: { kept } })
  })

  it('is not retried or landed', () => {
    for (const request of [{ do: 'retry', fresh: true }, { do: 'retry', fresh: false }, { do: 'land' }] as const)
      expect(short({ states: { t: taken }, requests: asked(request) })).toEqual(['drop-requests t'])
  })

  it('takes guidance as a note for its next turn', () => {
    const state = written({ states: { t: taken }, requests: asked({ do: 'guide', text: 'mind the tests' }) })
    expect(state.run).toMatchObject({ taken: { kept }, guidance: [{ text: 'mind the tests', turn: null }] })
  })

  it('that is cancelled is nobody’s any more, and put away as every other', () => {
    const cancelled = written({ states: { t: taken }, requests: asked({ do: 'cancel' }) })
    expect(cancelled).toMatchObject({ outcome: 'cancelled', run: { taken: null } })
    expect(short({ states: { t: cancelled }, turns: { [turn]: ended(143) } })).toEqual(['finish t'])
  })

  it('is handed back by give, and then its next turn starts', () => {
    const requests = asked({ do: 'give' })
    expect(short({ states: { t: taken }, requests })).toEqual(['give t'])
    const given = personMoves.given(taken, me, 'k0', 'look')
    expect(short({ states: { t: given } })).toEqual(['claim t spawned'])
    expect(only(decided({ states: { t: given } }).actions)).toMatchObject({
      next: { run: { attempt: 1, turn: 2, guidance: [{ text: 'look', turn: '1.2' }] } },
    })
    expect(short({ states: { t: given }, requests })).toEqual(['drop-requests t'])
  })
})

describe('pause', () => {
  const pause = asked({ do: 'pause' })

  it('of one task keeps it from its first turn, until resume', () => {
    const state = written({ requests: pause })
    expect(decided({ states: { t: state } })).toMatchObject({ actions: [], moving: false })
    const resumed = written({ states: { t: state }, requests: asked({ do: 'resume' }) })
    expect(short({ states: { t: resumed } })).toEqual(['claim t spawned'])
  })

  it('of one task lets its agent go on and its change land, and keeps it from its next turn', () => {
    const paused = personMoves.paused(states.working, me, true)
    expect(short({ states: { t: paused }, turns: { [turn]: ended(0) } })).toEqual(['seal t'])
    expect(short({ states: { t: personMoves.paused(states.inReview, me, true) } })).toEqual([])
    const policy = { landing: { by: 'orchestrator' as const } }
    expect(short({ states: { t: personMoves.paused(states.inReview, me, true) }, policy })).toEqual([
      'build-candidate t',
    ])
    const again = moves.failedAttempt(paused, me, 'exit 1', null)
    expect(decided({ states: { t: again }, policy: { backoffMs: 0 } })).toMatchObject({ actions: [], moving: false })
  })

  it('of the whole run starts neither a task nor a next turn, and lets the rest go on', () => {
    const tasks = [
      { id: 't', title: 'T', writes: ['t.txt'] },
      { id: 'u', title: 'U', writes: ['u.txt'] },
    ]
    const back = moves.wantsTurn(states.inReview, me, 'a conflict')
    const world = { paused: true }
    expect(decided({ tasks, states: { t: back }, world })).toMatchObject({ actions: [], moving: false })
    expect(short({ tasks, states: { t: states.working }, turns: { [turn]: ended(0) }, world })).toEqual(['seal t'])
    expect(short({ tasks, states: { t: back } })).toEqual(['claim t spawned', 'claim u spawned'])
  })
})

describe('prioritise', () => {
  it('lets a task start before others', () => {
    const tasks = ['a', 't'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
    const policy = { maxAgents: 1 }
    expect(short({ tasks, policy })).toEqual(['claim a spawned'])
    const state = written({
      tasks,
      policy,
      requests: asked({ do: 'prioritise', priority: 0 }),
      world: { paused: true },
    })
    expect(short({ tasks, policy, states: { t: state } })).toEqual(['claim t spawned'])
  })
})

describe('release', () => {
  it('lets a task on hold start, and changes nothing of another', () => {
    const requests = asked({ do: 'release' })
    const held = [{ id: 't', title: 'T', hold: true }]
    const state = written({ tasks: held, requests })
    expect(short({ tasks: held, states: { t: state } })).toEqual(['claim t spawned'])
    expect(short({ requests })).toEqual(['drop-requests t'])
  })
})

describe('what a person asks of a task that is over', () => {
  it.each([
    { do: 'take' },
    { do: 'give' },
    { do: 'pause' },
    { do: 'resume' },
    { do: 'prioritise', priority: 1 },
    { do: 'release' },
  ] as const)('$do changes nothing', (request) => {
    const closed = moves.closed(states.landed, me)
    expect(short({ states: { t: closed }, requests: asked(request) })).toEqual(['drop-requests t'])
  })
})

describe('on failure', () => {
  const tasks = ['t', 'bad', 'new'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
  const bad = moves.stuck(states.working, me, asks)
  const over = { 'turn-bad.1.1': ended(0) }
  const scene = (onFailure: 'continue' | 'no-new' | 'stop', t: RunState, is: Turn = alive) => ({
    tasks,
    states: { bad, t },
    turns: { ...over, [turn]: is },
    policy: { onFailure, backoffMs: 0 },
  })

  it('continue goes on with the others', () => {
    expect(short(scene('continue', states.working))).toEqual(['claim new spawned'])
  })

  it('no-new starts no other task and lets go on what is under way, next turns too', () => {
    expect(short(scene('no-new', states.working))).toEqual([])
    expect(short(scene('no-new', moves.wantsTurn(states.inReview, me, 'a conflict')))).toEqual(['claim t spawned'])
  })

  it('no-new starts again when nothing is stuck any more, and is not closed by another epic', () => {
    const { states: both, ...rest } = scene('no-new', states.working)
    const guided = moves.guided(both.bad, me, { key: 'k', text: 'a', turn: null })
    expect(short({ ...rest, states: { ...both, bad: moves.wantsTurn(guided, me, 'guided') } })).toContain(
      'claim new spawned',
    )
    const apart = tasks.map((task) => ({ ...task, epic: task.id === 'bad' ? 'other' : 'mine' }))
    expect(short({ ...scene('no-new', states.working), tasks: apart, reach: { epic: 'mine', start: true } })).toEqual([
      'claim new spawned',
    ])
  })

  it('stop sets aside what is at work, without a failure, and starts nothing', () => {
    expect(short(scene('stop', states.working))).toEqual(['set-aside t'])
    const aside = personMoves.stopped(states.working, me, head)
    expect(aside.run).toMatchObject({ wants: 'attempt', failures: 0 })
    expect(decided(scene('stop', aside))).toMatchObject({ actions: [], moving: false })
  })

  it.each([
    ['an agent that failed meanwhile, without a failure', states.working, ended(143), ['set-aside t']],
    ['an agent that is done goes its way', states.working, ended(0), ['seal t']],
    [
      'a turn that was not started waits for another attempt',
      states.spawned,
      { is: 'never' },
      ['write t spawned attempt'],
    ],
    ['what cannot be told is waited for', states.working, { is: 'unknown', why: '?' }, []],
  ] as const)('stop: %s', (_name, state, is, expected) => {
    expect(short(scene('stop', state, is))).toEqual(expected)
  })

  it('stop: an agent that waits for its answer is stopped, and its question stays', () => {
    const { states: both, ...rest } = scene('stop', states.working)
    const report = { tell: 'stuck', reason: 'which?', options: ['a'], context: '' } as const
    const waiting = { ...rest, states: both, turns: { ...rest.turns, [turn]: { ...alive, report, reports: 1 } } }
    expect(short(waiting)).toEqual(['write t working stuck'])
    expect(short({ ...waiting, states: { ...both, t: bad } })).toEqual(['stop t'])
  })

  it('stop: nothing of it while only a request is carried out', () => {
    expect(short({ ...scene('stop', states.working), reach: { only: 't', start: false } })).toEqual([])
  })
})
