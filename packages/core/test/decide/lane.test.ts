import { describe, expect, it } from 'vitest'
import * as moves from '../../src/decide/moves.ts'
import { checkKey } from '../../src/model/process-key.ts'
import { untouched } from '../../src/model/run-state.ts'
import type { Turn } from '../../src/model/turn.ts'
import { alive, at, decided, ended, inShort, me, type Scene, target } from './world-rig.ts'

const ids = ['a', 'b', 'c', 'd', 'e'] as const
type Id = (typeof ids)[number]
const checks = ['test']
/** Of a task: its commit as it would be on the target, and the tree of that. */
const commitOf = (id: string) => `${id}2`.repeat(20)
const treeOf = (id: string) => `${id}${'0'.repeat(39)}`
const keyOf = (id: string) => checkKey(id, treeOf(id), checks, 1)

function reviewed(id: string, base: string | null) {
  const working = moves.started(moves.claim(id, untouched(at), me, target), me)
  const head = `${id}1`.repeat(20)
  const inReview = moves.reviewOpened(moves.committed(working, me, head, []), me, head, null)
  if (base === null) return inReview
  return moves.withCandidate(inReview, me, { base, commit: commitOf(id), tree: treeOf(id), lost: 0 })
}

/** @param on what each candidate is built on; null: there is none yet */
function scene(on: Partial<Record<Id, string | null>>, turns: Partial<Record<Id, Turn>> = {}, more: Scene = {}): Scene {
  const there = ids.filter((id) => id in on)
  return {
    tasks: there.map((id) => ({ id, title: id, writes: [id] })),
    states: Object.fromEntries(there.map((id) => [id, reviewed(id, on[id] ?? null)])),
    turns: Object.fromEntries(there.map((id) => [keyOf(id), turns[id] ?? { is: 'never' }])),
    policy: { landing: { by: 'orchestrator', checks } },
    ...more,
  }
}
const does = (...given: Parameters<typeof scene>) => inShort(decided(scene(...given)).actions)
const [a, b] = [commitOf('a'), commitOf('b')]

