import { type RunState, untouched } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { type Issue, issueList } from '../src/issue/issue.ts'
import { flatFields, holderOf, stateDocument, statusOfRecord } from '../src/issue/record.ts'
import { type View, viewOf } from '../src/queue/view.ts'
import { recorded } from './recorded.ts'

const seat = 'demo-orchestrator'
type Given = Partial<Issue> & { readonly id: string }

/** Issues as `bd list` would tell them. `needs`: other issue → type of the dependency. */
function view(given: readonly (Given & { readonly needs?: Readonly<Record<string, string>> })[], epic?: string): View {
  const issues = given.map(({ needs = {}, ...each }, index) => ({
    title: each.id,
    status: 'open',
    priority: 2,
    issue_type: 'task',
    created_at: `2026-01-01T00:00:${String(index).padStart(2, '0')}Z`,
    dependencies: Object.entries(needs).map(([id, type]) => ({ issue_id: each.id, depends_on_id: id, type })),
    ...each,
  }))
  return viewOf(new Map(issueList.parse(issues).map((issue) => [issue.id, issue])), { seat, epic, deleted: [] })
}
const taskIn = (of: View, id: string) => of.tasks.find((task) => task.id === id)
const needs = (of: View, id: string) => taskIn(of, id)?.dependsOn

const start = untouched('2026-01-01T00:00:00.000Z')
const working: RunState = { ...start, phase: 'working', run: { ...start.run, attempt: 2, turn: 1, owner: 'orch-7f' } }
const held = (state: RunState, more: Partial<Issue> = {}): Given => ({
  id: 'a',
  status: 'in_progress',
  assignee: holderOf('a', state),
  metadata: { orch: stateDocument(state, 'v1', []) },
  ...more,
})
const askedOf = (given: Given) => view([given]).requests.map(({ request }) => request)

describe('recorded issues', () => {
  const issues = new Map(issueList.parse(JSON.parse(recorded('list-all.json')).data).map((issue) => [issue.id, issue]))
  const of = viewOf(issues, { seat, epic: undefined, deleted: [] })

  it('become tasks with title, text, labels and epic', () => {
    expect(taskIn(of, 'demo-a3f.1')).toMatchObject({
      title: expect.stringContaining('Add table'),
      body: 'first line\nsecond line\n',
      state: 'done',
      layer: 'api',
      role: 'backend',
      priority: 1,
      epic: 'demo-a3f',
    })
  })

  it('wait for what blocks them, and not for what they are only related to', () => {
    expect([needs(of, 'demo-a3f.2'), needs(of, 'demo-a3f.3')]).toEqual([['demo-a3f.1'], ['demo-a3f.1']])
  })

  it('with metadata that is no record of ours are left to people, and say so', () => {
    const task = taskIn(of, 'demo-a3f.1')
    expect([task?.kind, task?.title]).toEqual([
      'manual',
      'Add table (orch leaves it to you: metadata.orch is no record of ours)',
    ])
    expect(of.records).toEqual([])
  })

  it('that a person works on are not started', () => {
    expect(taskIn(of, 'demo-a3f.2')?.hold).toBe(true)
    expect(taskIn(of, 'demo-a3f.3')?.hold).toBe(false)
  })
})

