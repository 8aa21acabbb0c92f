import { json } from '@dagrejs/graphlib'
import { parse } from '@ts-graphviz/ast'
import { describe, expect, it } from 'vitest'
import { drawGraph } from '../../src/draw/draw-graph.ts'
import { pictureOf } from '../../src/draw/picture.ts'
import { columns } from '../../src/plan/columns.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { task } from '../../src/testing/task.ts'
import { hostileTasks } from './hostile.ts'

const tasks = [
  task('auth', { title: 'Refactor auth service', writes: ['src/auth/**'], minutes: 40 }),
  task('sso', { title: 'Add SSO support', writes: ['src/auth/**'], dependsOn: ['auth'], minutes: 30 }),
  task('button', { writes: ['src/Button.tsx'], minutes: 20 }),
  task('label', { writes: ['src/*.tsx'], minutes: 25, hold: true }),
  task('log', { kind: 'read', writes: [], reads: ['src/auth/**'], minutes: 10 }),
  task('gate', { kind: 'sync', dependsOn: ['sso', 'label'] }),
  task('release', { kind: 'manual', dependsOn: ['gate'], minutes: 5 }),
]
const plan = planTasks(tasks, { maxAgents: 3 })
const hostile = planTasks(hostileTasks, { maxAgents: 3 })

/** A chain that is deeper than any stack. */
function chainOf(length: number): Plan {
  const ids = Array.from({ length }, (_, index) => `t${index}`)
  return planTasks(
    ids.map((id, index) => task(id, { writes: [id], dependsOn: index === 0 ? [] : [`t${index - 1}`], minutes: 1 })),
  )
}

describe('the picture', () => {
  it('has one arrow between two tasks, and tells what it means', () => {
    const { boxes, arrows } = pictureOf(plan, tasks)
    const said = arrows.map(({ from, to, sort, critical }) =>
      [boxes[from]?.id, critical ? '=' : '-', sort, boxes[to]?.id].join(' '),
    )
    expect(said.sort()).toEqual([
      'auth = order sso',
      'gate = order release',
      'label - conflict button',
      'label - order gate',
      'sso = order gate',
    ])
    expect(boxes.find(({ id }) => id === 'label')).toMatchObject({ hold: true, kind: 'change', critical: false })
    expect(boxes.find(({ id }) => id === 'release')).toMatchObject({ kind: 'manual', critical: true })
  })

  it('shows a title that says nothing as none, and no part of an escape sequence', () => {
    const odd = planTasks([task('a', { title: ' \u200b' }), task('b', { title: '\u001b[31mred\u001b[0m \u009b2Jb' })])
    for (const format of ['text', 'mermaid', 'dot', 'svg'] as const) {
      const drawn = drawGraph(odd, { format })
      expect(drawn).toContain('red b')
      expect(drawn).not.toMatch(/31m|2J|<br\/> *<br\/>|\\n *\\n/)
    }
  })

  it('shows a wait for an agent only where it makes the plan as long as it is', () => {
    const seats = planTasks(
      ['a', 'b', 'c', 'd'].map((id) => task(id, { writes: [id], minutes: 10 })),
      { maxAgents: 2 },
    )
    const { arrows } = pictureOf(seats)
    expect(arrows).toMatchObject([{ sort: 'capacity', critical: true, about: '2 agents' }])
  })

  it('leaves waits for agents out of a drawing that they would cover', () => {
    const many = Array.from({ length: 120 }, (_, index) => task(`t${index}`, { writes: [`${index}`], minutes: 10 }))
    const crowded = planTasks(many, { maxAgents: 2 })
    expect(pictureOf(crowded).arrows.length).toBeGreaterThan(50)
    expect(drawGraph(crowded, { format: 'mermaid' })).not.toContain('-.->')
    expect(drawGraph(crowded, { format: 'dot' })).not.toContain('->')
    expect(drawGraph(crowded, { format: 'svg' })).toContain('<g class="arrows many">')
  })

  it('draws a wait that it has never heard of as one that has to be done before', () => {
    const [first, second] = plan.tasks
    const odd = { ...second, waits: [{ for: 'weather', task: first?.id }] } as unknown as Plan['tasks'][number]
    const strange = { ...plan, tasks: [...plan.tasks.slice(0, 1), odd] }
    expect(pictureOf(strange).arrows).toMatchObject([{ from: 0, to: 1, sort: 'order' }])
  })
})

