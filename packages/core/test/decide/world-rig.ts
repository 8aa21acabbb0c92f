import type { Action } from '../../src/decide/action.ts'
import { decide } from '../../src/decide/decide.ts'
import * as landings from '../../src/decide/landing-moves.ts'
import * as moves from '../../src/decide/moves.ts'
import type { Reach, Sight, World } from '../../src/decide/world.ts'
import { type Policy, type PolicyInput, policyOf } from '../../src/model/policy.ts'
import type { PendingRequest, Request } from '../../src/model/request.ts'
import { type RunState, untouched } from '../../src/model/run-state.ts'
import { type NewTask, type Task, taskOf } from '../../src/model/task.ts'
import type { Turn } from '../../src/model/turn.ts'

export const at = '2026-01-01T00:00:00.000Z'
export const me = { owner: 'me', at }
export const target = 'a'.repeat(40)
export const head = 'b'.repeat(40)
export const commit = 'c'.repeat(40)
export const tree = 'd'.repeat(40)

/** States as the loop itself would make them, each from the one before. */
export const states = {
  spawned: moves.claim('t', untouched(at), me, target),
  get working() {
    return moves.started(states.spawned, me)
  },
  get committed() {
    return moves.committed(states.working, me, head, [])
  },
  get inReview() {
    return moves.reviewOpened(states.committed, me, head, null)
  },
  get withCandidate() {
    return landings.withCandidate(states.inReview, me, { base: target, commit, tree, lost: 0 })
  },
  get landed() {
    return landings.landed(states.withCandidate, me, commit, 'us')
  },
}

export const alive: Extract<Turn, { is: 'alive' }> = { is: 'alive', sign: '1', lastSignAt: 0, report: null, reports: 0 }
export const ended = (exit: number, more: Partial<Extract<Turn, { is: 'ended' }>> = {}): Turn => ({
  is: 'ended',
  exit,
  report: null,
  reports: 0,
  survivors: false,
  resume: null,
  ...more,
})
export const vanished: Turn = { is: 'vanished', report: null, reports: 0, survivors: false, resume: null }

export interface Scene {
  readonly tasks?: readonly (NewTask & { readonly state?: Task['state'] })[]
  readonly states?: Readonly<Record<string, RunState>>
  readonly turns?: Readonly<Record<string, Turn>>
  readonly requests?: readonly (readonly [string, Request])[]
  readonly workspaces?: readonly string[]
  readonly policy?: PolicyInput
  readonly reach?: Reach
  readonly world?: Partial<World>
}

/** A runner tells of every key that it is asked for: of checks, those of the target too. */
function unbegun(turns: Readonly<Record<string, Turn>>): readonly (readonly [string, Turn])[] {
  const checks = Object.keys(turns).filter((key) => key.startsWith('check-') && !key.endsWith('.target'))
  return checks.map((key) => [`${key}.target`, { is: 'never' }])
}

/** What the loop decides in a scene with one task `t`, unless it says otherwise. */
export function decided(scene: Scene): {
  actions: readonly Action[]
  lookAgainAt: number
  moving: boolean
  policy: Policy
} {
  const { world, policy } = sightOf(scene)
  return { ...decide(world, policy, scene.reach), policy }
}

export function sightOf(scene: Scene): Sight {
  const tasks = (scene.tasks ?? [{ id: 't', title: 'T', writes: ['t.txt'] }]).map((task) => taskOf(task))
  const policy = policyOf(scene.policy)
  const records = Object.entries(scene.states ?? {}).map(([id, state]) => ({ id, version: '1', state }))
  const requests = (scene.requests ?? []).map(
    ([id, request], index): PendingRequest => ({ id, key: `k${index}`, request }),
  )
  const workspaces = (scene.workspaces ?? []).map((name) => ({
    name,
    directory: `/w/${name}`,
    branch: `orch/${name}`,
    state: 'ready' as const,
  }))
  const world: World = {
    tasks: new Map(tasks.map((task) => [task.id, task])),
    records: new Map(records.map((record) => [record.id, record])),
    requests,
    revision: 'r',
    paused: false,
    taken: false,
    complete: true,
    vcs: { target, workspaces: new Map(workspaces.map((one) => [one.name, one])), landed: new Map() },
    turns: new Map([...unbegun(scene.turns ?? {}), ...Object.entries(scene.turns ?? {})]),
    unasked: new Map(),
    reviews: new Map(),
    owner: 'me',
    liveOwners: new Set(['me']),
    ages: { record: new Map(), sign: new Map(), turn: new Map(), landing: new Map() },
    unstackable: new Map(),
    judged: [],
    laneLandings: [],
    passed: null,
    left: new Set(),
    conflicts: null,
    busy: new Set(),
    now: at,
    ...scene.world,
  }
  return { world, policy, reach: scene.reach ?? { start: true } }
}

/** The actions in short: `do`, and the phase that a write leads to. */
export function inShort(actions: readonly Action[]): readonly string[] {
  return actions.map((action) => {
    if (action.do !== 'write' && action.do !== 'claim') return `${action.do} ${action.id}`
    const { phase, outcome, run } = action.next
    const note = outcome ?? (run.stuck !== null ? 'stuck' : (run.wants ?? ''))
    return `${action.do} ${action.id} ${phase} ${note}`.trimEnd()
  })
}

export function only(actions: readonly Action[]): Action {
  const [first] = actions
  if (first === undefined || actions.length !== 1)
    throw new Error(`one action expected: ${inShort(actions).join(', ')}`)
  return first
}
