import { describe, expect, it } from 'vitest'
import { checklistOf } from '../../src/decide/checklist.ts'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import { checkKey } from '../../src/model/process-key.ts'
import { untouched } from '../../src/model/run-state.ts'
import type { Turn } from '../../src/model/turn.ts'
import { alive, at, decided, ended, inShort, me, type Scene, sightOf, target, vanished } from './world-rig.ts'

const checks = ['test']
const regenerate = [
  { files: ['*.lock'], command: 'lock' },
  { files: ['dist'], command: 'build' },
]
const commitOf = (id: string) => `${id}2`.repeat(20)
const treeOf = (id: string) => `${id}${'0'.repeat(39)}`
const never: Turn = { is: 'never' }
/** Of what makes the files that are stale, and of the checks. */
const makingOf = (id: string) => checkKey(id, treeOf(id), ['lock'], 1)
const checksOf = (id: string) => checkKey(id, treeOf(id), checks, 1)

interface Given {
  readonly base: string
  /** Of what runs on it now. */
  readonly turn?: Turn
  readonly stale?: readonly string[]
}

function scene(
  given: Readonly<Record<string, Given>>,
  turns: Readonly<Record<string, Turn>> = {},
  more: Scene = {},
): Scene {
  const ids = Object.keys(given)
  return {
    tasks: ids.map((id) => ({ id, title: id, writes: [id] })),
    states: Object.fromEntries(
      Object.entries(given).map(([id, { base, stale }]) => {
        const head = `${id}1`.repeat(20)
        const working = moves.started(moves.claim(id, untouched(at), me, target), me)
        const inReview = moves.reviewOpened(moves.committed(working, me, head, []), me, head, null)
        const built = { base, commit: commitOf(id), tree: treeOf(id), lost: 0, ...(stale && { stale }) }
        return [id, landings.withCandidate(inReview, me, built)]
      }),
    ),
    turns: {
      ...Object.fromEntries(
        Object.entries(given).map(([id, { stale, turn }]) => [stale ? makingOf(id) : checksOf(id), turn ?? never]),
      ),
      ...turns,
    },
    policy: { hotFiles: { regenerate }, landing: { by: 'orchestrator', checks } },
    ...more,
  }
}
const actions = (...given: Parameters<typeof scene>) => decided(scene(...given)).actions
const does = (...given: Parameters<typeof scene>) => inShort(actions(...given))
const stale = ['a.lock']
const a = commitOf('a')