describe('text', () => {
  it('is a tree of what decides when a task starts', () => {
    expect(drawGraph(plan, { format: 'text', tasks, width: 60 })).toMatchInlineSnapshot(`
      "7 tasks, 75 min with 3 agents

      * auth  Refactor auth service                           0–40
      * └── sso  Add SSO support                             40–70
      *     └── gate                                            70
                  sync point; after label
      *         └── release                                  70–75
                      a person does it
        label                                                 0–25
          on hold
        └╌╌ button                                           25–45
              both write src/Button.tsx
        log                                                   0–10
          reads only

      *   critical path
      ──  has to be done before
      ╌╌  may not run beside it"
    `)
  })

  it('goes on with a tree of its own where a branch grows too deep', () => {
    const drawn = drawGraph(chainOf(20_000), { format: 'text', width: 40 }).split('\n')
    expect(drawn.filter((line) => line.includes('goes on below')).length).toBeGreaterThan(1000)
    expect(drawn.filter((line) => /\bt19999\b/.test(line))).toHaveLength(1)
  })

  it.each([40, 80, 200])('is never wider than %d columns, and colour adds nothing but colour', (width) => {
    const drawn = drawGraph(hostile, { format: 'text', tasks: hostileTasks, width })
    expect(Math.max(...drawn.split('\n').map(columns))).toBeLessThanOrEqual(width)
    expect(drawn.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    const painted = drawGraph(hostile, { format: 'text', tasks: hostileTasks, width, color: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
    expect(painted.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(drawn)
  })

  it('says when there is nothing', () => {
    expect(drawGraph(planTasks([]), { format: 'text' })).toBe('Nothing to draw: no task is open')
  })
})

describe('json', () => {
  it('is read by graphlib, ids and all', () => {
    const graph = json.read<object, { id: string; title: string; critical: boolean }>(
      JSON.parse(drawGraph(hostile, { format: 'json', tasks: hostileTasks })),
    )
    expect(graph.nodes().map((name) => graph.node(name)?.id)).toEqual(hostile.tasks.map(({ id }) => id))
    expect(graph.node('t0').title).toBe(hostile.tasks[0]?.title)
    expect(graph.edgeCount()).toBe(pictureOf(hostile).arrows.length)
  })

  it('holds nothing that a terminal would obey', () => {
    const text = drawGraph(hostile, { format: 'json', tasks: hostileTasks })
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}<>]/u)
  })
})

describe('mermaid', () => {
  it('shows kinds by shape, conflicts dashed and the critical path thick', () => {
    const drawn = drawGraph(plan, { format: 'mermaid', tasks })
    expect(drawn).toContain('(["log<br/>0–10"]):::batch0')
    expect(drawn).toContain('{{"gate<br/>70"}}')
    expect(drawn).toContain('[["label<br/>')
    expect(drawn).toContain('[/"release<br/>70–75"/]')
    expect(drawn).toMatch(/t\d -\.->\|"src\/Button#46;tsx"\| t\d|t\d -\.->\|"src\/Button\.tsx"\| t\d/)
    expect(drawn).toMatch(/t\d ==> t\d/)
  })

  it('holds of a name only letters, digits and codes', () => {
    const lines = drawGraph(hostile, { format: 'mermaid', tasks: hostileTasks }).split('\n')
    const label = '"(?:[^\\u0000-\\u007f]|[A-Za-z0-9 ,./-]|#\\d+;|<br/>)*"'
    const box = new RegExp(
      `^ {2}t\\d+(\\(|\\(\\[|\\{\\{|\\[/|\\[\\[)${label}(\\)|\\]\\)|\\}\\}|/\\]|\\]\\]):::(batch\\d|never)$`,
      'u',
    )
    const arrow = new RegExp(`^ {2}t\\d+ (-->|==>|-\\.->)(\\|${label}\\|)? t\\d+$`, 'u')
    const rest =
      /^(flowchart LR| {2}(linkStyle [\d,]+ stroke-width:3px|classDef \w+ [\w:#,-]+|class [t\d,]+ critical))$/
    expect(lines.filter((line) => ![box, arrow, rest].some((known) => known.test(line)))).toEqual([])
    expect(lines.filter((line) => box.test(line))).toHaveLength(hostileTasks.length)
  })
})

describe('dot', () => {
  /** Statements as a parser of the language reads them. */
  function statements(text: string) {
    const [graph, ...more] = parse(text).children.filter((child) => child.type === 'Graph')
    expect(more).toEqual([])
    return graph?.children ?? []
  }

  it('is read back as the same graph', () => {
    const read = statements(drawGraph(plan, { format: 'dot', tasks }))
    expect(read.filter(({ type }) => type === 'Node')).toHaveLength(tasks.length)
    expect(read.filter(({ type }) => type === 'Edge')).toHaveLength(5)
  })

  it('takes no statement and no attribute from a name', () => {
    const text = drawGraph(hostile, { format: 'dot', tasks: hostileTasks })
    const read = statements(text)
    expect(new Set(read.map(({ type }) => type))).toEqual(new Set(['AttributeList', 'Node', 'Edge']))
    expect(read.filter(({ type }) => type === 'Node')).toHaveLength(hostileTasks.length)
    expect(read.filter(({ type }) => type === 'Edge')).toHaveLength(pictureOf(hostile).arrows.length)
    const names = read
      .flatMap((one) => ('children' in one ? one.children : []))
      .flatMap((child) => (child.type === 'Attribute' ? [child.key.value] : []))
    expect(names).not.toContain('URL')
    expect(text).not.toMatch(/(?<!\\)(\\\\)*\\[NGEHTLlr]/)
  })
})

describe('svg', () => {
  it('draws every task and arrow once', () => {
    const drawn = drawGraph(plan, { format: 'svg', tasks })
    expect(drawn.match(/<g class="task /g)).toHaveLength(tasks.length)
    expect(drawn.match(/<path class="arrow /g)).toHaveLength(5)
    expect(drawn.match(/<path class="arrow conflict"/g)).toHaveLength(1)
    expect(drawn.match(/class="hold"/g)).toHaveLength(1)
    expect(drawn).not.toMatch(/NaN|undefined/)
  })

  it('is XML whose tags and attributes are only ours', () => {
    const drawn = drawGraph(hostile, { format: 'svg', tasks: hostileTasks })
    const tags = new Set(drawn.match(/<\/?[a-z]+/g))
    const known = ['svg', 'style', 'rect', 'marker', 'path', 'g', 'title', 'text', 'polygon']
    expect([...tags].filter((tag) => !known.includes(tag.replace(/^<\/?/, '')))).toEqual([])
    // Without the tags no mark is left that XML reads.
    expect(
      drawn
        .replace(/<style>[^<]*<\/style>/, '')
        .replace(/<\/?[a-z]+(?: [a-zA-Z:-]+="[^"<>&`]*(?:&#\d+;[^"<>&`]*)*")*\/?>/g, ''),
    ).not.toMatch(/[<>"'`]|&(?!#\d+;)/)
    expect(drawn.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\ud800-\udfff]/u)
  })

  it('draws a chain that is deeper than any stack, and nothing', () => {
    expect(drawGraph(chainOf(5000), { format: 'svg' }).match(/<g class="task /g)).toHaveLength(5000)
    expect(drawGraph(planTasks([]), { format: 'svg' })).toContain('</svg>')
  })
})

describe('html', () => {
  const page = drawGraph(hostile, { format: 'html', tasks: hostileTasks })

  it('names nothing that lies elsewhere, and forbids it', () => {
    expect(page).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/)
    const [head] = page.split('<script type="application/json"')
    expect(head).not.toMatch(/\s(src|href|style|on\w+)="(?!data:,)/)
    expect(head).not.toMatch(/@import|url\((?!#head)/)
  })

  it('holds two scripts, and of the tasks only text and JSON', () => {
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page.match(/<\/script/g)).toHaveLength(2)
    const [, data = ''] = page.match(/<script type="application\/json" id="data">(.*)<\/script>/) ?? []
    expect(data).not.toMatch(/[<>&]/)
    expect(JSON.parse(data).tasks.map(({ title }: { title: string }) => title)).toEqual(
      hostile.tasks.map(({ title }) => title),
    )
    const markup = page.replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    const tags = new Set(markup.match(/<\/?[a-zA-Z]+[0-9]?/g)?.map((tag) => tag.replace(/^<\/?/, '')))
    expect([...tags].filter((tag) => ['img', 'script', 'iframe', 'a', 'object', 'form'].includes(tag))).toEqual([])
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  })

  it('has a button for each task in the chart of time', () => {
    expect(page.match(/<button type="button" class="row/g)).toHaveLength(hostileTasks.length)
  })
})
