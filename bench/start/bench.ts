import { build } from '../built.ts'
import { type Figure, median, medianRatio } from '../figure.ts'
import { commandTimes } from './command-times.ts'
import { importTimes } from './import-times.ts'
import { coreSizes } from './sizes.ts'

/** What everybody waits for who types `orch`, and what everybody loads who imports the library. */
export async function bench(): Promise<readonly Figure[]> {
  build()
  const times = await commandTimes()
  const imports = importTimes()
  const sizes = await coreSizes()
  const figure = (name: string, value: number, unit: Figure['unit'], goal: number | null = null): Figure => ({
    bench: 'start',
    figure: name,
    value,
    unit,
    goal,
  })
  return [
    figure('version-vs-node', medianRatio(times.version, times.node), 'ratio'),
    figure('status-vs-node', medianRatio(times.status, times.node), 'ratio', 4),
    figure('plan-20-vs-node', medianRatio(times.plan, times.node), 'ratio'),
    figure('tell-vs-node', medianRatio(times.tell, times.node), 'ratio'),
    figure('node-ms', median(times.node), 'ms'),
    figure('version-ms', median(times.version), 'ms'),
    figure('status-ms', median(times.status), 'ms'),
    figure('plan-20-ms', median(times.plan), 'ms'),
    figure('tell-ms', median(times.tell), 'ms'),
    figure('import-core', imports.core, 'ms'),
    figure('import-core-plan', imports.plan, 'ms'),
    figure('size-core', sizes.own, 'kB'),
    figure('size-core-with-dependencies', sizes.whole, 'kB'),
    figure('size-core-plan', sizes.plan, 'kB'),
  ]
}
