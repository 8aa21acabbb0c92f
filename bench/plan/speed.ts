import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { taskOf } from '@orch/core'
import { planTasks } from '@orch/core/plan'
import { type Figure, median } from '../figure.ts'
import { dependentTasks, scopes } from './generated.ts'

const policy = { maxAgents: 16 }

/** How long planning takes, after some plans to warm up. */
export function speed(): readonly Figure[] {
  const figure = (name: string, value: number, unit: Figure['unit'], goal: number | null): Figure => ({
    bench: 'plan',
    figure: name,
    value,
    unit,
    goal,
  })
  const tasks = dependentTasks(10_000)
  const moved = tasks.map((task, index) => (index === 5000 ? { ...task, minutes: 90 } : task))
  const turns = [tasks, moved]
  const writing = scopes(1000, 6).map((writes, index) => taskOf({ id: `task-${index}`, writes }))
  const one = (count: number) => {
    const few = dependentTasks(count)
    return medianTime(() => planTasks(few, policy))
  }
  const hundred = inOwnProcess()
  return [
    figure('plan-1k', one(1000), 'ms', null),
    figure(
      'plan-10k-50k',
      medianTime(() => planTasks(tasks, policy)),
      'ms',
      25,
    ),
    figure('plan-100k', hundred.ms, 'ms', 2000),
    figure('plan-100k-rss', hundred.megabytes, 'MB', 500),
    figure(
      'replan-one-moved-10k',
      medianTime((turn) => planTasks(turns[turn % 2] ?? tasks, policy)),
      'ms',
      null,
    ),
    figure('overlap-1000x6', overlapTime(writing), 'ms', 50),
  ]
}

/** All overlaps of tasks with scopes: what a plan of them takes more than one without. */
function overlapTime(writing: ReturnType<typeof dependentTasks>): number {
  const free = writing.map((task) => ({ ...task, writes: [] }))
  return medianTime(() => planTasks(writing, policy)) - medianTime(() => planTasks(free, policy))
}

/** Milliseconds, the middle one of 15 after 10 to warm up. */
function medianTime(work: (turn: number) => unknown): number {
  const times: number[] = []
  for (let turn = 0; turn < 25; turn++) {
    const begin = performance.now()
    work(turn)
    if (turn >= 10) times.push(performance.now() - begin)
  }
  return median(times)
}

/** Memory is only worth something in a process that did nothing else. */
function inOwnProcess(): { readonly ms: number; readonly megabytes: number } {
  const done = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(new URL('./hundred.ts', import.meta.url))],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  return JSON.parse(done.stdout)
}
