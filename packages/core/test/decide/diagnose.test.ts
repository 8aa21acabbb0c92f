import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/decide/diagnose.ts'
import type { Examined } from '../../src/decide/examined.ts'
import { groupWorkspace } from '../../src/decide/in-flight.ts'
import * as moves from '../../src/decide/moves.ts'
import type { VcsInspection } from '../../src/model/inspection.ts'
import type { RunState } from '../../src/model/run-state.ts'
import { type NewTask, type Task, taskOf } from '../../src/model/task.ts'
import type { Turn } from '../../src/model/turn.ts'
import { alive, commit, ended, head, me, states, vanished } from './world-rig.ts'

const sound: VcsInspection = {
  missing: [],
  branches: new Map([['orch/t', head]]),
  kept: new Map(),
  folders: new Map(),
  locks: [],
  torn: [],
  checkouts: new Map([['main', ['/r']]]),
  blind: [],
  leavings: [],
  landing: null,
}

interface Scene {
  readonly tasks?: readonly (NewTask & { readonly state?: Task['state'] })[]
  readonly states?: Readonly<Record<string, RunState>>
  readonly live?: readonly string[]
  /** Names of workspaces; `name torn` for one that is not whole. Default that of `t`. */
  readonly workspaces?: readonly string[]
  readonly inspection?: Partial<VcsInspection> | null
  readonly turns?: Readonly<Record<string, Turn>>
  readonly more?: Partial<Examined>
}

function examined(scene: Scene): Examined {
  const tasks = (scene.tasks ?? [{ id: 't', title: 'T' }]).map((task) => taskOf(task))
  const records = Object.entries(scene.states ?? { t: states.working }).map(([id, state]) => ({
    id,
    version: '1',
    state,
  }))
  const workspaces = (scene.workspaces ?? ['t']).map((text) => {
    const [name = '', torn] = text.split(' ')
    return {
      name,
      directory: `/w/${name}`,
      branch: `orch/${name}`,
      state: torn ? ('torn' as const) : ('ready' as const),
    }
  })
  return {
    queue: {
      tasks: new Map(tasks.map((task) => [task.id, task])),
      records: new Map(records.map((record) => [record.id, record])),
      complete: true,
      liveOwners: new Set(scene.live ?? []),
    },
    vcs: {
      workspaces: new Map(workspaces.map((one) => [one.name, one])),
      inspection: scene.inspection === null ? null : { ...sound, ...scene.inspection },
    },
    processes: new Map(Object.entries(scene.turns ?? {})),
    branchPrefix: 'orch/',
    outages: [],
    ...scene.more,
  }
}

/** `code subject needs`, with `+` behind it where there is a fix. */
function found(scene: Scene): readonly string[] {
  return diagnose(examined(scene)).map(
    ({ code, subject, needs, fix, mend }) => `${code} ${subject} ${needs}${mend === null || fix === null ? '' : '+'}`,
  )
}

const closed: RunState = {
  ...states.landed,
  phase: 'closed',
  outcome: 'done',
  run: { ...states.landed.run, owner: null },
}
const free = (state: RunState): RunState => ({ ...state, run: { ...state.run, owner: null } })
const working = free(states.working)
const gone = { t: closed }
const stuckAt = (state: RunState): RunState => moves.askPerson(state, me, 'which?', [])
const none = { branches: new Map() }

