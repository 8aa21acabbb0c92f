import { describe, expect, it } from 'vitest'
import * as landings from '../../src/decide/landing-moves.ts'
import { checkKey, targetCheckKey } from '../../src/model/process-key.ts'
import type { RunState } from '../../src/model/run-state.ts'
import { alive, commit, decided, ended, inShort, me, only, states, target, tree, vanished } from './world-rig.ts'

const checks = ['lint', 'test']
const policy = { landing: { by: 'orchestrator', checks } } as const
const key = checkKey('t', tree, checks, 1)
const onTarget = targetCheckKey('t', tree, checks, 1)
const begun = (check: number) => ({ report: { tell: 'working', note: `check ${check}` }, reports: check }) as const
const red = { [key]: ended(1, begun(2)) }
const scene = { states: { t: states.withCandidate }, policy, turns: red }
const does = (scene: Parameters<typeof decided>[0]) => inShort(decided(scene).actions)

const waits = { for: 'red-target', why: 'main itself is red', check: 2 } as const
const waiting = landings.held(states.withCandidate, me, waits)
const seen = (...ids: string[]) => ({
  ages: { record: new Map(), sign: new Map(), turn: new Map(), landing: new Map(ids.map((id) => [id, 10])) },
})

describe('checks that are red on a change', () => {
  it('run on the target as well, up to the one that is red, before anybody is blamed', () => {
    const turns = { ...red, [onTarget]: { is: 'never' } as const }
    expect(only(decided({ ...scene, turns }).actions)).toMatchObject({
      do: 'start-checks',
      key: onTarget,
      on: 'target',
      check: 2,
    })
    expect(decided({ ...scene, turns: { ...red, [onTarget]: alive } })).toMatchObject({ actions: [], moving: true })
    const unseen = { ...scene, world: { turns: new Map(Object.entries(red)) } }
    expect(decided(unseen)).toMatchObject({ actions: [], moving: true })
  })

  it.each([
    ['green on the target: it is sent back', ended(0), 'reject t'],
    ['red there too: it waits for the target', ended(2), 'await-target t'],
    ['without a verdict there: all run once more, as another run', vanished, 'write t pr_created'],
    ['leaving processes behind there: these are stopped first', ended(0, { survivors: true }), 'stop t'],
  ])('%s', (_, turn, done) => {
    expect(does({ ...scene, turns: { ...red, [onTarget]: turn } })).toEqual([done])
  })

  it('without a word of which one is red: all of them count', () => {
    for (const more of [{}, begun(3), { report: { tell: 'planning', note: 'check 1' }, reports: 1 } as const]) {
      const turns = { [key]: ended(1, more), [onTarget]: { is: 'never' } as const }
      expect(only(decided({ ...scene, turns }).actions)).toMatchObject({ on: 'target', check: null })
    }
  })

  it('and take too long on the target: they are stopped', () => {
    const ages = { record: new Map(), sign: new Map(), turn: new Map([[onTarget, 2001]]), landing: new Map() }
    const slow = { ...policy, landing: { ...policy.landing, checkMs: 2000 } }
    const turns = { ...red, [onTarget]: alive }
    expect(does({ ...scene, policy: slow, turns, world: { ages } })).toEqual(['stop t'])
  })

  it('while they run on the target, cancelling stops these', () => {
    const cancel = [['t', { do: 'cancel' }]] as const
    const action = only(decided({ ...scene, requests: cancel }).actions)
    const next = (action as { next: RunState }).next
    expect(does({ ...scene, states: { t: next }, turns: { ...red, [onTarget]: alive } })).toEqual(['stop t'])
  })
})

describe('a change that waits because the target is red', () => {
  it('is left to a person once this run has tried it, and tried again by the next run', () => {
    expect(decided({ ...scene, states: { t: waiting }, world: seen('t') })).toMatchObject({
      actions: [],
      moving: false,
    })
    expect(does({ ...scene, states: { t: waiting } })).toEqual(['build-candidate t'])
  })

  it('is tried again as soon as the target has moved', () => {
    const vcs = { target: 'e'.repeat(40), workspaces: new Map(), landed: new Map() }
    expect(does({ ...scene, states: { t: waiting }, world: { ...seen('t'), vcs } })).toEqual(['build-candidate t'])
  })

  it('is tried again when a person asks for it, with another run of the checks', () => {
    const action = only(
      decided({ ...scene, states: { t: waiting }, world: seen('t'), requests: [['t', { do: 'land' }]] }).actions,
    )
    const next = (action as { next: RunState }).next
    expect(does({ ...scene, states: { t: next }, world: seen('t') })).toEqual(['build-candidate t'])
    const again = landings.withCandidate(next, me, { base: target, commit, tree, lost: 0 })
    expect(again.review?.candidate?.run).toBe(2)
  })

  it('keeps no other from being tried, and a green one lands on the red target', () => {
    const tasks = ['t', 'u'].map((id) => ({ id, title: id, writes: [id] }))
    const green = 'f'.repeat(40)
    const other = landings.withCandidate(states.inReview, me, { base: target, commit, tree: green, lost: 0 })
    const both = { ...scene, tasks, world: seen('t') }
    expect(does({ ...both, states: { t: waiting, u: states.inReview } })).toEqual(['build-candidate u'])
    const turns = { ...red, [checkKey('u', green, checks, 1)]: ended(0) }
    expect(does({ ...both, states: { t: waiting, u: other }, turns })).toEqual(['land u'])
  })

  it('says nothing of another change that fails the same check: that one may be broken itself', () => {
    const tasks = ['t', 'u'].map((id) => ({ id, title: id, writes: [id] }))
    const mine = 'f'.repeat(40)
    const other = landings.withCandidate(states.inReview, me, { base: target, commit, tree: mine, lost: 0 })
    const turns = {
      [checkKey('u', mine, checks, 1)]: ended(1, begun(2)),
      [targetCheckKey('u', mine, checks, 1)]: { is: 'never' } as const,
    }
    const both = { ...scene, tasks, world: seen('t'), states: { t: waiting, u: other } }
    expect(does({ ...both, turns })).toEqual(['start-checks u'])
  })

  it('keeps no other orchestrator waiting for its owner', () => {
    const theirs = { ...waiting, run: { ...waiting.run, owner: 'other' } }
    const world = { liveOwners: new Set(['me', 'other']) }
    expect(decided({ ...scene, states: { t: theirs }, world }).moving).toBe(false)
  })
})
