import { describe, expect, it } from 'vitest'
import * as moves from '../../src/decide/moves.ts'
import { alive, decided, ended, inShort, me, only, states } from './world-rig.ts'

const turn = 'turn-t.1.1'
const asks = { reason: 'which?', options: ['a'], context: '', by: 'agent', report: 1 } as const
const stuckReport = { tell: 'stuck', reason: 'which?', options: ['a'], context: '' } as const
const guide = [['t', { do: 'guide', text: 'take a' }]] as const

describe('what a person asks', () => {
  it('guidance for a stuck agent that lives is handed to it, and its old report does not make it stuck again', () => {
    const stuck = moves.stuck(states.working, me, asks)
    const living = { ...alive, report: stuckReport, reports: 1 }
    const action = only(decided({ states: { t: stuck }, turns: { [turn]: living }, requests: guide }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(action).toMatchObject({ answered: ['k0'], next: { run: { stuck: null, wants: null } } })
    const next = decided({ states: { t: action.next }, turns: { [turn]: living } })
    expect(inShort(next.actions)).toEqual(['send t'])
  })

  it('guidance for a stuck task without a process gives it another turn of the same attempt', () => {
    const stuck = moves.stuck(states.working, me, asks)
    const over = ended(0, { report: stuckReport, reports: 1 })
    const action = only(decided({ states: { t: stuck }, turns: { [turn]: over }, requests: guide }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    const claim = only(decided({ states: { t: action.next }, turns: { [turn]: over } }).actions)
    expect(claim.do === 'claim' && claim.next.run).toMatchObject({ attempt: 1, turn: 2 })
    expect(claim.do === 'claim' && claim.next.run.guidance).toMatchObject([{ text: 'take a', turn: '1.2' }])
  })

  it('guidance that comes when the agent has just ended is not lost: another turn follows instead of sealing', () => {
    const guided = moves.guided(states.working, me, { key: 'k', text: 'also b', turn: null })
    expect(inShort(decided({ states: { t: guided }, turns: { [turn]: ended(0) } }).actions)).toEqual([
      'write t working turn',
    ])
  })

  it('cancel of a running task says its end first', () => {
    const requests = [['t', { do: 'cancel' }]] as const
    expect(inShort(decided({ states: { t: states.working }, turns: { [turn]: alive }, requests }).actions)).toEqual([
      'write t working cancelled',
    ])
  })

  it('cancel of a task that nobody has touched closes it', () => {
    const action = only(decided({ requests: [['t', { do: 'cancel' }]] }).actions)
    expect(action).toMatchObject({ do: 'write', record: null, next: { outcome: 'cancelled' } })
  })

  it('to let land what waits for another attempt is not kept: a cancel after it would wait as long', () => {
    const committed = { ...states.committed, run: { ...states.committed.run, wants: 'attempt' as const, paused: true } }
    const requests = [
      ['t', { do: 'land' }],
      ['t', { do: 'cancel' }],
    ] as const
    expect(inShort(decided({ states: { t: committed }, requests }).actions)).toEqual(['drop-requests t'])
    expect(inShort(decided({ states: { t: states.committed }, requests }).actions)).toEqual(['open-review t'])
  })

  it('retry stops a living agent before anything else', () => {
    const requests = [['t', { do: 'retry', fresh: true }]] as const
    expect(inShort(decided({ states: { t: states.working }, turns: { [turn]: alive }, requests }).actions)).toEqual([
      'stop t',
    ])
    expect(
      inShort(decided({ states: { t: states.working }, turns: { [turn]: ended(143) }, requests }).actions),
    ).toEqual(['start-fresh t'])
  })

  it('land lets a change through the human gate', () => {
    const requests = [['t', { do: 'land' }]] as const
    const action = only(decided({ states: { t: states.inReview }, requests }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(inShort(decided({ states: { t: action.next } }).actions)).toEqual(['build-candidate t'])
  })

  it('land says that a manual task is done, and lets a task on hold start', () => {
    const requests = [['t', { do: 'land' }]] as const
    const manual = [{ id: 't', title: 'T', kind: 'manual' as const }]
    expect(inShort(decided({ tasks: manual, requests }).actions)).toEqual(['write t open done'])
    const held = [{ id: 't', title: 'T', hold: true }]
    expect(inShort(decided({ tasks: held }).actions)).toEqual([])
    const action = only(decided({ tasks: held, requests }).actions)
    if (action.do !== 'write') throw new Error('a write is expected')
    expect(inShort(decided({ tasks: held, states: { t: action.next } }).actions)).toEqual(['claim t spawned'])
  })

  it('a request for a task of another live owner is left to it', () => {
    const theirs = { ...states.working, run: { ...states.working.run, owner: 'other' } }
    const world = { liveOwners: new Set(['me', 'other']) }
    expect(decided({ states: { t: theirs }, turns: { [turn]: alive }, requests: guide, world }).actions).toEqual([])
  })

  it('a request for a task that does not exist is ignored', () => {
    expect(decided({ tasks: [], requests: [['nobody', { do: 'cancel' }]] }).actions).toEqual([])
  })
})
