import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/decide/action.ts'
import { conflictPairs } from '../../src/decide/conflict-pairs.ts'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import type { SeenConflicts } from '../../src/decide/world.ts'
import { turnKey } from '../../src/model/process-key.ts'
import { type KnownConflict, type RunState, untouched } from '../../src/model/run-state.ts'
import { taskOf } from '../../src/model/task.ts'
import { alive, at, decided, head, inShort, me, only, target } from './world-rig.ts'

const tasks = ['a', 'b', 'c'].map((id) => ({ id, title: id, writes: [`${id}.txt`] }))
const working = (id: string): RunState => moves.started(moves.claim(id, untouched(at), me, target), me)
const done = (id: string): RunState => moves.reviewOpened(moves.committed(working(id), me, head, []), me, head, null)
const on = (state: RunState, ...below: readonly string[]): RunState => ({
  ...state,
  branch: state.branch && { ...state.branch, on: below },
})
const knowing = (state: RunState, ...conflicts: readonly KnownConflict[]): RunState =>
  moves.knowsConflicts(state, me, conflicts)

describe('who goes first', () => {
  const pairs = (states: Readonly<Record<string, RunState>>) =>
    conflictPairs({
      tasks: new Map(tasks.map((task) => [task.id, taskOf(task)])),
      records: new Map(Object.entries(states).map(([id, state]) => [id, { id, version: '1', state }])),
    }).map(({ first, later }) => `${first ?? 'target'} ${later}`)

  it('is who comes first in the source, and who is done before who is at work', () => {
    expect(pairs({ c: working('c'), b: working('b'), a: working('a') })).toEqual([
      'a b',
      'a c',
      'b c',
      'target a',
      'target b',
      'target c',
    ])
    expect(pairs({ a: working('a'), b: done('b') })).toEqual(['b a', 'target b', 'target a'])
  })

  it('is never who is stacked on somebody that goes later; a stack is not compared with itself, nor with the target', () => {
    // a is on c, which is at work again: b goes before both.
    const states = { a: on(done('a'), 'c'), b: working('b'), c: working('c') }
    expect(pairs(states)).toEqual(['b a', 'b c', 'target b', 'target c'])
  })

  it('is nobody who has landed or ends', () => {
    expect(pairs({ a: landings.landed(done('a'), me, head, 'other'), b: working('b') })).toEqual(['target b'])
    expect(pairs({ a: moves.ending(working('a'), me, 'cancelled', 'x'), b: working('b') })).toEqual(['target b'])
  })
})

describe('what was found about conflicts', () => {
  const two = tasks.slice(0, 2)
  const seen = (...ids: readonly string[]): SeenConflicts => ({ found: [], seen: new Set(ids), revision: 'r' })
  const readme = { path: 'README.md', kind: 'content', lines: [] } as const
  const aAndB: SeenConflicts = {
    ...seen('a', 'b'),
    found: [{ when: 'live', task: 'b', with: 'a', files: [readme] }],
  }
  const turns = Object.fromEntries(['a', 'b'].map((id) => [turnKey(id, 1, 1), alive]))
  const decisions = (states: Readonly<Record<string, RunState>>, conflicts: SeenConflicts | null): readonly Action[] =>
    decided({
      tasks: two,
      states,
      turns,
      workspaces: ['a', 'b'],
      policy: { onConflict: 'pause' },
      world: { conflicts },
    }).actions

  const bKnows = knowing(working('b'), { with: 'a', goesFirst: false, files: ['README.md'] })
  const aKnows = knowing(working('a'), { with: 'b', goesFirst: true, files: ['README.md'] })

  it('is told to both, then the later one is set aside', () => {
    const both = { a: working('a'), b: working('b') }
    expect(inShort(decisions(both, aAndB))).toEqual(['tell-conflicts a', 'tell-conflicts b'])
    expect(inShort(decisions({ a: aKnows, b: bKnows }, aAndB))).toEqual(['set-aside b'])
  })

  it('is forgotten when it is over, and not because nobody could look', () => {
    const next = only(decisions({ a: working('a'), b: bKnows }, seen('a', 'b')))
    expect(next).toMatchObject({ do: 'write', id: 'b', next: { run: { conflicts: [] } } })
    for (const unknown of [null, seen('b'), seen('a'), seen()])
      expect(inShort(decisions({ a: working('a'), b: bKnows }, unknown))).toEqual(['set-aside b'])
  })

  it('waits for nobody who has landed', () => {
    const landed = moves.closed(landings.landed(done('a'), me, head, 'other'), me)
    expect(inShort(decisions({ a: landed, b: bKnows }, null))).toEqual([])
  })

  it('is no reason to end as long as the look is an old one', () => {
    const aside = { ...bKnows, run: { ...bKnows.run, wants: 'attempt' as const } }
    const moving = (conflicts: SeenConflicts | null): boolean =>
      decided({
        tasks: two,
        states: {
          a: moves.stuck(done('a'), me, { reason: 'x', options: [], context: '', by: 'orch', report: 0 }),
          b: aside,
        },
        policy: { onConflict: 'pause' },
        world: { conflicts },
      }).moving
    expect([moving(null), moving({ ...aAndB, revision: 'before' }), moving(aAndB)]).toEqual([true, true, false])
  })

  it('is not said to whom a person is to answer', () => {
    const stuck = moves.stuck(working('b'), me, { reason: 'x', options: [], context: '', by: 'orch', report: 0 })
    expect(inShort(decisions({ a: aKnows, b: stuck }, aAndB))).toEqual([])
  })
})
