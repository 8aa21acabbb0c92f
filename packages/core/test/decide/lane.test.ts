import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import type { World } from '../../src/decide/world.ts'
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
  return landings.withCandidate(inReview, me, { base, commit: commitOf(id), tree: treeOf(id), lost: 0 })
}

/** @param on what each candidate is built on; null: there is none yet */
function scene(on: Partial<Record<Id, string | null>>, turns: Partial<Record<Id, Turn>> = {}, more: Scene = {}): Scene {
  const there = ids.filter((id) => id in on)
  return {
    tasks: there.map((id) => ({ id, title: id, writes: [id] })),
    states: Object.fromEntries(there.map((id) => [id, reviewed(id, on[id] ?? null)])),
    turns: Object.fromEntries(
      there.flatMap((id) => [
        [keyOf(id), turns[id] ?? { is: 'never' }],
        [`${keyOf(id)}.target`, { is: 'never' }],
      ]),
    ),
    policy: { landing: { by: 'orchestrator', checks, train: 5 } },
    ...more,
  }
}
const does = (...given: Parameters<typeof scene>) => inShort(decided(scene(...given)).actions)
const [a, b, c, d] = [commitOf('a'), commitOf('b'), commitOf('c'), commitOf('d')]
const all = { a: target, b: a, c: b, d: c, e: d }
const trainOf = (train: number): Scene => ({ policy: { landing: { by: 'orchestrator', checks, train } } })
/** How long each record has been as it is, in milliseconds. */
const ages = (ms: number): World['ages'] => ({
  record: new Map(ids.map((id) => [id, ms])),
  sign: new Map(),
  turn: new Map(),
  landing: new Map(),
})