describe('dependencies', () => {
  it('blocks: until closed; pinned is done, anything else is not', () => {
    const of = view([
      { id: 'a', needs: { closed: 'blocks', pinned: 'blocks', deferred: 'blocks' } },
      { id: 'closed', status: 'closed' },
      { id: 'pinned', status: 'pinned' },
      { id: 'deferred', status: 'deferred' },
    ])
    expect(needs(of, 'a')).toEqual(['closed', 'deferred'])
    expect(taskIn(of, 'closed')?.state).toBe('done')
  })

  it('conditional-blocks: until closed in any way', () => {
    const cancelled = { id: 'b', status: 'closed', metadata: { closed_as: 'cancelled' } }
    expect(needs(view([{ id: 'a', needs: { b: 'conditional-blocks' } }, cancelled]), 'a')).toEqual([])
    expect(needs(view([{ id: 'a', needs: { b: 'conditional-blocks' } }, { id: 'b' }]), 'a')).toEqual(['b'])
  })

  it('waits-for: until all children are closed; without children at once', () => {
    const of = view([
      { id: 'a', needs: { e: 'waits-for', f: 'waits-for' } },
      { id: 'e', issue_type: 'epic' },
      { id: 'f', issue_type: 'epic' },
      { id: 'e1', needs: { e: 'parent-child' } },
      { id: 'e2', needs: { e: 'parent-child' }, status: 'closed' },
    ])
    expect(needs(of, 'a')).toEqual(['e1'])
  })

  it('a blocked parent holds what is below it, to any depth; one at work does not', () => {
    const of = view([
      { id: 'e', issue_type: 'epic', status: 'in_progress', needs: { x: 'blocks' } },
      { id: 'f', issue_type: 'epic', needs: { e: 'parent-child' } },
      { id: 'leaf', needs: { f: 'parent-child' } },
      { id: 'x' },
    ])
    expect(needs(of, 'leaf')).toEqual(['x'])
  })

  it('an epic that somebody waits for is a task of a person, and waits for its children', () => {
    const of = view([
      { id: 'a', needs: { e: 'blocks' } },
      { id: 'e', issue_type: 'epic' },
      { id: 'e1', needs: { e: 'parent-child' } },
      { id: 'other', issue_type: 'epic' },
    ])
    expect(taskIn(of, 'e')).toMatchObject({ kind: 'manual', dependsOn: ['e1'] })
    expect(taskIn(of, 'other')).toBe(undefined)
  })

  it('a task with children waits for them, because bd closes none before them', () => {
    expect(needs(view([{ id: 'a' }, { id: 'a.1', needs: { a: 'parent-child' } }]), 'a')).toEqual(['a.1'])
  })

  it('related and the like hold nobody; what bd does not show holds until a person lets go', () => {
    const of = view([
      { id: 'a', needs: { b: 'related', c: 'discovered-from' } },
      { id: 'b' },
      { id: 'c' },
      { id: 'd', needs: { gate: 'blocks' } },
    ])
    expect([needs(of, 'a'), taskIn(of, 'd')?.hold]).toEqual([[], true])
  })
})

describe('epics', () => {
  const tree = [
    { id: 'e', issue_type: 'epic' },
    { id: 'f', issue_type: 'epic', needs: { e: 'parent-child' } },
    { id: 'deep', needs: { f: 'parent-child' } },
    { id: 'e.7' },
  ]

  it('go by parent links and never by the dots, to any depth', () => {
    expect(['deep', 'e.7'].map((id) => taskIn(view(tree, 'e'), id)?.epic)).toEqual(['e', undefined])
    expect(taskIn(view(tree, 'f'), 'deep')?.epic).toBe('f')
    expect(taskIn(view(tree), 'deep')?.epic).toBe('e')
  })

  it('that do not exist are said', () => {
    expect(() => view(tree, 'nope')).toThrow('there is no issue nope')
  })
})

