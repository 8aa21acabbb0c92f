import { build } from '../built.ts'
import type { Figure } from '../figure.ts'

/** What recovery costs while nothing goes wrong, and how soon it sees that something has. */
export async function bench(): Promise<readonly Figure[]> {
  build()
  const { memoryBesideClosed } = await import('./closed.ts')
  const { passesToNotice } = await import('./dead-agent.ts')
  const { quietPass } = await import('./quiet-pass.ts')
  const { simulatedStepsPerSecond } = await import('./simulated.ts')
  const { cpuPerTransition } = await import('./transitions.ts')
  const figure = (name: string, value: number, unit: Figure['unit'], goal: number | null): Figure => ({
    bench: 'resilience',
    figure: name,
    value,
    unit,
    goal,
  })
  const quiet = await quietPass(1000, 10)
  return [
    figure('quiet-pass-1000', quiet.ms, 'ms', 50),
    figure('quiet-pass-git-processes', quiet.processes, 'count', 0),
    figure('cpu-per-transition', await cpuPerTransition(), 'µs', 100),
    figure('rss-100k-closed', await memoryBesideClosed(), 'MB', 300),
    figure('simulated-steps-per-second', await simulatedStepsPerSecond(), '/s', null),
    figure('passes-to-notice-dead', await passesToNotice(), 'count', 2),
  ]
}
