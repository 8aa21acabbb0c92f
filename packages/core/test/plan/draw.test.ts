import { expect, test } from 'vitest'
import { columns, cut } from '../../src/plan/columns.ts'
import { drawPlan } from '../../src/plan/draw.ts'
import { explain, sayWait } from '../../src/plan/explain.ts'
import { planTasks } from '../../src/plan/plan-tasks.ts'
import { task } from '../../src/testing/task.ts'

const tasks = [
  task('button', { title: 'Add a button', writes: ['src/Button.tsx'], minutes: 30 }),
  task('label', { writes: ['src/*.tsx'], minutes: 10 }),
  task('docs', { writes: ['docs/**'], dependsOn: ['button'], minutes: 5 }),
]

test('a plan is drawn with bars, waits, order and advice', () => {
  expect(drawPlan(planTasks(tasks, { maxAgents: 2 }), { width: 80 })).toMatchInlineSnapshot(`
    "3 tasks, 40 min with 2 agents; at least 40 min by src/Button.tsx, which many
      need

                          0 min       10          20         30
    Batch A: nothing else starts beside it
    * button Add a button ███████████████████████████████████                   0–30

    Batch B: no two of them may write the same file
      docs                                                   ██████            30–35
        waits for button (depends on it)
    * label                                                  ████████████      30–40
        waits for button (both write src/Button.tsx)

    * critical path: button → label
    Merge order: button → docs → label
    Recommendation: one agent (3 files or folders are declared: one agent does it
      faster than several that wait for each other)"
  `)
})

test('no line is wider than the terminal, whatever the titles are', () => {
  const titles = [
    'x'.repeat(500),
    '日本語'.repeat(50),
    '🚀'.repeat(100),
    'a b '.repeat(100),
    `e${'\u0301'.repeat(300)}`,
  ]
  const hostile = titles.map((title, index) =>
    task(`task-${index}`, { title, writes: [`${index}/${'y'.repeat(200)}`] }),
  )
  for (const width of [40, 80, 133]) {
    const lines = drawPlan(planTasks(hostile), { width }).split('\n')
    expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(width)
  }
})

test('control characters do not reach the terminal', () => {
  const title = '\u001b[31mred\u001b[0m\r\nnext\u202eline\u0007'
  const drawn = drawPlan(planTasks([task('a', { title }), task('b', { writes: ['b\u001b[2J'] })]), { width: 80 })
  expect(drawn).toContain('a red nextline')
  expect(drawn.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u)
})

test('an id is shown as it is, by the columns that a terminal gives it', () => {
  const ids = ['👩‍👩‍👧 family', '👍🏽', 'مرحبا', 'e\u0301clair', '日本', 'plain']
  const lines = drawPlan(
    planTasks(
      ids.map((id) => task(id, { writes: [id] })),
      { maxAgents: 9 },
    ),
    { width: 80 },
  ).split('\n')
  for (const id of ids) expect(lines.join('\n')).toContain(` ${id} `)
  const bars = lines.filter((line) => line.includes('█')).map((line) => columns(line.slice(0, line.indexOf('█'))))
  expect(bars).toHaveLength(ids.length)
  expect(new Set(bars).size).toBe(1)
  expect(columns('👩‍👩‍👧 family')).toBe(9)
  expect([cut('👩‍👩‍👧👍🏽👍🏽', 5), cut('👩‍👩‍👧👍🏽', 4), cut('ab cd', 4), cut('日本', 3)]).toEqual([
    '👩‍👩‍👧👍🏽…',
    '👩‍👩‍👧👍🏽',
    'ab…',
    '日…',
  ])
})

test('arrows stay with what they lead to, however long the ids are', () => {
  const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(90))
  const plan = planTasks(ids.map((id, at) => task(id, { writes: [id], dependsOn: ids.slice(0, at) })))
  const lines = drawPlan(plan, { width: 60 }).split('\n')
  const chain = lines.slice(lines.findIndex((line) => line.startsWith('* critical path:')))
  expect(chain.slice(0, 4)).toEqual([
    '* critical path:',
    `  ${'a'.repeat(53)}…`,
    `  → ${'b'.repeat(53)}…`,
    `  → ${'c'.repeat(53)}…`,
  ])
})

