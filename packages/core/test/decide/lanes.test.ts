import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as landings from '../../src/decide/landing-moves.ts'
import { lanesOf } from '../../src/decide/lanes.ts'
import * as moves from '../../src/decide/moves.ts'
import { type LaneLanding, rootsOf } from '../../src/decide/roots.ts'
import { readyNow } from '../../src/decide/starts.ts'
import type { Landing } from '../../src/model/policy.ts'
import { checkKey } from '../../src/model/process-key.ts'
import { untouched } from '../../src/model/run-state.ts'
import type { NewTask } from '../../src/model/task.ts'
import type { Turn } from '../../src/model/turn.ts'
import { alive, at, decided, ended, inShort, me, type Scene, sightOf, target } from './world-rig.ts'

const checks = ['test']
const before = 'f'.repeat(40)
const headOf = (id: string) => `${id}1`.repeat(20)
const commitOf = (id: string) => `${id}2`.repeat(20)
const treeOf = (id: string) => `${id}${'0'.repeat(39)}`
const keyOf = (id: string) => checkKey(id, treeOf(id), checks, 1)

function reviewed(id: string, base: string | null, outside: readonly string[] = []) {
  const working = moves.started(moves.claim(id, untouched(at), me, target), me)
  const sealed = moves.committed(working, me, headOf(id), [])
  const known = sealed.branch === null ? sealed : { ...sealed, branch: { ...sealed.branch, outside } }
  const inReview = moves.reviewOpened(known, me, headOf(id), null)
  if (base === null) return inReview
  return landings.withCandidate(inReview, me, { base, commit: commitOf(id), tree: treeOf(id), lost: 0 })
}

interface Given {
  /** What each candidate is built on; null: there is none yet. */
  readonly on: Readonly<Record<string, string | null>>
  readonly turns?: Readonly<Record<string, Turn>>
  readonly tasks?: Readonly<Record<string, Partial<NewTask>>>
  readonly outside?: Readonly<Record<string, readonly string[]>>
  readonly landing?: Partial<Landing>
  readonly landed?: readonly LaneLanding[]
}

function scene({ on, turns = {}, tasks = {}, outside = {}, landing = {}, landed = [] }: Given): Scene {
  const ids = Object.keys(on)
  return {
    tasks: ids.map((id) => ({ id, writes: [`${id}/**`], ...tasks[id] })),
    states: Object.fromEntries(ids.map((id) => [id, reviewed(id, on[id] ?? null, outside[id])])),
    turns: Object.fromEntries(ids.map((id) => [keyOf(id), turns[id] ?? { is: 'never' }])),
    policy: { landing: { by: 'orchestrator', checks, train: 4, lanes: 2, ...landing } },
    world: { laneLandings: landed },
  }
}
const actions = (given: Given) => decided(scene(given)).actions
const does = (given: Given) => inShort(actions(given))
const beside: LaneLanding = { from: before, to: target, tasks: ['x'], others: [headOf('a'), headOf('b')] }

describe('a change that waits while others are checked', () => {
  const checked = { on: { a: target, b: null }, turns: { a: alive } }

  it('has a lane of its own', () => {
    expect(actions(checked)).toMatchObject([{ do: 'build-candidate', id: 'b', base: target, stacked: false }])
    expect(does({ on: { a: target, b: target }, turns: { a: alive } })).toEqual(['start-checks b'])
  })

  it('is built on them when it has to do with them', () => {
    const behind = [{ do: 'build-candidate', id: 'b', base: commitOf('a'), stacked: true }]
    const related: readonly Omit<Given, 'on'>[] = [
      { tasks: { b: { writes: ['**/x'] } } },
      { tasks: { b: { reads: ['a/x'] } } },
      { tasks: { b: { dependsOn: ['a'] } } },
      { tasks: { a: { group: 'g' }, b: { group: 'g' } } },
      { outside: { b: ['a/x'] } },
      { landing: { lanes: 1 } },
    ]
    for (const more of related) expect(actions({ ...checked, ...more })).toMatchObject(behind)
    const unknown = decided({ ...scene(checked), tasks: [{ id: 'a', writes: ['a'] }, { id: 'b' }] })
    expect(unknown.actions).toMatchObject(behind)
  })

  it('boards their train when that has not left, and waits when there are as many lanes as may be', () => {
    expect(actions({ on: { a: target, b: null } })).toMatchObject([{ id: 'b', base: commitOf('a') }])
    const both = { on: { a: target, b: target, c: null }, turns: { a: alive, b: alive } }
    expect(actions(both)).toMatchObject([{ do: 'build-candidate', id: 'c', stacked: true }])
    expect(actions({ ...both, landing: { lanes: 3 } })).toMatchObject([{ id: 'c', base: target }])
  })
})

