import { describe, expect, it } from 'vitest'
import { alive, decided, ended, inShort, states } from './world-rig.ts'

const turn = 'turn-t.1.1'
const dead = { ...states.working, run: { ...states.working.run, owner: 'dead' } }
const ages = (ms: number) => ({ record: new Map(), sign: new Map([[turn, ms]]), turn: new Map(), landing: new Map() })
const gone = { tasks: [], policy: { idleMs: 1000 } }

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
