import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/decide/action.ts'
import * as moves from '../../src/decide/moves.ts'
import { turnKey } from '../../src/model/process-key.ts'
import type { RunState } from '../../src/model/run-state.ts'
import { alive, decided, ended, head, inShort, me, only, type Scene, states, target } from './world-rig.ts'

const old = 'e'.repeat(40)
const knowing = (state: RunState, knownTarget: string | null): RunState => ({
  ...state,
  run: { ...state.run, knownTarget },
})
const inScope = { onTargetMoved: 'in-scope' } as const
const actions = (state: RunState, scene: Scene = {}): readonly Action[] =>
  decided({
    states: { t: state },
    turns: { [turnKey('t', state.run.attempt, state.run.turn)]: alive },
    workspaces: ['t'],
    policy: inScope,
    ...scene,
  }).actions

describe('a target that moved below an agent at work', () => {
  it('is told, and then known', () => {
    expect(only(actions(knowing(states.working, old)))).toMatchObject({
      do: 'tell-target',
      news: { have: old, target },
    })
    expect(inShort(actions(moves.knowsTarget(states.working, me, target, null)))).toEqual([])
    expect(inShort(actions(states.working))).toEqual([])
  })

  it('is nothing to whom a person is to answer, to whose files nobody knows, and where the policy says less', () => {
    const state = knowing(states.working, old)
    const stuck = moves.stuck(state, me, { reason: 'x', options: [], context: '', by: 'orch', report: 0 })
    expect(inShort(actions(stuck))).toEqual([])
    expect(inShort(actions(state, { tasks: [{ id: 't', title: 'T' }] }))).toEqual([])
    for (const onTargetMoved of ['never', 'next-turn'] as const)
      expect(inShort(actions(state, { policy: { onTargetMoved } }))).toEqual([])
    expect(inShort(actions(knowing(states.working, null)))).toEqual([])
  })

  it('is nothing to an agent that has ended', () => {
    const state = knowing(states.working, old)
    expect(inShort(actions(state, { turns: { [turnKey('t', 1, 1)]: ended(0) } }))).toEqual(['seal t'])
  })
})

describe('a turn that follows others', () => {
  const second = (branch: Partial<NonNullable<RunState['branch']>>, policy: Scene['policy'] = {}): Action => {
    const failed = moves.failedAttempt(states.working, me, 'x', null)
    const claimed = moves.claim('t', failed, me, target)
    const state = { ...claimed, branch: claimed.branch && { ...claimed.branch, ...branch } }
    return only(actions(state, { turns: { [turnKey('t', 2, 1)]: { is: 'never' } }, policy }))
  }

  it('begins with what the newest of its commits that we know of has not', () => {
    expect(second({ base: old, head: null })).toMatchObject({ do: 'start-turn', news: { have: old, target } })
    expect(second({ base: old, head })).toMatchObject({ news: { have: head, target } })
    expect(second({ base: old, head, before: 'f'.repeat(40) })).toMatchObject({ news: { have: 'f'.repeat(40) } })
  })

  it('begins with nothing where the target has not moved, or by the policy', () => {
    expect(second({ base: target })).toMatchObject({ do: 'start-turn', news: null })
    expect(second({ base: old }, { onTargetMoved: 'never' })).toMatchObject({ news: null })
  })
})