describe('changes that wait to land', () => {
  it('are built on each other, also while checks run', () => {
    const { actions } = decided(scene({ a: target, b: null, c: null }, { a: alive }))
    expect(actions).toMatchObject([{ do: 'build-candidate', id: 'b', base: a, stacked: true }])
    expect(decided(scene({ a: null, b: null })).actions).toMatchObject([{ id: 'a', base: target, stacked: false }])
  })

  it('are built in one go, as many as may be checked together beside those that land', () => {
    const built = (...given: Parameters<typeof scene>) =>
      decided(scene(...given)).actions.flatMap((action) =>
        action.do === 'build-candidate' ? [action.id, ...action.then.map(({ task }) => task.id)] : [],
      )
    const none = { a: null, b: null, c: null, d: null, e: null }
    expect(built(none)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(built(none, {}, trainOf(3))).toEqual(['a', 'b', 'c'])
    expect(built({ ...none, a: target }, {}, trainOf(3))).toEqual(['b', 'c'])
    expect(built({ ...none, a: target }, { a: ended(0) }, trainOf(3))).toEqual(['b', 'c', 'd'])
    expect(built({ ...none, a: target, b: a }, { b: ended(0) }, trainOf(2))).toEqual(['c', 'd'])
    // What somebody is busy with, or whose checks are to be stopped first, waits for its own turn.
    expect(built(none, {}, { world: { busy: new Set(['c']) } })).toEqual(['a', 'b'])
    expect(built({ ...none, c: d }, { c: alive })).toEqual(['a', 'b'])
  })

  it('are checked together, as many as the policy allows, by one run on the last of them', () => {
    expect(decided(scene(all)).actions).toMatchObject([{ do: 'start-checks', id: 'e', before: ['a', 'b', 'c', 'd'] }])
    expect(does(all, {}, trainOf(2))).toEqual(['start-checks b'])
    expect(does({ a: target, b: null }, { a: alive }, trainOf(1))).toEqual([])
    expect(does({ a: target, b: null }, {}, trainOf(1))).toEqual(['start-checks a'])
  })

  it('leave when nobody else can be built on them, or after a second', () => {
    expect(does({ a: target, b: null })).toEqual(['build-candidate b'])
    expect(does({ a: target, b: null }, {}, { world: { ages: ages(1000) } })).toEqual([
      'build-candidate b',
      'start-checks a',
    ])
    const unstackable = new Map([['b', a]])
    expect(does({ a: target, b: null }, {}, { world: { unstackable } })).toEqual(['start-checks a'])
  })

  it('land together when the last of them is green, and with it all that it is built on', () => {
    const { actions } = decided(scene({ a: target, b: a, c: b }, { b: ended(0) }))
    expect(actions).toMatchObject([{ do: 'land', id: 'b', flaky: false }])
    expect(actions.flatMap((action) => (action.do === 'land' ? action.before : [])).map(({ id }) => id)).toEqual(['a'])
    expect(does({ a: target, b: a }, { a: ended(0), b: alive })).toEqual(['land a'])
  })

  it('are halved when they are red, until the one is left that is red on what is green', () => {
    expect(does(all, { e: ended(1) })).toEqual(['start-checks b'])
    expect(does(all, { e: ended(1), b: alive })).toEqual([])
    expect(does(all, { e: ended(1), b: ended(1) })).toEqual(['start-checks a'])
    expect(does(all, { e: ended(1), b: ended(1), a: ended(0) })).toEqual(['land a'])
    expect(does(all, { e: ended(1), b: ended(0) })).toEqual(['land b'])
    const moved = { c: target, d: c, e: d }
    expect(does(moved, { e: ended(1) })).toEqual(['start-checks c'])
    expect(does(moved, { e: ended(1), c: ended(1) })).toEqual(['start-checks c'])
  })

  it('are halved in as many runs as there are bits in their number, whoever is guilty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 4 }), (length, guilty) => {
        fc.pre(guilty < length)
        const train = ids.slice(0, length)
        const turns: Partial<Record<Id, Turn>> = {}
        let landed = 0
        for (let runs = 1; ; runs++) {
          const on = Object.fromEntries(train.slice(landed).map((id, at) => [id, at === 0 ? target : all[id]]))
          const [action] = decided(scene(on, turns)).actions
          if (action?.do === 'land') {
            landed = train.indexOf(action.id as Id) + 1
            runs--
            continue
          }
          if (action?.do !== 'start-checks') throw new Error(`${action?.do} is no step of a search`)
          if (action.on === 'target') {
            expect([action.id, landed]).toEqual([train[guilty], guilty])
            expect(runs - 1).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(length)))
            return
          }
          turns[action.id as Id] = ended(train.indexOf(action.id as Id) >= guilty ? 1 : 0)
        }
      }),
    )
  })

  it('are blamed without another run when the target has passed its checks since', () => {
    const red = { c: target, d: c }
    const passed = (age: number, redFor: number) => ({
      passed: { commit: target, age },
      ages: { ...ages(0), turn: new Map([[keyOf('c'), redFor]]) },
    })
    expect(does(red, { c: ended(1) }, { world: passed(10, 20) })).toEqual(['reject c'])
    expect(does(red, { c: ended(1) }, { world: passed(20, 10) })).toEqual(['start-checks c'])
    const elsewhere = { ...passed(10, 20), passed: { commit: b, age: 10 } }
    expect(does(red, { c: ended(1) }, { world: elsewhere })).toEqual(['start-checks c'])
    // Where that was being asked already, the answer is not waited for, and nothing is left running.
    const asked = (is: Turn) => ({ turns: { [keyOf('c')]: ended(1), [`${keyOf('c')}.target`]: is } })
    expect(does({ c: target }, {}, { ...asked(alive), world: passed(10, 20) })).toEqual(['stop c'])
    expect(does({ c: target }, {}, { ...asked(ended(143)), world: passed(10, 20) })).toEqual(['reject c'])
    expect(does({ c: target }, {}, { turns: { [keyOf('c')]: ended(1) }, world: passed(10, 20) })).toEqual(['reject c'])
  })

  it('are fewer after each train that failed, and one more after each that landed', () => {
    const world = (...judged: World['judged']) => ({ world: { judged } })
    expect(does(all, {}, world('failed'))).toEqual(['start-checks b'])
    expect(does(all, {}, world('failed', 'landed'))).toEqual(['start-checks c'])
    expect(does(all, {}, world('failed', 'failed', 'failed', 'failed'))).toEqual(['start-checks a'])
    expect(does(all, {}, world('landed', 'landed', 'failed', 'landed', 'landed'))).toEqual(['start-checks d'])
  })

  it('are not built on what is red', () => {
    expect(does({ a: target, b: null }, { a: ended(1) })).not.toContain('build-candidate b')
    expect(does({ a: target, b: a, c: null }, { b: ended(1) })).toEqual(['start-checks a'])
  })

  it('are built again, their checks stopped first, when what they were built on does not land', () => {
    expect(does({ b: a, c: b }, { b: alive, c: alive })).toEqual(['write b pr_created'])
    expect(does({ b: a, c: b }, { c: alive })).toEqual(['build-candidate b'])
    expect(does({ b: target, c: a }, { b: alive, c: alive })).toEqual(['write c pr_created'])
  })

  it('are never judged by checks that were stopped so, also when they might land after all', () => {
    const displaced = landings.displaced(reviewed('b', a), me, 'a change before it has moved')
    const states = { a: reviewed('a', target), b: displaced }
    const on = { a: target, b: a }
    expect(does(on, { a: alive, b: alive }, { states })).toEqual(['stop b'])
    expect(does(on, { a: alive, b: ended(143) }, { states })).toEqual(['build-candidate b'])
    const first = { b: landings.displaced(reviewed('b', target), me, 'the target has moved') }
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
    expect(does(on, { a: ended(0), b: alive }, { tasks })).toEqual(['build-candidate c', 'land a'])
    expect(does({ a: null, b: null, c: null }, {}, { tasks })).toEqual(['build-candidate c'])
  })

  it('end the train where one cannot be built on those before it', () => {
    const unstackable = new Map([['b', a]])
    const on = { a: target, b: null, c: null }
    expect(does(on, { a: alive }, { world: { unstackable } })).toEqual([])
    expect(does({ b: null, c: null }, {}, { world: { unstackable } })).toEqual(['build-candidate b'])
  })

  it('wait for an effect on one of them to end, and go on behind it', () => {
    const busy = new Set(['a'])
    expect(does({ a: target, b: a }, { b: ended(0) }, { world: { busy } })).toEqual([])
    expect(does({ a: target, b: a }, { a: ended(0), b: alive }, { world: { busy: new Set(['b']) } })).toEqual([
      'land a',
    ])
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

  it('do not land with one that is being cancelled', () => {
    const requests = [['a', { do: 'cancel' }]] as const
    expect(does({ a: target, b: a }, { b: ended(0) }, { requests })).not.toContain('land b')
  })

  it('keep their places while a request about one of them is answered', () => {
    const requests = [['a', { do: 'land' }]] as const
    expect(does({ a: target, b: a }, { a: alive, b: alive }, { requests })).not.toContain('write b pr_created')
  })

  it('pass over one that a person keeps waiting, and are not built on it', () => {
    const held = landings.held(reviewed('a', target), me, { for: 'held-by-user', why: 'x', check: null })
    const states = { a: held, b: reviewed('b', null) }
    const world = { ages: { ...ages(0), landing: new Map([['a', 10]]) } }
    const { actions } = decided(scene({ a: target, b: null }, {}, { states, world }))
    expect(actions).toMatchObject([{ do: 'build-candidate', id: 'b', base: target, stacked: false }])
  })

  it('keep what is checked of them while one that a person has kept waiting is tried again', () => {
    const held = landings.held(reviewed('a', target), me, { for: 'held-by-user', why: 'x', check: null })
    const states = { a: held, b: reviewed('b', target) }
    expect(does({ a: target, b: target }, { a: ended(0), b: alive }, { states })).toEqual(['land a'])
  })

  it('of another owner are nothing to wait for while a landing that was violated halts all of them', () => {
    const theirs = { owner: 'other', at }
    const moving = (first: ReturnType<typeof reviewed>) => {
      const states = { a: first, b: moves.adopt(reviewed('b', null), theirs) }
      return decided(scene({ a: target, b: null }, {}, { states, world: { liveOwners: new Set(['me', 'other']) } }))
        .moving
    }
    expect(moving(landings.violated(reviewed('a', target), me, 'its landing was violated', ''))).toBe(false)
    expect(moving(moves.askPerson(reviewed('a', target), me, 'which?', ['guide']))).toBe(true)
  })

  it('are tried again after a while where a person kept them waiting', () => {
    const held = landings.held(reviewed('b', a), me, { for: 'held-by-user', why: 'x', check: null })
    const states = { a: reviewed('a', target), b: held }
    const landing = (ms: number) => ({ world: { ages: { ...ages(0), landing: new Map([['b', ms]]) } }, states })
    expect(does({ a: target, b: a }, { b: ended(0) }, landing(3000))).toEqual(['land b'])
    // Perhaps what comes before it can land meanwhile.
    expect(does({ a: target, b: a }, { b: ended(0) }, landing(10))).toEqual(['start-checks a'])
  })
})

describe('checks that are red, where red checks run once more', () => {
  const policy = { landing: { by: 'orchestrator', checks, retryRed: true } } as const
  const again = (turn: Turn, target: Turn = { is: 'never' }) => ({
    [keyOf('a')]: ended(1),
    [`${keyOf('a')}.again`]: turn,
    [`${keyOf('a')}.target`]: target,
  })
  const on = { a: target }
  const of = (turns: Record<string, Turn>) => decided(scene(on, {}, { policy, turns })).actions

  it('run once more before anybody is blamed', () => {
    expect(of(again({ is: 'never' }))).toMatchObject([{ do: 'start-checks', key: `${keyOf('a')}.again` }])
    expect(of(again(alive))).toEqual([])
  })

  it('land the change when they are green then, and are told to be flaky', () => {
    expect(of(again(ended(0)))).toMatchObject([{ do: 'land', id: 'a', flaky: true }])
  })

  it('are what they were when they are red once more', () => {
    expect(of(again(ended(1)))).toMatchObject([{ do: 'start-checks', on: 'target' }])
    expect(of(again(ended(1), ended(0)))).toMatchObject([{ do: 'reject', key: `${keyOf('a')}.again` }])
  })
})