describe('a candidate with files that a command makes', () => {
  it('has them made before it is checked, and before anything is built on it', () => {
    const ready = { b: { base: target, stale }, c: { base: target } }
    expect(actions(ready)).toMatchObject([{ do: 'start-checks', id: 'b', key: makingOf('b'), before: [] }])
    expect(does({ b: { base: target, stale, turn: alive } })).toEqual([])
    expect(decided(scene({ b: { base: target, stale, turn: alive } })).moving).toBe(true)
  })

  it('has those made by every command that its files need, and by no other', () => {
    const both = { b: { base: target, stale: ['a.lock', 'dist/x.js'] } }
    const key = checkKey('b', treeOf('b'), ['lock', 'build'], 1)
    expect(actions(both, { [key]: never })).toMatchObject([{ do: 'start-checks', key }])
  })

  it('takes them when they are made, by whichever run', () => {
    const made = actions({ b: { base: target, stale, turn: ended(0) } })
    expect(made).toMatchObject([{ do: 'amend-candidate', id: 'b', key: makingOf('b'), stacked: false }])
    const again = `${makingOf('b')}.again`
    const policy = { hotFiles: { regenerate }, landing: { by: 'orchestrator', checks, retryRed: true } } as const
    expect(does({ b: { base: target, stale, turn: ended(1) } }, { [again]: never }, { policy })).toEqual([
      'start-checks b',
    ])
    expect(actions({ b: { base: target, stale, turn: ended(1) } }, { [again]: ended(0) }, { policy })).toMatchObject([
      { do: 'amend-candidate', key: again },
    ])
  })

  it('is made when no checks are configured, too, and lands then', () => {
    const policy = { hotFiles: { regenerate }, landing: { by: 'orchestrator' } } as const
    expect(does({ b: { base: target, stale } }, {}, { policy })).toEqual(['start-checks b'])
    expect(does({ b: { base: target } }, {}, { policy })).toEqual(['land b'])
  })

  it('is stopped at the time limit of the checks, with the reason first', () => {
    const ages = { record: new Map(), sign: new Map(), turn: new Map([[makingOf('b'), 1e9]]), landing: new Map() }
    const late = scene({ b: { base: target, stale, turn: alive } }, {}, { world: { ages } })
    const [first] = decided(late).actions
    if (first?.do !== 'write') throw new Error(`${first?.do} comes first`)
    expect(first.next.run.stopping).toBe('the commands that make a.lock took more than 30 min')
    expect(inShort(decided({ ...late, states: { b: first.next } }).actions)).toEqual(['stop b'])
  })

  it('is made once more when its process was killed, as another run', () => {
    const [again] = actions({ b: { base: target, stale, turn: vanished } })
    if (again?.do !== 'write') throw new Error(`${again?.do} follows`)
    expect(again.next.review?.candidate).toMatchObject({ run: 2, lost: 1, stale })
  })

  it('is built again when the policy does not name one of its files any more', () => {
    const of = (given: typeof regenerate): Scene => ({
      policy: { hotFiles: { regenerate: given }, landing: { by: 'orchestrator', checks } },
    })
    expect(does({ b: { base: target, stale } }, {}, of([]))).toEqual(['build-candidate b'])
    const both = { b: { base: target, stale: ['a.lock', 'dist/x.js'] } }
    expect(does(both, {}, of(regenerate.slice(0, 1)))).toEqual(['build-candidate b'])
  })

  it('is stopped and built again when what it is built on has moved', () => {
    const moved = scene({ b: { base: a, stale, turn: alive } })
    const [first] = decided(moved).actions
    if (first?.do !== 'write') throw new Error(`${first?.do} comes first`)
    expect(inShort(decided({ ...moved, states: { b: first.next } }).actions)).toEqual(['stop b'])
  })

  it('is stopped when its task is cancelled', () => {
    const asked = scene({ b: { base: target, stale, turn: alive } }, {}, { requests: [['b', { do: 'cancel' }]] })
    const [first] = decided(asked).actions
    if (first?.do !== 'write') throw new Error(`${first?.do} comes first`)
    expect(inShort(decided({ ...asked, states: { b: first.next }, requests: [] }).actions)).toEqual(['stop b'])
  })

  it('keeps nobody before it from being checked and landed', () => {
    const train = { a: { base: target }, b: { base: a, stale, turn: alive } }
    const ages = { record: new Map([['a', 1000]]), sign: new Map(), turn: new Map(), landing: new Map() }
    expect(does(train, {}, { world: { ages } })).toEqual(['start-checks a'])
    expect(does({ ...train, a: { base: target, turn: ended(0) } })).toEqual(['land a'])
    expect(does({ a: { base: target, turn: alive }, b: { base: a, stale } })).toEqual(['start-checks b'])
  })
})

describe('a command that fails', () => {
  const red = { b: { base: target, stale, turn: ended(3) } }

  it('is run on the target before a change is blamed', () => {
    const targetKey = `${makingOf('b')}.target`
    expect(actions(red)).toMatchObject([{ do: 'start-checks', on: 'target', key: targetKey }])
    expect(actions(red, { [targetKey]: ended(0) })).toMatchObject([
      { do: 'reject', id: 'b', why: 'a.lock cannot be made for it (exit 3)', unrunnable: false },
    ])
    expect(does(red, { [targetKey]: ended(3) })).toEqual(['await-target b'])
    expect(actions({ b: { base: target, stale, turn: ended(127) } }, { [targetKey]: ended(127) })).toMatchObject([
      { do: 'reject', unrunnable: true },
    ])
  })

  it('on a change that stands on another one is nobody’s to mend yet, and the other one lands', () => {
    const train = { a: { base: target }, b: { base: a, stale, turn: ended(3) } }
    expect(does(train)).toEqual(['start-checks a'])
    expect(does({ ...train, a: { base: target, turn: ended(0) } })).toEqual(['land a'])
  })

  it('is no verdict of the checks', () => {
    for (const turn of [ended(0), ended(3)]) {
      const sight = sightOf(scene({ b: { base: target, stale, turn } }))
      const [task, state] = [sight.world.tasks.get('b'), sight.world.records.get('b')?.state]
      if (task === undefined || state === undefined) throw new Error('b is not there')
      const said = checklistOf(sight, task, state).find(({ item }) => item === 'checks')
      expect(said).toMatchObject({ is: 'not-yet', why: 'a command makes a.lock first' })
    }
  })
})