describe('changes that wait to land', () => {
  it('are built on each other while the checks of the first run', () => {
    const { actions } = decided(scene({ a: target, b: null, c: null }, { a: alive }))
    expect(actions).toMatchObject([{ do: 'build-candidate', id: 'b', base: a, stacked: true }])
    expect(decided(scene({ a: null, b: null })).actions).toMatchObject([{ id: 'a', base: target, stacked: false }])
  })

  it('are checked at the same time, as many as the policy allows', () => {
    const all = { a: target, b: a, c: b, d: commitOf('c'), e: commitOf('d') }
    expect(does(all)).toEqual(['start-checks a', 'start-checks b', 'start-checks c', 'start-checks d'])
    const policy = (train: number) => ({ policy: { landing: { by: 'orchestrator', checks, train } as const } })
    expect(does(all, {}, policy(2))).toEqual(['start-checks a', 'start-checks b'])
    expect(does({ a: target, b: null }, { a: alive }, policy(1))).toEqual([])
  })

  it('land one after the other, however early the later ones are green', () => {
    expect(does({ a: target, b: a }, { a: alive, b: ended(0) })).toEqual([])
    expect(does({ a: target, b: a }, { a: ended(0), b: ended(0) })).toEqual(['land a'])
    expect(does({ b: target }, { b: ended(0) })).toEqual(['land b'])
  })

  it('are not judged before those that land first', () => {
    expect(does({ a: target, b: a }, { a: alive, b: ended(1) })).toEqual([])
    const vanished: Turn = { is: 'vanished', report: null, reports: 0, survivors: true, resume: null }
    expect(does({ a: target, b: a }, { a: alive, b: vanished })).toEqual([])
  })

  it('are not built on what is red', () => {
    const turns = { a: ended(1), b: ended(1) }
    expect(does({ a: target, b: null }, turns)).not.toContain('build-candidate b')
    expect(does({ a: target, b: a, c: null }, { a: alive, b: ended(1) })).toEqual([])
  })

  it('are built again, their checks stopped first, when what they were built on does not land', () => {
    expect(does({ b: a, c: b }, { b: alive, c: alive })).toEqual(['write b pr_created'])
    expect(does({ b: a, c: b }, { c: alive })).toEqual(['build-candidate b'])
    expect(does({ b: target, c: a }, { b: alive, c: alive })).toEqual(['write c pr_created'])
  })

  it('are never judged by checks that were stopped so, also when they might land after all', () => {
    const displaced = moves.displaced(reviewed('b', a), me, 'a change before it has moved')
    const states = { a: reviewed('a', target), b: displaced }
    const on = { a: target, b: a }
    expect(does(on, { a: alive, b: alive }, { states })).toEqual(['stop b'])
    expect(does(on, { a: alive, b: ended(143) }, { states })).toEqual(['build-candidate b'])
    const first = { b: moves.displaced(reviewed('b', target), me, 'the target has moved') }
    expect(does({ b: target }, { b: ended(143) }, { states: first })).toEqual(['build-candidate b'])
  })

  it('keep their places when a change comes that would be first', () => {
    const tasks = ['a', 'b', 'c'].map((id) => ({
      id,
      title: id,
      writes: [id],
      ...(id === 'c' && { establishes: 'p' }),
    }))
    const on = { a: target, b: a, c: null }
    expect(does(on, { a: ended(0), b: alive }, { tasks })).toEqual(['land a', 'build-candidate c'])
    expect(does({ a: null, b: null, c: null }, {}, { tasks })).toEqual(['build-candidate c'])
  })

  it('end the train where one cannot be built on those before it', () => {
    const unstackable = new Map([['b', a]])
    const on = { a: target, b: null, c: null }
    expect(does(on, { a: alive }, { world: { unstackable } })).toEqual([])
    expect(does({ b: null, c: null }, {}, { world: { unstackable } })).toEqual(['build-candidate b'])
  })

  it('go on while an effect on the one before them is under way', () => {
    const busy = new Set(['a'])
    expect(does({ a: target, b: a }, { a: ended(0) }, { world: { busy } })).toEqual(['start-checks b'])
    expect(does({ a: null, b: null }, {}, { world: { busy } })).toEqual([])
    // It has landed, and is about to be written down.
    const moved = { vcs: { target: a, workspaces: new Map(), landed: new Map() }, busy }
    expect(does({ a: target, b: a }, { a: ended(0), b: ended(0) }, { world: moved })).toEqual(['land b'])
  })

  it('leave no place to one that is being put away', () => {
    const busy = new Set(['a'])
    const cancelled = moves.ending(reviewed('a', target), me, 'cancelled', 'by a person')
    const states = { a: cancelled, b: reviewed('b', null) }
    const { actions } = decided(scene({ a: target, b: null }, {}, { states, world: { busy } }))
    expect(actions).toMatchObject([{ do: 'build-candidate', id: 'b', base: target, stacked: false }])
  })

  it('keep their places while a request about one of them is answered', () => {
    const requests = [['a', { do: 'land' }]] as const
    const on = { a: target, b: a }
    expect(does(on, { a: alive, b: alive }, { requests })).not.toContain('write b pr_created')
    expect(does(on, { a: alive }, { requests })).toContain('start-checks b')
  })

  it('pass over one that a person keeps waiting, and are not built on it', () => {
    const held = moves.held(reviewed('a', target), me, { for: 'held-by-user', why: 'x', check: null })
    const states = { a: held, b: reviewed('b', null) }
    const landing = new Map([['a', 10]])
    const ages = { record: new Map(), sign: new Map(), turn: new Map(), landing }
    const { actions } = decided(scene({ a: target, b: null }, {}, { states, world: { ages } }))
    expect(actions).toMatchObject([{ do: 'build-candidate', id: 'b', base: target, stacked: false }])
  })
})
