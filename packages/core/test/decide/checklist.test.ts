import { describe, expect, it } from 'vitest'
import { type ChecklistItem, checklistOf } from '../../src/decide/checklist.ts'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import { checkKey } from '../../src/model/process-key.ts'
import { type RunState, untouched } from '../../src/model/run-state.ts'
import { taskOf } from '../../src/model/task.ts'
import { alive, at, commit, ended, head, me, type Scene, sightOf, states, target, tree } from './world-rig.ts'

const policy = { landing: { by: 'orchestrator', checks: ['test'] } } as const
const key = checkKey('t', tree, ['test'], 1)
const task = taskOf({ id: 't', title: 'T', writes: ['t.txt'], establishes: 'errors' })

function answers(state: RunState, scene: Scene = {}, of = task): Record<ChecklistItem, string> {
  const sight = sightOf({ states: { t: state }, policy, ...scene })
  const said = checklistOf(sight, of, state).map(({ item, is }) => [item, is])
  return Object.fromEntries(said) as Record<ChecklistItem, string>
}

describe('the checklist of a change', () => {
  it('has every item open before anything is done', () => {
    expect(answers(untouched(at))).toEqual({
      checks: 'not-yet',
      reviewed: 'not-asked',
      'latest-base': 'not-yet',
      'no-conflict': 'not-yet',
      bulletin: 'not-yet',
      'scope-respected': 'not-yet',
      'protected-paths': 'not-yet',
    })
  })

  it.each([
    ['run', alive, 'not-yet'],
    ['are green', ended(0), 'yes'],
    ['are red', ended(1), 'no'],
    ['have not begun', { is: 'never' } as const, 'not-yet'],
  ])('says of checks that %s what they are', (_, turn, is) => {
    expect(answers(states.withCandidate, { turns: { [key]: turn } }).checks).toBe(is)
  })

  it('says that it is on the latest base, will be, or is not', () => {
    const vcs = (target: string) => ({ vcs: { target, workspaces: new Map(), landed: new Map() } })
    expect(answers(states.withCandidate)['latest-base']).toBe('yes')
    expect(answers(states.withCandidate, { world: vcs('e'.repeat(40)) })['latest-base']).toBe('no')
    const below = landings.withCandidate(states.inReview, me, { base: 'e'.repeat(40), commit: target, tree, lost: 0 })
    const both = { states: { t: states.withCandidate, u: below }, world: vcs('e'.repeat(40)) }
    expect(answers(states.withCandidate, both)['latest-base']).toBe('not-yet')
  })

  it('names what went back to its agent', () => {
    const conflict = moves.repair(
      states.withCandidate,
      me,
      'Your branch conflicts with main in x. Mend it',
      `conflict-x`,
    )
    expect(answers(conflict)).toMatchObject({ 'no-conflict': 'no', checks: 'not-yet' })
    const red = moves.repair(states.withCandidate, me, 'red', `checks-${key}`)
    expect(answers(red)).toMatchObject({ 'no-conflict': 'not-yet', checks: 'no' })
  })

  it('says with whom it would not merge as both are now, and in which files, as long as that one is under way', () => {
    const conflicts = (with_: string | null, goesFirst: boolean) => [
      { with: with_, goesFirst, files: ['x.txt', 'y.txt'] },
    ]
    const answer = (state: RunState, others: Scene['states'] = {}) => {
      const sight = sightOf({ states: { t: state, ...others }, policy })
      const found = checklistOf(sight, task, state).find(({ item }) => item === 'no-conflict')
      return [found?.is, found?.why]
    }
    const later = moves.knowsConflicts(states.working, me, conflicts('u', false))
    const told = 'as it is now it would not merge with u in x.txt, y.txt'
    expect(answer(later, { u: states.working })).toEqual(['no', told])
    expect(answer(later, { u: states.landed })[0]).toBe('not-yet')
    const built = moves.knowsConflicts(states.withCandidate, me, conflicts('u', false))
    expect(answer(built, { u: states.inReview })).toEqual(['no', told])
    const first = moves.knowsConflicts(states.withCandidate, me, conflicts('u', true))
    expect(answer(first, { u: states.working })).toEqual([
      'yes',
      'it goes first, and would not merge with u in x.txt, y.txt',
    ])
    const behind = moves.knowsConflicts(states.inReview, me, conflicts(null, false))
    expect(answer(behind)).toEqual(['no', 'as it is now it would not merge with the target in x.txt, y.txt'])
    // It was merged with the target as it is.
    expect(answer(moves.knowsConflicts(states.withCandidate, me, conflicts(null, false)))).toEqual(['yes', null])
  })

  it('asks for what the policy and the task ask for', () => {
    const outside = moves.committed(states.working, me, head, [], ['x.txt'], ['orch.config.ts'])
    expect(answers(outside)).toMatchObject({ 'scope-respected': 'no', 'protected-paths': 'no', reviewed: 'not-yet' })
    expect(answers(states.committed, { policy: { landing: { by: 'human' } } })).toMatchObject({
      reviewed: 'not-yet',
      checks: 'not-asked',
      'scope-respected': 'yes',
      'protected-paths': 'yes',
    })
    const free = taskOf({ id: 't', title: 'T' })
    expect(answers(states.committed, {}, free)).toMatchObject({ bulletin: 'not-asked', 'scope-respected': 'not-asked' })
    expect(answers(states.committed, {}, taskOf({ id: 't', title: 'T', kind: 'read' }))).toEqual({})
  })

  it('is done when it has landed, and says so when nobody checked it', () => {
    const closed = moves.closed(states.landed, me)
    expect(answers(closed)).toMatchObject({
      checks: 'yes',
      'latest-base': 'yes',
      'no-conflict': 'yes',
      bulletin: 'yes',
    })
    const other = landings.landed(states.withCandidate, me, commit, 'other')
    expect(answers(other)).toMatchObject({ checks: 'no', bulletin: 'not-yet' })
  })
})
