import { describe, expect, it } from 'vitest'
import { readEpic } from '../../src/import/epic-document.ts'

const head = '# Epic: Export\n\n## Goal\n\nCSV for all.\n\n## Tasks\n\n'
const table = (...rows: readonly string[]) =>
  `${head}| # | Task | Description | Dependencies | Status |\n|---|---|---|---|---|\n${rows.join('\n')}\n`
const read = (text: string) => readEpic('EPIC.md', text)

describe('an epic in Markdown', () => {
  it('has a title, a goal, and tasks with what they wait for', () => {
    const epic = read(
      table(
        '| 001 | Add table | rows | None | |',
        '| 002 | **Add screen** | | 001 | |',
        '| 010 | All | | 001, Task 2 | |',
      ),
    )
    expect(epic).toMatchObject({ title: 'Export', goal: 'CSV for all.', notUnderstood: [] })
    expect(epic?.tasks.map(({ number, title, dependsOn }) => [number, title, dependsOn])).toEqual([
      ['001', 'Add table', []],
      ['002', 'Add screen', ['001']],
      ['010', 'All', ['001', '002']],
    ])
  })

  it.each([
    ['1–3', ['1', '2', '3']],
    ['1 and 3', ['1', '3']],
    ['#2', ['2']],
    ['002', ['2']],
    ['—', []],
  ])('reads dependencies as people write them: %s', (written, numbers) => {
    const rows = ['1', '2', '3'].map((each) => `| ${each} | T${each} | | | |`)
    const epic = read(table(...rows, `| 4 | Last | | ${written} | |`))
    expect([epic?.tasks.at(-1)?.dependsOn, epic?.notUnderstood]).toEqual([numbers, []])
  })

  it.each(['T', 'TASK-'])('takes numbers that begin with letters: %s', (prefix) => {
    const graph = `## Graph\n\n${prefix}1 --> ${prefix}2 --> ${prefix}3\n`
    const rows = [`| ${prefix}1 | A | | | |`, `| ${prefix}2 | B | | ${prefix}1 | |`, `| ${prefix}3 | C | | | |`]
    const epic = read(`${table(...rows)}\n${graph}`)
    expect([epic?.tasks.map(({ dependsOn }) => dependsOn), epic?.notUnderstood]).toEqual([[[], ['1'], ['2']], []])
  })

  it('knows what is over: by a column, struck out, or ticked off', () => {
    const epic = read(
      table(
        '| 1 | A | | | Done |',
        '| 2 | ~~B~~ | | | |',
        '| 3 | [x] C | | | |',
        '| 4 | D | | | cancelled |',
        '| 5 | [ ] E | | | todo |',
      ),
    )
    expect(epic?.tasks.map(({ title, state }) => `${title} ${state}`)).toEqual([
      'A done',
      'B done',
      'C done',
      'D cancelled',
      'E open',
    ])
  })

  it('has a graph that may say more, when it is one of arrows', () => {
    const rows = ['1', '2', '3'].map((each) => `| ${each} | T${each} | | | |`)
    const graph = '## Task Dependency Graph\n\n```mermaid\ngraph TD\n1_a --> 2_b --> 3_c\n```\n'
    expect(read(`${table(...rows)}\n${graph}`)?.tasks.map(({ dependsOn }) => dependsOn)).toEqual([[], ['1'], ['2']])
  })

  it('tells what it does not understand, with the line', () => {
    const epic = read(
      table('| 1 | A | | soon | |', '| 2 | B | |', '| x | C | | | |', '| 1 | D | | | |', '| 3 | E | | 9 | |'),
    )
    expect(epic?.notUnderstood.map(({ line, why }) => `${line}: ${why}`)).toEqual([
      '11: `soon` of task 1: `soon` names no task',
      '12: the row has 3 cells, and the table 5 columns',
      '13: `x` is no number of a task',
      '14: 1 stands in the table twice; the first counts',
      '15: task 3 depends on 9, which is not in the table',
    ])
    expect(epic?.tasks.map(({ title }) => title)).toEqual(['A', 'E'])
  })

  it('is no epic without a table of tasks, also where one stands in a block of code', () => {
    expect(read('# Notes\n\n| Risk | Impact |\n|---|---|\n| a | b |\n')).toBe(null)
    expect(read(`# X\n\n\`\`\`\n${table('| 1 | A | | | |')}\`\`\`\n`)).toBe(null)
  })
})
