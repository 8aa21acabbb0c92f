import { planTasks } from '@orch/core/plan'
import { expectPlan, task } from '@orch/core/testing'
import { describe, expect, it } from 'vitest'

const plan = planTasks(
  [
    task('button', { writes: ['src/Button.tsx'], minutes: 30, priority: 1 }),
    task('label', { writes: ['src/*.tsx'], minutes: 10 }),
    task('docs', { writes: ['docs/**'], dependsOn: ['label'], minutes: 5 }),
    task('api', { writes: ['server/**'], minutes: 20 }),
    task('late', { writes: ['late.ts'], minutes: 5, priority: 3 }),
  ],
  { maxAgents: 2 },
)

const told = (expectation: () => unknown): string => {
  try {
    expectation()
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  throw new Error('nothing was thrown')
}
/** The sentence, without the picture. */
const sentence = (expectation: () => unknown) => told(expectation).split('\n')[0]

describe('a plan as expected', () => {
  it('is said in sentences', () => {
    expectPlan(plan)
      .runs('button')
      .atOnce()
      .and.beside('api', 'late')
      .and.before('label', 'docs')
      .and.notBeside('label', { because: 'both write src/Button.tsx' })
      .runs('docs')
      .after('label', { because: 'depends on it' })
      .and.notBeside('button')
      .runs('late')
      .after('api', { because: /only 2 agents/ })
    expectPlan(plan).takesAtMost(45).takesAtMost(60)
  })

  it('takes the reason as `explain` puts it, too, and from both sides', () => {
    const because = 'label waits for button: both may write src/Button.tsx'
    expectPlan(plan)
      .runs('label')
      .notBeside('button', { because })
      .and.after('button', { because: /both may write/ })
  })
})

describe('a plan that is not as expected', () => {
  it('is shown, with the tasks in question marked', () => {
    expect(told(() => expectPlan(plan).runs('button').beside('label'))).toBe(
      [
        'expected button to run beside label, but label waits for button: both may write src/Button.tsx',
        '',
        'the plan, in minutes:',
        '> button   0–30',
        '  api      0–20',
        '  late    20–25  waits for api (only 2 agents may run)',
        '> label   30–40  waits for button (both write src/Button.tsx)',
        '  docs    40–45  waits for label (depends on it)',
      ].join('\n'),
    )
  })

  it.each([
    [
      'expected late to run at once, but late waits for api: only 2 agents may run',
      () => expectPlan(plan).runs('late').atOnce(),
    ],
    [
      'expected docs to run beside label, but docs waits for label: depends on it',
      () => expectPlan(plan).runs('docs').beside('label'),
    ],
    [
      'expected button not to run beside api, but both run from minute 0 to 20',
      () => expectPlan(plan).runs('button').notBeside('api'),
    ],
    [
      'expected button not to run beside label because “both write src/Label.tsx”, but label waits for button: both may write src/Button.tsx',
      () => expectPlan(plan).runs('button').notBeside('label', { because: 'both write src/Label.tsx' }),
    ],
    [
      'expected docs not to run beside button because /depends/, but neither waits for the other one: docs waits for label: depends on it',
      () =>
        expectPlan(plan)
          .runs('docs')
          .notBeside('button', { because: /depends/ }),
    ],
    [
      'expected button to run before late, but late starts in minute 20 and button ends in minute 30',
      () => expectPlan(plan).runs('button').before('label', 'late'),
    ],
    [
      'expected label to run after docs, but label starts in minute 30 and docs ends in minute 45',
      () => expectPlan(plan).runs('label').after('docs'),
    ],
    [
      'expected docs to run after label because “both write”, but docs waits for label: depends on it',
      () => expectPlan(plan).runs('docs').after('label', { because: 'both write' }),
    ],
    [
      'expected the plan to take at most 40 minutes, but it takes 45: button → label → docs',
      () => expectPlan(plan).takesAtMost(40),
    ],
    ['buton is not part of the plan; did you mean button?', () => expectPlan(plan).runs('buton')],
    ['nothing is not part of the plan', () => expectPlan(plan).runs('button').beside('nothing')],
    [
      'expected something of api and another task, but it is compared with itself',
      () => expectPlan(plan).runs('api').notBeside('api'),
    ],
  ])('%s', (message, expectation) => {
    expect(sentence(expectation)).toBe(message)
  })

  it('has tasks that never start', () => {
    const lost = planTasks([
      task('a', { state: 'cancelled' }),
      task('b', { dependsOn: ['a'] }),
      task('c', { writes: [] }),
    ])
    expect(sentence(() => expectPlan(lost).runs('b').notBeside('c'))).toBe(
      'b never starts: b waits for a: it was cancelled or does not exist',
    )
    expect(told(() => expectPlan(lost).runs('c').before('b'))).toMatch(/^> b {2}never {2}waits for a/m)
  })

  it('is cut where it is long, and the error points to the test', () => {
    const large = planTasks(Array.from({ length: 500 }, (_, index) => task(`t${index}`, { writes: [`t${index}.ts`] })))
    const expectation = () => expectPlan(large).runs('t0').beside('t499')
    const lines = told(expectation).split('\n')
    expect(lines).toHaveLength(24)
    expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(2)
    expect(lines.at(-1)).toBe('  … and 480 more')
    expect(told(() => expectPlan(planTasks([])).runs('a'))).toContain('the plan has no tasks')
    try {
      expectation()
    } catch (error) {
      expect(String(error instanceof Error && error.stack)).toMatch(/\n\s+at [^\n]*expect-plan\.test\.ts/)
      expect(error instanceof Error && error.stack).not.toContain('src/testing/expect-plan.ts')
    }
  })
})
