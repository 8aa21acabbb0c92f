import type { OrchestratorEvents, Problem, ScopeReport, TaskReport } from '@orch/core'
import { describe, expect, it } from 'vitest'
import { leftoversText } from '../src/commands/prune.ts'
import { addedText } from '../src/commands/tasks.ts'
import { closing } from '../src/print/closing.ts'
import { failureText } from '../src/print/failure.ts'
import { bare, type Look } from '../src/print/look.ts'
import { showProgress } from '../src/print/progress.ts'
import { scopesText } from '../src/print/scopes.ts'
import { statusTable } from '../src/print/status.ts'
import { taskText } from '../src/print/task.ts'
import { displayWidth } from '../src/print/width.ts'
import { minutesAgo, noon, row, rows } from './rows.ts'

const terminal = (width: number): Look => ({ ...bare, width })

describe('orch status', () => {
  it('reads like the manual', () => {
    expect(statusTable(rows, bare, noon)).toBe(`Active (3)
  [*] 123  WORKING    45m  Add export button          3 files +42 −5
  [!] 124  STUCK      12m  Implement auth flow        token refresh: sliding expiration | fixed expiration
  [+] 125  COMPLETE    2m  Add dark mode              waits for landing: orch land 125
Waiting (2)
  126  waits for 124 (depends on it)
  127  waits for 123 (both write src/components/Button.tsx)`)
  })

  it('lists what is done, and is quiet about empty sections', () => {
    const done = [
      row('a', { title: 'Landed', status: 'merged', outcome: 'done', movedAt: minutesAgo(180) }),
      row('bb', { title: 'Nothing to do', status: 'merged', outcome: 'no-changes', movedAt: minutesAgo(1) }),
      row('c', { title: 'Given up', status: 'cancelled', outcome: 'cancelled', movedAt: minutesAgo(60 * 48) }),
    ]
    expect(statusTable(done, bare, noon)).toBe(`Done (3)
  a   MERGED      3h  Landed
  bb  MERGED      1m  Nothing to do (nothing had to change)
  c   CANCELLED   2d  Given up`)
  })

  it('stays within a narrow terminal and keeps the details', () => {
    const lines = statusTable(rows, terminal(80), noon).split('\n')
    expect(lines.every((line) => displayWidth(line) <= 80)).toBe(true)
    expect(lines[2]).toBe('  [!] 124  STUCK      12m  Implement auth…   token refresh: sliding expiration…')
    expect(lines[3]).toContain('waits for landing: orch land 125')
  })

  it('does not truncate for a pipe', () => {
    const title = 'A title that is longer than any terminal would like it to be, and then some'
    expect(statusTable([row('1', { title, status: 'working' })], bare, noon)).toContain(title)
  })

  it('aligns by what a terminal shows, not by characters', () => {
    const two = [
      row('1', { title: '日本語のボタン', status: 'working', filesChanged: 1, insertions: 1, deletions: 0 }),
      row('2', { title: 'Button 👩‍👩‍👧', status: 'working', filesChanged: 1, insertions: 1, deletions: 0 }),
    ]
    const columns = statusTable(two, bare, noon)
      .split('\n')
      .slice(1)
      .map((line) => displayWidth(line.slice(0, line.indexOf('1 file '))))
    expect(columns[0]).toBe(columns[1])
  })

  it('lets nothing from outside reach the terminal but text', () => {
    const hostile = '\u001b[2J\u001b]0;owned\u0007evil\n\u202Etxt\u009b31m'
    const table = statusTable(
      [row(hostile, { title: hostile, status: 'stuck', stuckReason: hostile, options: [hostile] })],
      bare,
      noon,
    )
    expect(table.split('\n')).toHaveLength(2)
    expect(table.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  })

  it('names files outside the scope, the first few', () => {
    const outside = ['a.txt', 'b\u001b[2J.txt', 'c', 'd', 'e', 'f', 'g']
    const two = [
      row('1', { status: 'working', filesChanged: 2, insertions: 3, deletions: 0, outside: ['a.txt'] }),
      row('2', { status: 'complete', waits: 'waits for landing: orch land 2', outside }),
    ]
    const [, first, second] = statusTable(two, bare, noon).split('\n')
    expect(first).toMatch(/2 files \+3 −0; outside its scope: a\.txt$/)
    expect(second).toMatch(/orch land 2; outside its scope: a\.txt, b\P{Cc}*\.txt, c, d, e and 2 more$/u)
  })

  it('says what to do when there are no tasks', () => {
    expect(statusTable([], bare, noon)).toBe('There are no tasks. Add some: orch add tasks.yaml')
  })
})

describe('how well scopes were declared', () => {
  const none = { tasks: [], unknown: [], lost: [], precision: null, recall: null, needed: 0, needless: [], missed: [] }
  const score = (id: string, outside: readonly string[]) => ({ id, precision: 1, recall: 0.5, outside, unused: [] })

  it('is told with what serialising cost', () => {
    const report: ScopeReport = {
      ...none,
      tasks: [score('123', []), score('124', ['src/x.ts', 'src/y.ts', 'a', 'b']), score('125', ['docs/a.md'])],
      unknown: ['130', '131'],
      lost: ['132'],
      precision: 5 / 6,
      recall: 0.964,
      needed: 2,
      needless: [['123', '125']],
      missed: [['124', '125']],
    }
    expect(scopesText(report, bare)).toBe(`Scopes of what has landed (6)
  precision   83 %  of the declared patterns, something in them was changed
  recall      96 %  of the changed files were declared
             124 declared no src/x.ts, src/y.ts, a, … and 1 more
             125 declared no docs/a.md
  cost       1 of 3 pairs kept apart for nothing: 123 + 125
  missed     1 pair not kept apart changes a common file: 124 + 125
  unknown    2 tasks declared no scope: 130, 131
  gone       git no longer has what 132 changed`)
  })

  it('is quiet where there is nothing to say', () => {
    expect(scopesText(null, bare)).toBe('')
    expect(scopesText({ ...none, unknown: ['a'] }, bare)).toBe(
      'Scopes of what has landed (1)\n  unknown    1 task declared no scope: a',
    )
    expect(scopesText({ ...none, tasks: [score('a', [])] }, bare)).toContain('precision     –  of the declared')
  })

  it('lets no file name reach the terminal but as text, within its width', () => {
    const hostile = '\u001b[2Jevil\n\u202Etxt\u0007'
    const some = Array.from({ length: 9 }, (_, index) => score(`${hostile}${index}`, [hostile, 'x'.repeat(300)]))
    const report = { ...none, tasks: some, unknown: [hostile], missed: [[hostile, hostile]] as const }
    const lines = scopesText(report, terminal(60)).split('\n')
    expect(lines).toHaveLength(9)
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(60)
  })
})

describe('orch show', () => {
  const report: TaskReport = {
    ...(rows[1] ?? row('124')),
    phase: 'working',
    attempt: 2,
    branch: 'orch/124',
    worktreePath: '/somewhere/example.worktrees/124',
    body: 'Use the token service.\n\nKeep the old endpoint.\n',
    kind: 'change',
    priority: 2,
    dependsOn: ['100'],
    writes: ['src/auth/**'],
    why: 'its agent asked for a decision',
    history: [
      { phase: 'spawned', at: '2026-01-01T09:00:00.000Z', by: 'orch-1', why: 'claimed for attempt 1' },
      { phase: 'working', at: '2026-01-01T11:48:00.000Z', by: 'orch-2', why: 'stuck: \u001b[2Jtoken refresh' },
    ],
    allGuidance: [
      { text: 'see the RFC', turn: '1.2' },
      { text: 'and hurry', turn: null },
    ],
    stuckContext: 'Both are in use today.',
    left: ['notes.txt'],
    landed: null,
    verdict: null,
    checklist: [
      { item: 'checks', is: 'not-yet', why: 'they run' },
      { item: 'protected-paths', is: 'yes', why: null },
    ],
    tail: ['running tests', '\u001b[31mred\u001b[0m'],
  }

  it('tells what its reviewer says, and nothing that a terminal obeys', () => {
    const findings = [
      { file: 'src/a\u001b[2J.ts', line: 3, text: 'off by one\nStuck' },
      { file: 'b.ts', text: 'unused' },
    ]
    const text = taskText({ ...report, verdict: { verdict: 'approve', summary: 'Fine\u0007', findings } }, bare, noon)
    expect(text).toContain(`What its reviewer says
  Fine
  src/a.ts:3: off by one
  Stuck
  b.ts: unused
`)
  })

  it('tells the facts, the question, the guidance and the last output', () => {
    expect(taskText(report, bare, noon)).toBe(`124  Implement auth flow

  status     stuck, for 12m
  why        its agent asked for a decision
  after      100
  writes     src/auth/**
  attempt    2
  phase      working
  branch     orch/124
  workspace  /somewhere/example.worktrees/124

What is to be done
  Use the token service.

  Keep the old endpoint.

Stuck
  token refresh: sliding expiration | fixed expiration
  Both are in use today.
  Go on with: orch guide 124 "…"

History
  3h ago   spawned     claimed for attempt 1
  12m ago  working     stuck: token refresh (orch-2)

Guidance
  turn 1.2: see the RFC
  not handed over yet: and hurry

Before it lands
  checks           not yet    they run
  protected paths  yes

Left out of the commit, kept
  notes.txt

Printed last
  running tests
  red`)
  })
})

describe('orch run', () => {
  function told<Name extends keyof OrchestratorEvents>(
    look: Look,
    ...events: [Name, Parameters<OrchestratorEvents[Name]>[0]][]
  ): string[] {
    const listeners = new Map<string, (event: never) => void>()
    const lines: string[] = []
    const source = { on: (name: string, listener: (event: never) => void) => listeners.set(name, listener) }
    showProgress(source as never, { write: (line) => lines.push(line), elapsed: () => 72_500, look })
    for (const [name, event] of events) listeners.get(name)?.(event as never)
    return lines
  }

  it('tells what happens in short lines on a terminal', () => {
    const lines = told(
      terminal(80),
      ['task-started', { task: '123', attempt: 2, turn: 1 }],
      ['task-failed', { task: '123', attempt: 2, why: 'exit 1' }],
      ['task-landed', { task: '125', commit: '0123456789abcdef', by: 'other' }],
      ['task-closed', { task: '125', outcome: 'done' }],
      ['problem', { task: null, message: 'the queue did not answer' }],
    )
    expect(lines).toEqual([
      '  1:12  ▶ 123  agent started (attempt 2, turn 1)',
      '  1:12  ✗ 123  attempt 2 failed: exit 1; trying again',
      '  1:12  ✓ 125  landed as 0123456789, by somebody else',
      '  1:12  ! the queue did not answer',
    ])
  })

  it('tells it in plain lines otherwise', () => {
    const stuck = {
      reason: 'token\u001b[2J refresh',
      options: ['a', 'b'],
      context: '',
      by: 'agent' as const,
      report: 1,
    }
    expect(
      told(bare, ['task-stuck', { task: '124', stuck }], ['problem', { task: null, message: 'no answer' }]),
    ).toEqual(['[72s] 124: needs a decision: token refresh: a | b', '[72s] no answer'])
  })

  it('ends with what to type next', () => {
    const after = (outcome: 'done' | 'failures' | 'waits' | 'interrupted') => closing({ outcome, tasks: rows }, bare)
    expect(after('failures')).toBe('1 task needs a decision. Next:\n  orch guide 124 "…"\n  orch land 125')
    const failed = row('x y', { status: 'stuck', options: ['retry', 'retry --fresh', 'cancel'] })
    expect(closing({ outcome: 'failures', tasks: [failed] }, bare)).toBe(
      "1 task needs a decision. Next:\n  orch retry 'x y'",
    )
    expect(after('waits')).toContain('Nothing more can move without you. Next:')
    const kept = [
      row('t', { waitsFor: 'taken' }),
      row('p', { waitsFor: 'paused' }),
      row('q', { waitsFor: 'run-paused' }),
      row('r', { waitsFor: 'run-paused' }),
    ]
    expect(closing({ outcome: 'waits', tasks: kept }, bare)).toBe(
      'Nothing more can move without you. Next:\n  orch give t\n  orch resume p\n  orch resume',
    )
    const done = [row('1', { status: 'merged' }), row('2', { status: 'cancelled' })]
    expect(closing({ outcome: 'done', tasks: done }, bare)).toBe('Done: 1 task finished, 1 cancelled.')
  })
})

describe('other answers', () => {
  it('names what was added', () => {
    expect(addedText({ added: ['a', 'b'], unchanged: ['c'] })).toBe(
      'Added 2 tasks: a, b\nThere already: c\nSee the plan with orch plan, start with orch run.',
    )
  })

  it('lists leftovers', () => {
    const leftovers = [
      { what: 'pin', name: 'refs/orch/kept/124/1', oid: '0123456789abcdef' },
      { what: 'moved-aside', name: '/somewhere/x', oid: null },
    ] as const
    expect(leftoversText(leftovers, false)).toBe(`Left over (2):
  pin          refs/orch/kept/124/1  0123456789
  moved-aside  /somewhere/x
Drop them for good: orch prune --yes`)
    expect(leftoversText([], true)).toBe('Nothing is left over.')
  })

  it('tells every problem of an error on its own line', () => {
    const problems: Problem[] = [
      { code: 'unknown-dependency', task: 'a', field: 'dependsOn', message: 'names "b", which does not exist' },
      { code: 'syntax', message: 'tasks.yaml:1:2: wrong\n- x\n ^' },
    ]
    const failure = { code: 'invalid-tasks', message: 'tasks.yaml has 2 problems', problems, exit: 2 } as const
    expect(failureText(failure, bare, false)).toBe(`orch: tasks.yaml has 2 problems
  a: dependsOn: names "b", which does not exist
  tasks.yaml:1:2: wrong
    - x
     ^`)
  })

  it('shows a stack only to who looks for a bug', () => {
    const failure = {
      code: 'bug',
      message: 'oops',
      problems: [],
      exit: 1,
      stack: 'Error: oops\n  at somewhere',
    } as const
    const report = 'This is a bug in orch. Please report it with what ORCH_DEBUG=1 shows.'
    expect(failureText(failure, bare, false)).toBe(`orch: oops\n${report}`)
    expect(failureText(failure, bare, true)).toContain('at somewhere')
  })
})