describe('metadata', () => {
  it('gives a task its scope and limits; labels do for the short ones', () => {
    const metadata = { writes: ['src/**'], reads: ['docs/**'], group: 'g', minutes: 5, layer: 'web' }
    const task = taskIn(view([{ id: 'a', metadata, labels: ['layer:api', 'role:qa', 'feature:'] }]), 'a')
    expect(task).toMatchObject({
      writes: ['src/**'],
      reads: ['docs/**'],
      group: 'g',
      minutes: 5,
      layer: 'web',
      role: 'qa',
    })
    expect(task?.feature).toBe(undefined)
  })

  it.each([
    ['no object', [1, 2], 'its metadata is no object'],
    ['of a newer version', { orch: { v: 2 } }, 'its record was written by a newer version of orch'],
    ['not ours', { orch: { v: 1, phase: 'working' } }, 'metadata.orch is no record of ours'],
    ['misspelt', { writes: 'src/**' }, 'metadata.writes cannot be read'],
  ])('that is %s leaves the issue to a person', (_what, metadata, why) => {
    const of = view([{ id: 'a', metadata }])
    expect(taskIn(of, 'a')).toMatchObject({ kind: 'manual', title: `a (orch leaves it to you: ${why})` })
    expect(of.records).toEqual([])
    expect(of.all.get('a')?.read.problem).toBe(why)
  })

  it('answers people who ask bd where a task stands', () => {
    const directory = '/home/ann/demo.worktrees/a'
    const branch = { workspace: 'a', directory, name: 'orch/a', base: '0', head: null, left: [], before: null }
    const review = {
      head: '1',
      round: 1,
      url: 'https://example.com/x/pull/42',
      approved: false,
      candidate: null,
      landed: null,
      waits: null,
    }
    const flat = { phase: 'working', branch: 'orch/a', worktree: directory, agent_pid: 4711, pr_number: 42 }
    const state: RunState = { ...working, run: { ...working.run, pid: 4711 }, branch, review }
    expect(flatFields(state)).toEqual(flat)
    // Its number may be another's by then.
    expect(flatFields({ ...state, run: { ...state.run, wants: 'turn' } }).agent_pid).toBe(null)
    expect(flatFields({ ...state, phase: 'committed' })).toEqual({ ...flat, phase: 'committed', agent_pid: null })
    expect(flatFields({ ...state, phase: 'closed' })).toMatchObject({ worktree: null, agent_pid: null })
    const stuck = { reason: 'which', options: [], context: '', by: 'agent', report: 1 } as const
    expect(statusOfRecord({ ...working, run: { ...working.run, stuck } })).toBe('blocked')
    expect(statusOfRecord(working)).toBe('in_progress')
  })
})

describe('what people do with bd', () => {
  it('nothing: nothing is asked', () => {
    expect(askedOf(held(working))).toEqual([])
  })

  it('closing it closes the task, as done; our own closing knows cancelled', () => {
    expect(taskIn(view([held(working, { status: 'closed', close_reason: 'not needed' })]), 'a')?.state).toBe('done')
    const metadata = { closed_as: 'cancelled' }
    expect(taskIn(view([{ id: 'a', status: 'closed', metadata }]), 'a')?.state).toBe('cancelled')
    expect(taskIn(view([{ id: 'a', status: 'closed', metadata, close_reason: 'Closed' }]), 'a')?.state).toBe('done')
  })

  it('reopening asks for another attempt', () => {
    const closed: RunState = { ...working, phase: 'closed', outcome: 'done', run: { ...working.run, owner: null } }
    expect(askedOf(held(closed, { status: 'open' }))).toEqual([{ do: 'retry', fresh: false }])
    expect(askedOf(held(closed, { status: 'closed' }))).toEqual([])
  })

  it('putting it back to open asks for another attempt', () => {
    expect(askedOf(held(working, { status: 'open' }))).toEqual([{ do: 'retry', fresh: false }])
  })

  it('giving it to somebody takes it from its agent, once; taking it back hands it back', () => {
    expect(askedOf(held(working, { assignee: 'bob' }))).toEqual([{ do: 'take' }])
    const theirs: RunState = { ...working, run: { ...working.run, taken: { kept: null } } }
    const metadata = { orch: stateDocument(theirs, 'v2', ['assigned bob']) }
    expect(askedOf(held(theirs, { assignee: 'bob', metadata }))).toEqual([])
    expect(askedOf(held(theirs, { assignee: '', metadata }))).toEqual([{ do: 'give' }])
  })
})
