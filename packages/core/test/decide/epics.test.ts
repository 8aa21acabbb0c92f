import { describe, expect, it } from 'vitest'
import { withEpics } from '../../src/decide/epic-tasks.ts'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import { policyOf } from '../../src/model/policy.ts'
import { type RunState, untouched } from '../../src/model/run-state.ts'
import { type NewTask, type Task, taskOf } from '../../src/model/task.ts'
import type { VcsWorld } from '../../src/model/vcs-world.ts'
import { at, commit, decided, inShort, me, type Scene, states, target, tree } from './world-rig.ts'

const branch = 'feature/e'
const policy = { epics: { e: { target: branch } }, landing: { by: 'orchestrator' } } as const
const integrated = 'e'.repeat(40)
const begun = moves.moved(untouched(at), null, me, 'begun', { listed: false })
const tasksOf = (...given: (NewTask & { state?: Task['state'] })[]): readonly Task[] =>
  given.map((task) => taskOf(task))
const vcsOf = (targets: ReadonlyMap<string, string>): VcsWorld => ({
  target,
  targets,
  workspaces: new Map(),
  landed: new Map(),
})
const there = vcsOf(new Map([[branch, integrated]]))
const onBranch = (state: RunState): RunState => ({
  ...state,
  branch: state.branch && { ...state.branch, target: branch },
})

function seen(
  given: readonly (NewTask & { state?: Task['state'] })[],
  records: Readonly<Record<string, RunState>>,
): readonly Task[] {
  const all = Object.entries(records).map(([id, state]) => [id, { id, version: '1', state }] as const)
  return withEpics(tasksOf(...given), new Map(all), policyOf(policy))
}

function scene(given: readonly NewTask[], records: Readonly<Record<string, RunState>>, vcs: VcsWorld): Scene {
  const tasks = seen(given, records).map(({ state: _, ...task }) => task)
  return { tasks, states: records, policy, world: { vcs } }
}

describe('what an epic with a branch asks of the tasks', () => {
  const needs = (tasks: readonly Task[]) => Object.fromEntries(tasks.map(({ id, dependsOn }) => [id, dependsOn]))

  it('is nothing of those that have none, and of those that landed', () => {
    const given = [
      { id: 'a', epic: 'other' },
      { id: 'b', epic: 'e' },
    ]
    expect(seen(given.slice(0, 1), {})).toEqual(tasksOf(...given.slice(0, 1)))
    const landed = moves.closed(moves.ending(begun, me, 'done', 'done'), me)
    // It is told of, and asks nothing of anybody.
    const [first, second, own] = seen(given, { e: landed })
    expect([first, second]).toEqual(tasksOf(...given))
    expect(own).toMatchObject({ id: 'e', dependsOn: [] })
  })

  it('is a task of its own that waits for all that are not cancelled', () => {
    const given = [
      { id: 'a', epic: 'e' },
      { id: 'b', epic: 'e', state: 'cancelled' as const },
    ]
    expect(needs(seen(given, {}))).toEqual({ a: [], b: [], e: ['a'] })
  })

  it('waits for one that has left its source and has work on a branch', () => {
    expect(needs(seen([{ id: 'a', epic: 'e' }], { gone: onBranch(states.working) })).e).toEqual(['a', 'gone'])
  })

  it('is the whole for who needs a part, and what a part needs for all of them', () => {
    const given = [
      { id: 'first' },
      { id: 'a', epic: 'e', stackedOn: 'first' },
      { id: 'b', epic: 'e', group: 'g' },
      { id: 'last', stackedOn: 'a' },
    ]
    const tasks = seen(given, {})
    expect(needs(tasks)).toEqual({ first: [], a: ['first'], b: ['first'], last: ['a', 'e'], e: ['a', 'b'] })
    expect(tasks.map(({ stackedOn }) => stackedOn)).toEqual(Array(5).fill(undefined))
    expect(tasks.find(({ id }) => id === 'b')?.group).toBe('e/g')
  })

  it('is one group of its own of those that are of one group, also of who is only put away by now', () => {
    const given = [
      { id: 'a', epic: 'e', group: 'g', state: 'done' as const },
      { id: 'b', epic: 'e', group: 'g' },
      { id: 'c', group: 'g' },
    ]
    const groups = seen(given, {}).flatMap(({ id, group }) => (group === undefined ? [] : [`${id} ${group}`]))
    expect(groups).toEqual(['a e/g', 'b e/g', 'c g'])
  })

  it('is that who comes while it lands waits for that', () => {
    const landing = moves.claim('e', begun, me, target)
    expect(needs(seen([{ id: 'a', epic: 'e' }], { e: landing }))).toEqual({ a: ['e'], e: [] })
  })
})

describe('a task of an epic', () => {
  const a = { id: 'a', epic: 'e', writes: ['a'] }

  it('starts once its branch is there and the epic has begun, from that branch', () => {
    const { actions } = decided(scene([a, { ...a, id: 'b', writes: ['b'] }], {}, vcsOf(new Map())))
    expect(actions).toEqual([{ do: 'begin-epic', id: 'e', record: null, target: branch, from: target }])
    const [claim] = decided(scene([a], { e: begun }, there)).actions
    expect(claim).toMatchObject({ do: 'claim', next: { branch: { base: integrated, target: branch } } })
  })

  it('is not on one train with what lands elsewhere, though both branches are at one commit', () => {
    const ready = landings.withCandidate(states.inReview, me, { base: target, commit, tree, lost: 0 })
    const elsewhere = { ...ready, branch: ready.branch && { ...ready.branch, name: 'orch/b', workspace: 'b' } }
    const both = { e: begun, a: onBranch(ready), b: elsewhere }
    const vcs = vcsOf(new Map([[branch, target]]))
    const { actions } = decided(scene([a, { id: 'b', writes: ['b'] }], both, vcs))
    expect(inShort(actions)).toEqual(['land a', 'land b'])
  })

  it('lands on nothing while its branch is gone, which its epic says', () => {
    const { actions } = decided(scene([a], { e: begun, a: onBranch(states.withCandidate) }, vcsOf(new Map())))
    expect(inShort(actions)).toEqual(['write e open stuck'])
  })
})

describe('an epic', () => {
  it('is begun again while nobody has looked whether its source has a task for it', () => {
    const unknown = moves.moved(untouched(at), null, me, 'begun', {})
    const { actions } = decided(scene([], { e: unknown }, there))
    expect(inShort(actions)).toEqual(['begin-epic e'])
    expect(inShort(decided(scene([], { e: begun }, there)).actions)).toEqual(['claim e spawned'])
  })

  it('begins at the head of its branch, and is sealed without an agent', () => {
    const [claim] = decided(scene([{ id: 'a', epic: 'e', hold: true }], { e: begun }, there)).actions
    expect(claim).toBe(undefined)
    const [own] = decided(scene([], { e: begun }, there)).actions
    expect(own).toMatchObject({ do: 'claim', id: 'e', next: { branch: { base: target, head: integrated } } })
    const working = moves.started(moves.claim('e', begun, me, target), me)
    const turns = { 'turn-e.1.1': { is: 'never' } } as const
    const { actions } = decided({ ...scene([], { e: working }, there), turns })
    expect(actions).toMatchObject([{ do: 'seal', id: 'e', gathered: true }])
  })
})