describe('what was checked before others landed in another lane', () => {
  const stale = { on: { a: before }, landed: [beside] }

  it('is put onto them when it is green, and lands as that without another run', () => {
    const green = { ...stale, turns: { a: ended(0) } }
    expect(actions(green)).toMatchObject([{ do: 'carry', id: 'a', onto: target, beside: ['x'] }])
    const now = { base: target, commit: 'e'.repeat(40), tree: 'e'.repeat(40) }
    const carried = landings.carried(reviewed('a', before), me, now, ['x'])
    expect(inShort(decided({ ...scene(green), states: { a: carried } }).actions)).toEqual(['land a'])
    // Nobody knows any more what the checks said.
    const lost = decided({ ...scene(stale), states: { a: carried } })
    expect(lost.actions).toMatchObject([{ do: 'build-candidate', base: target, stacked: false }])
  })

  it('is judged where it was built', () => {
    expect(does(stale)).toEqual(['start-checks a'])
    expect(actions({ ...stale, turns: { a: ended(1) } })).toMatchObject([{ do: 'start-checks', on: 'target' }])
  })

  it('is built again when something else has moved the target, too', () => {
    const again = [{ do: 'build-candidate', id: 'a', base: target }]
    const turns = { a: ended(0) }
    expect(actions({ ...stale, turns, landed: [] })).toMatchObject(again)
    expect(actions({ ...stale, turns, landed: [{ ...beside, others: [headOf('z')] }] })).toMatchObject(again)
    expect(actions({ ...stale, turns, landed: [{ ...beside, to: 'd'.repeat(40) }] })).toMatchObject(again)
    expect(actions({ ...stale, turns, landing: { lanes: 1 } })).toMatchObject(again)
  })

  it('takes nobody along who came after they had landed', () => {
    const late = { on: { a: before, c: null }, tasks: { c: { writes: ['a/**'] } }, landed: [beside] }
    expect(does({ ...late, turns: { a: alive } })).toEqual([])
    // It has nothing to do with `a`, and begins where the target is.
    expect(actions({ ...late, tasks: {}, turns: { a: alive } })).toMatchObject([{ id: 'c', base: target }])
  })

  it('waits while another one lands', () => {
    const two = { on: { a: target, b: before }, landed: [beside], turns: { a: ended(0), b: ended(0) } }
    expect(actions(two)).toMatchObject([{ do: 'land', id: 'a', others: [headOf('b')] }])
  })
})

it('every change has one lane, and none has to do with what is in another', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const globs = fc.subarray(['a/**', 'b/**', '*/x', 'c/y', 'd/**'], { minLength: 1 })
  const lanes = fc.integer({ min: 2, max: 4 })
  fc.assert(
    fc.property(fc.array(globs, { minLength: 6, maxLength: 6 }), lanes, (writes, most) => {
      const on = Object.fromEntries(ids.map((id) => [id, null]))
      const tasks = Object.fromEntries(ids.map((id, index) => [id, { writes: writes[index] ?? [] }]))
      const sight = sightOf(scene({ on, tasks, landing: { lanes: most, train: 2 } }))
      const waiting = [...sight.world.records.values()].flatMap((record) => {
        const task = sight.world.tasks.get(record.id)
        return task === undefined ? [] : [{ task, record, taken: false }]
      })
      const found = lanesOf(sight, waiting, rootsOf([], target), readyNow(sight)).map(({ train }) =>
        train.rest.map(({ task }) => task.id),
      )
      expect(found.flat().toSorted()).toEqual(ids)
      expect(found.length).toBeLessThanOrEqual(most)
      const first = (id: string) => new Set(tasks[id]?.writes)
      for (const [index, lane] of found.entries())
        for (const other of found.slice(index + 1).flat())
          for (const id of lane) expect([...first(id)].filter((glob) => first(other).has(glob))).toEqual([])
    }),
  )
})
