import { describe, expect, it } from 'vitest'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import { alive, commit, decided, ended, inShort, me, states } from './world-rig.ts'

const turn = 'turn-t.1.1'
const dead = { ...states.working, run: { ...states.working.run, owner: 'dead' } }
const ages = (ms: number) => ({ record: new Map(), sign: new Map([[turn, ms]]), turn: new Map(), landing: new Map() })
const gone = { tasks: [], policy: { idleMs: 1000 } }

it('whoever does not have the only seat brings nothing about, and waits for it as long as there is something to do', () => {
  const scene = { policy: { leaseMs: 8000 }, world: { taken: true } }
  expect(decided(scene)).toMatchObject({ actions: [], moving: true, lookAgainAt: 2000 })
  const closed = moves.closed(landings.landed(states.withCandidate, me, commit, 'us'), me)
  expect(decided({ ...scene, states: { t: closed } })).toMatchObject({ actions: [], moving: false })
})

describe('a task that has begun and left its source', () => {
  it('is taken over by nobody, because nothing can be written of it', () => {
    expect(decided({ ...gone, states: { t: dead } })).toMatchObject({ actions: [], moving: true })
    expect(decided({ ...gone, states: { t: dead }, turns: { [turn]: ended(0) } })).toMatchObject({
      actions: [],
      moving: false,
    })
  })

  it('keeps its agent, whose limits hold all the same', () => {
    for (const state of [states.working, dead]) {
      const scene = { ...gone, states: { t: state }, turns: { [turn]: alive } }
      expect(decided({ ...scene, world: { ages: ages(1000) } })).toMatchObject({ actions: [], moving: true })
      expect(inShort(decided({ ...scene, world: { ages: ages(1001) } }).actions)).toEqual(['stop t'])
    }
  })

  it('leaves no processes behind', () => {
    const left = { ...gone, states: { t: states.working }, turns: { [turn]: ended(0, { survivors: true }) } }
    expect(inShort(decided(left).actions)).toEqual(['stop t'])
  })

  it('is left to its owner where another one lives, and to the next look where its source was not read whole', () => {
    const scene = { ...gone, states: { t: dead }, turns: { [turn]: alive } }
    expect(decided({ ...scene, world: { liveOwners: new Set(['me', 'dead']) } }).actions).toEqual([])
    expect(inShort(decided({ ...scene, world: { complete: false } }).actions)).toEqual(['write t working'])
  })
})
