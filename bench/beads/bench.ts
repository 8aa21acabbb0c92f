import { build } from '../built.ts'
import type { Figure } from '../figure.ts'

/** What Beads as the queue costs, beside one bare `bd list` and beside SQLite. */
export async function bench(): Promise<readonly Figure[]> {
  build()
  // They load what is built, which in a fresh clone is there only now.
  const { passesOver } = await import('./passes.ts')
  const { callsPerTask, runOverSqlite } = await import('./runs.ts')
  const figure = (name: string, value: number, unit: Figure['unit'], goal: number | null): Figure => ({
    bench: 'beads',
    figure: name,
    value,
    unit,
    goal,
  })
  const small = await passesOver(100)
  const middle = await passesOver(1000)
  console.error('making 10,000 issues takes some minutes')
  const large = await passesOver(10_000)
  return [
    figure('pass-100', small.seconds, 's', null),
    figure('pass-1000', middle.seconds, 's', null),
    figure('pass-10000', large.seconds, 's', null),
    figure('pass-vs-list-100', small.overList, 'ratio', null),
    figure('pass-vs-list-1000', middle.overList, 'ratio', 1.1),
    figure('pass-vs-list-10000', large.overList, 'ratio', null),
    figure('calls-per-quiet-pass', middle.quietCalls, 'count', 0),
    figure('calls-per-changed-pass', middle.changedCalls, 'count', 1),
    figure('calls-per-task', await callsPerTask(10), 'count', 8),
    figure('run-20-tasks-vs-sqlite', await runOverSqlite(20), 'ratio', null),
  ]
}