const cases: readonly (readonly [string, Scene, readonly string[]])[] = [
  ['nothing, where all agree', { states: { t: working }, turns: { 'turn-t.1.1': alive } }, []],
  ['nothing, before anything was begun', { states: {}, workspaces: [], inspection: none }, []],
  ['a record whose owner is dead', {}, ['dead-owner me run']],
  ['nothing of one that waits for a person', { states: { t: stuckAt(states.working) } }, []],
  ['nothing of one that nobody has let land', { states: { t: states.inReview } }, []],
  ['nothing of a living one', { live: ['me'], workspaces: [], inspection: none }, []],
  ['a workspace that is gone', { states: { t: working }, workspaces: [] }, ['no-workspace t run']],
  ['nothing, where it was just claimed', { states: { t: free(states.spawned) }, workspaces: [], inspection: none }, []],
  ['a torn one', { states: { t: working }, workspaces: ['t torn'] }, ['torn-workspace /w/t run']],
  ['a branch that is gone', { states: { t: working }, inspection: none }, ['no-branch orch/t run']],
  [
    'a sealed commit that is gone',
    { states: { t: free(states.inReview) }, inspection: { missing: [head] } },
    [`lost-commit ${head} person`],
  ],
  [
    'a candidate that is gone',
    { states: { t: free(states.withCandidate) }, inspection: { missing: [commit] } },
    [`lost-candidate ${commit} run`],
  ],
  ['nothing, when it has landed', { states: { t: free(states.landed) }, inspection: { missing: [commit, head] } }, []],
  ['a task that its source lost', { tasks: [], states: { t: working } }, ['lost-task t person']],
  [
    'a turn that nobody can tell of',
    { states: { t: working }, turns: { 'turn-t.1.1': { is: 'unknown', why: 'gone' } } },
    ['unreadable-turn turn-t.1.1 run'],
  ],
  [
    'a process of an attempt that is over',
    { states: { t: { ...working, run: { ...working.run, attempt: 3 } } }, turns: { 'turn-t.2.7': alive } },
    ['orphan-process turn-t.2.7 fix+'],
  ],
  [
    'and what such a one left behind',
    {
      states: gone,
      workspaces: [],
      inspection: none,
      turns: { 'turn-t.1.1': { ...vanished, survivors: true } as Turn },
    },
    ['orphan-process turn-t.1.1 fix+'],
  ],
  [
    'which is left alone where its task has a living owner',
    {
      states: { t: { ...states.working, run: { ...states.working.run, attempt: 2 } } },
      live: ['me'],
      turns: { 'turn-t.1.1': alive },
    },
    ['orphan-process turn-t.1.1 nobody'],
  ],
  [
    'checks of a closed task that go on',
    { states: gone, workspaces: [], inspection: none, turns: { 'check-t.abc.def.1': alive } },
    ['orphan-process check-t.abc.def.1 fix+'],
  ],
  [
    'a process that the record does not know yet',
    { states: {}, workspaces: [], inspection: none, turns: { 'turn-t.1.1': alive } },
    ['unrecorded-turn turn-t.1.1 run'],
  ],
  [
    'processes of tasks that nobody knows',
    { states: { t: working }, turns: { 'turn-x.1.1': alive, 'turn-y.1.1': ended(0), strange: alive } },
    ['orphan-process turn-x.1.1 fix+', 'unknown-turn turn-y.1.1 nobody'],
  ],
  ['the workspace of a closed task', { states: gone }, ['leftover-workspace /w/t fix+']],
  ['its branch alone', { states: gone, workspaces: [] }, ['leftover-branch orch/t fix+']],
  [
    'of one that was closed elsewhere',
    { tasks: [{ id: 't', title: 'T', state: 'done' }], states: {} },
    ['leftover-workspace /w/t fix+'],
  ],
  [
    'one of a task that was opened again, which is not put away',
    { states: { t: { ...working, phase: 'open', branch: null } } },
    ['unclaimed /w/t run'],
  ],
  ['the workspace of a task without a record', { states: {} }, ['unclaimed /w/t run']],
  [
    'a workspace and a branch of nobody',
    {
      states: { t: working },
      workspaces: ['t', 'x'],
      inspection: {
        branches: new Map([
          ['orch/t', head],
          ['orch/y', head],
        ]),
      },
    },
    ['unknown /w/x person', 'unknown orch/y person'],
  ],
  [
    'no branch of the user',
    {
      states: { t: working },
      inspection: {
        branches: new Map([
          ['orch/t', head],
          ['main', head],
        ]),
      },
    },
    [],
  ],
  [
    'folders that git does not know',
    {
      states: { t: working },
      inspection: {
        folders: new Map([
          ['t', '/w/t'],
          ['x', '/w/x'],
        ]),
      },
    },
    ['torn-workspace /w/t run', 'unknown /w/x person'],
  ],
  [
    'pins of nobody',
    {
      states: { t: working },
      inspection: {
        kept: new Map([
          ['t', 1],
          ['x', 2],
        ]),
      },
    },
    ['unknown-kept x nobody'],
  ],
  [
    'locks, ours and git’s',
    {
      states: { t: working },
      inspection: {
        locks: [
          { path: '/a', isOurs: true },
          { path: '/b', isOurs: false },
        ],
      },
    },
    ['left-lock /a run+', 'left-lock /b fix+'],
  ],
  [
    'what the repository says of itself',
    {
      states: { t: working },
      inspection: {
        torn: ['/e'],
        checkouts: new Map([['main', ['/r', '/s']]]),
        blind: ['/s'],
        leavings: ['/m'],
        landing: commit,
      },
    },
    [
      'foreign-worktree /e person',
      'target-twice /r, /s nobody',
      'blind-checkout /s nobody',
      'leavings /m run+',
      `unfinished-landing ${commit} run+`,
    ],
  ],
  [
    'ports that do not answer, and nothing that hangs on them',
    {
      more: {
        queue: null,
        processes: null,
        outages: [
          { port: 'queue', message: 'is newer', retryable: false },
          { port: 'runner', message: 'later', retryable: true },
        ],
      },
    },
    ['no-answer queue person', 'no-answer runner run'],
  ],
  [
    'nothing by absence from a queue that could not be read whole',
    {
      workspaces: ['x'],
      turns: { 'turn-x.1.1': alive },
      more: {
        queue: { tasks: new Map(), records: new Map(), complete: false, liveOwners: new Set() },
      },
    },
    [],
  ],
]

describe('a diagnosis finds', () => {
  it.each(cases)('%s', (_name, scene, expected) => {
    expect(found(scene)).toEqual(expected)
  })

  it('in a group nothing, until all of its tasks are closed', () => {
    const workspace = groupWorkspace('g')
    const codes = (state: Task['state']) =>
      found({
        tasks: [
          { id: 't', title: 'T', group: 'g', state: 'done' },
          { id: 'u', title: 'U', group: 'g', state },
        ],
        states: {},
        workspaces: [workspace],
        inspection: none,
      })
    expect(codes('open')).toEqual([])
    expect(codes('done')).toEqual([`leftover-workspace /w/${workspace} fix+`])
  })

  it('says of each why it matters and what comes of it', () => {
    for (const [, scene] of cases)
      for (const one of diagnose(examined(scene))) {
        expect(one.why).toMatch(/\.$/)
        expect(one.run).not.toBe('')
        expect(one.what).not.toContain('undefined')
      }
  })
})