test('that nobody knows what many write is said once', () => {
  const some = Array.from({ length: 15 }, (_, index) => task(`t${index + 10}`))
  const warnings = (most?: number) => {
    const drawn = drawPlan(planTasks(some), { width: 200, ...(most !== undefined && { most, hint: 'more' }) })
    return drawn.split('\n').filter((line) => /^Warning| more$/.test(line))
  }
  const begin =
    'Warning: 15 tasks do not say what they write and may run beside others that write the same files: t10, t11'
  expect(warnings()).toEqual([expect.stringMatching(new RegExp(`^${begin}.* t24$`))])
  expect(warnings(5).join()).toContain('t21, … and 3 more')
})

test('colour adds nothing but colour', () => {
  const plan = planTasks(tasks, { maxAgents: 2 })
  const painted = drawPlan(plan, { width: 80, color: true })
  expect(painted).toContain('\u001b[')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
  const plain = painted.replace(/\u001b\[\d+m/g, '')
  expect(plain.replace(/ +$/gm, '')).toBe(drawPlan(plan, { width: 80 }))
})

test('the time stands above the bars, where each minute begins', () => {
  const hour = planTasks([task('a', { minutes: 60, writes: ['a'] }), task('b', { minutes: 60, dependsOn: ['a'] })])
  const [, , axis = '', , first = '', , , second = ''] = drawPlan(hour, { width: 80 }).split('\n')
  expect(axis.indexOf('0 min')).toBe(first.indexOf('█'))
  expect(axis.indexOf('60')).toBe(second.indexOf('█'))
  expect(drawPlan(planTasks([task('a', { kind: 'sync' })]), { width: 80 })).not.toMatch(/^ +0 min/m)
})

test.each([40, 80, 200])('a long plan can be cut short at %d columns, and says what is missing', (width) => {
  const many = planTasks(
    Array.from({ length: 300 }, (_, index) =>
      task(`t${index}`, { writes: [`${index}`], dependsOn: index < 3 ? [] : [`t${index - 3}`] }),
    ),
  )
  const cut = drawPlan(many, { width, most: 20, hint: '--all shows them' })
  expect(cut).toContain('\n… and 280 more, --all shows them\n')
  expect(cut).toMatch(/critical path: .*… and \d+\s+more/s)
  expect(cut.split('\n').filter((line) => line.includes('█'))).toHaveLength(20)
  expect(cut.split('\n').length).toBeLessThan(80)
  expect(Math.max(...cut.split('\n').map(columns))).toBeLessThanOrEqual(width)
  const whole = drawPlan(many, { width })
  expect(whole.split('\n').filter((line) => line.includes('█'))).toHaveLength(300)
  expect(whole.match(/^ +0 min/gm)).toHaveLength(2)
})

test('nothing to plan is said', () => {
  expect(drawPlan(planTasks([]), { width: 80 })).toBe('Nothing to plan: no task is open')
})

test('a wait is told in one sentence', () => {
  const plan = planTasks(tasks, { maxAgents: 2 })
  expect(explain(plan, 'button')).toBe('button starts at once')
  expect(explain(plan, 'label')).toBe('label waits for button: both may write src/Button.tsx')
  expect(explain(plan, 'docs')).toBe('docs waits for button: depends on it')
  expect(explain(plan, 'nobody')).toBe('nobody is not part of the plan')
})

test.each([
  [{ for: 'dependency', task: '124' }, 'waits for 124 (depends on it)'],
  [
    { for: 'overlap', task: '123', path: 'src/components/Button.tsx' },
    'waits for 123 (both write src/components/Button.tsx)',
  ],
  [{ for: 'overlap', task: '123', path: null }, 'waits for 123 (they may write the same files)'],
  [{ for: 'agents', limit: 3, task: '123' }, 'waits for 123 (only 3 agents may run)'],
  [{ for: 'agents', limit: 1, task: null }, 'waits for an agent (only 1 agent may run)'],
  [{ for: 'hold' }, 'waits for a person (it is on hold)'],
  [{ for: 'person' }, 'waits for a person (a person does it)'],
  [{ for: 'pattern', pattern: 'style', task: '1' }, 'waits for 1 (follows its pattern style)'],
  [{ for: 'group', task: '1' }, 'waits for 1 (the same group, one after the other)'],
  [{ for: 'stack', task: '1' }, 'waits for 1 (is stacked on it)'],
  [{ for: 'lost', task: '1' }, 'waits for 1 (it was cancelled or does not exist)'],
] as const)('%j is said as %s', (wait, sentence) => {
  expect(sayWait(wait)).toBe(sentence)
})
