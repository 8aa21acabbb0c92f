import { describe, expect, it } from 'vitest'
import { readEpic } from '../../src/import/epic-document.ts'

/** What tasks 1 to `count` wait for when a document with no dependencies in its table has this graph, and what was not understood. */
function read(graph: string, { count = 4, fence = '```', needs = {} }: Options = {}) {
  const rows = Array.from({ length: count }, (_, n) => `| ${n + 1} | Do ${n + 1} | ${needs[n + 1] ?? ''} |`)
  const table = ['# Epic: X', '', '| # | Task | Dependencies |', '|---|---|---|', ...rows, ''].join('\n')
  const epic = readEpic(
    'EPIC.md',
    `${table}\n## Task Dependency Graph\n\n${fence}\n${graph}\n\`\`\`\n\n## Risks\n\n1 --> 4\n`,
  )
  const waits = epic?.tasks.flatMap(({ number, dependsOn }) =>
    dependsOn.length === 0 ? [] : `${number}: ${dependsOn}`,
  )
  return { waits, said: epic?.notUnderstood.map(({ line, why }) => `${line}: ${why}`) }
}
interface Options {
  readonly count?: number
  readonly fence?: string
  readonly needs?: Readonly<Record<number, string>>
}
const understood = (...waits: readonly string[]) => ({ waits, said: [] })

describe('a graph that is drawn with lines', () => {
  it('forks, joins and goes on', () => {
    const graph = `
001_first_thing
         │
         ├──────────────────┬──────────────────┐
         ▼                  ▼                  ▼
002_core_of_it         003_worker         004_merger_agent
         │                  │                  │
         └──────────────────┴──────────────────┘
                            │
                            ▼
                   005_all_together
                            │
                            ▼
                   006_the_last_one`
    expect(read(graph, { count: 6 })).toEqual(understood('2: 1', '3: 1', '4: 1', '5: 2,3,4', '6: 5'))
  })

  it('has boxes round its tasks, beside each other and below', () => {
    const graph = `
┌─────────┐     ┌─────────┐
│ 1 Table │────▶│    2    │
└────┬────┘     │ Screen  │
     │          └─────────┘
     ▼
┌─────────┐
│    3    │
└─────────┘`
    expect(read(graph)).toEqual(understood('2: 1', '3: 1'))
  })

  it('may have a frame round all of it', () => {
    const graph = `
┌──────────────────────┐
│  1 ──▶ 2    3 ◀── 4  │
└──────────────────────┘`
    expect(read(graph)).toEqual(understood('2: 1', '3: 4'))
  })

  it('may be of plain characters', () => {
    const graph = `
   1
   |
   +-----+
   v     v
   2     3 --> 4`
    expect(read(graph)).toEqual(understood('2: 1', '3: 1', '4: 3'))
  })

  it('leads down and to the right where it has no arrows', () => {
    expect(read('1\n├── 2\n│\n└── 3 ── 4')).toEqual(understood('2: 1', '3: 1', '4: 3'))
  })

  it('may be a little crooked', () => {
    expect(read(' 1\n │\n │\n ▼\n  2')).toEqual(understood('2: 1'))
  })

  it('tells of a line that leads nowhere, with its place', () => {
    expect(read('1\n│\n▼\n9_unknown\n│\n▼\n2')).toEqual({
      waits: [],
      said: [
        '14: the line at 1 leads to no task of the table: it was left out',
        '17: the line at 2 leads from no task of the table: it was left out',
      ],
    })
  })

  it('does not turn round what the table says', () => {
    expect(read('1\n│\n▼\n2', { needs: { 1: '2' } })).toEqual({
      waits: ['1: 2'],
      said: ['14: 2 would wait for 1, which waits for 2: what was said first counts'],
    })
  })
})

describe('a graph of arrows', () => {
  const fence = '```mermaid'

  it('names its tasks once with a text, and by their letters after that', () => {
    const graph = 'graph TD\n  A["001 Add table"] --> B[002 Add screen]\n  A --> C(003)\n  B & C -->|both| D{{004}};'
    expect(read(graph, { fence })).toEqual(understood('2: 1', '3: 1', '4: 2,3'))
  })

  it.each(['1 ==> 2', '1 -.-> 2', '1 -- then --> 2', '1 → 2', '1-->2', '1_a --> 2_b', '**1** -> `2`'])(
    '%s',
    (graph) => {
      expect(read(graph)).toEqual(understood('2: 1'))
    },
  )

  it('tells of a name that is no task', () => {
    expect(read('1 --> X --> 2')).toEqual({
      waits: [],
      said: ['13: `1 --> X --> 2` names a task that is not in the table'],
    })
  })
})
