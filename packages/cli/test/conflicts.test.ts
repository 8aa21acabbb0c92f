import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConflictReport } from '@orch/core'
import { describe, expect, it, vi } from 'vitest'
import { conflictsText } from '../src/print/conflicts.ts'
import { bare, type Look } from '../src/print/look.ts'
import { prepared } from './prepared.ts'
import { running } from './real/running.ts'
import { freshFolder } from './rig.ts'

/** Writes its line into a file that both change, and stays at work until it may end. */
const program = `
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
const { ORCH_TASK: task } = process.env
writeFileSync('shared.txt', ['first', 'by ' + task, 'last', ''].join('\\n'))
writeFileSync(join(import.meta.dirname, task), '')
while (!existsSync(join(import.meta.dirname, 'end'))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
`

const report = (more: Partial<ConflictReport> = {}): ConflictReport => ({
  target: 'main',
  compared: ['124', '125', '126'],
  unseen: [],
  planned: 0,
  conflicts: [
    {
      when: 'live',
      task: '126',
      with: '124',
      files: [
        {
          path: 'src/auth/token.ts',
          kind: 'content',
          lines: [{ ours: { from: 3, count: 1 }, theirs: { from: 10, count: 4 } }],
        },
        { path: 'src/old.ts', kind: 'modify-delete', lines: [] },
      ],
    },
    { when: 'landing', task: '125', with: null, files: [{ path: 'go.sum', kind: 'both-added', lines: [] }] },
  ],
  ...more,
})

describe('orch conflicts', () => {
  it('shows two agents at work that change the same lines, which are not committed', {
    timeout: 60_000,
  }, async () => {
    const folder = freshFolder({ 'agent.mjs': program })
    const tasks =
      '- { id: one, title: First }\n- { id: two, title: Second }\n- { id: three, title: T, writes: [one.txt], hold: true }\n- { id: four, title: F, writes: ["*.txt"], hold: true }\n'
    const { root, call } = await prepared({ agent: [process.execPath, join(folder, 'agent.mjs')], tasks, by: 'human' })
    expect((await call('conflicts')).stdout).toContain('four and three may write the same files: for example one.txt')
    const run = running({ root, environment: {} })
    const areThere = () => ['one', 'two'].every((name) => existsSync(join(folder, name)))
    await vi.waitUntil(areThere, { timeout: 30_000, interval: 20 })
    const { exit, stdout } = await call('conflicts')
    expect(exit).toBe(0)
    expect(stdout).toContain(
      '2 changes under way, compared with each other and with main:\n\n       one\n  one\n  two    ≠\n',
    )
    expect(stdout).toContain('≠ two with one, which goes first\n    shared.txt  both added it: line 2\n')
    const { conflicts } = JSON.parse((await call('conflicts', '--json')).stdout) as ConflictReport
    expect(conflicts[0]).toEqual({
      when: 'live',
      task: 'two',
      with: 'one',
      files: [
        {
          path: 'shared.txt',
          kind: 'both-added',
          lines: [{ ours: { from: 2, count: 1 }, theirs: { from: 2, count: 1 } }],
        },
      ],
    })
    // The run sees it by itself, and says so.
    await run.says(/two: would not merge with one: shared\.txt:2/)
    writeFileSync(join(folder, 'end'), '')
    expect(await run.over).toBe(3)
  })

  it('says what is where, each with those before it', () => {
    expect(conflictsText(report(), bare).split('\n')).toEqual([
      '3 changes under way, compared with each other and with main:',
      '',
      '       main  124  125',
      '  124     ·',
      '  125     ≠    ·',
      '  126     ·    ≠    ·',
      '',
      '≠ 126 with 124, which goes first',
      '    src/auth/token.ts  both changed it: lines 10–13',
      '    src/old.ts  one changed it, the other took it away',
      '≠ 125 with main, where it is to land',
      '    go.sum  both added it',
    ])
  })

  it('says that all is well', () => {
    const clean = conflictsText(report({ conflicts: [], unseen: ['127'] }), bare)
    expect(clean).toBe(
      '3 changes under way, compared with each other and with main: all would merge.\nIt could not be seen what 127 has changed.',
    )
    const nothing = conflictsText(report({ conflicts: [], compared: [] }), bare)
    expect(nothing).toBe('No change is under way, and no tasks write the same files.')
  })

  it('stays within a terminal and lets no file name reach it but as text', () => {
    const narrow: Look = { ...bare, width: 40 }
    const path = `src/\u001b[31m${'x'.repeat(100)}\n.ts`
    const compared = Array.from({ length: 40 }, (_, index) => `task-${index}`)
    const conflicts = compared.slice(1).map((task) => ({
      when: 'live' as const,
      task,
      with: 'task-0',
      files: [{ path, kind: 'content' as const, lines: [] }],
    }))
    const lines = conflictsText(report({ compared, conflicts }), narrow).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40)
    expect(lines.join('')).not.toContain('\u001b')
    expect(lines.filter((line) => line.startsWith('≠'))).toHaveLength(39)
  })
})
