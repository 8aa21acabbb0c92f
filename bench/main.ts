import { parseArgs } from 'node:util'
import type { Figure } from './figure.ts'
import { table } from './table.ts'

/** Each module's `bench` measures and resolves to figures; what it has to say meanwhile goes to stderr. */
const benches: Readonly<Record<string, () => Promise<{ bench(): Promise<readonly Figure[]> }>>> = {
  beads: () => import('./beads/bench.ts'),
  landing: () => import('./landing/bench.ts'),
  plan: () => import('./plan/bench.ts'),
  resilience: () => import('./resilience/bench.ts'),
  run: () => import('./run/bench.ts'),
  start: () => import('./start/bench.ts'),
}

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [name = '', ...more] = positionals
const load = benches[name]
if (load === undefined || more.length > 0) {
  console.error(`usage: pnpm bench ${Object.keys(benches).join(' | ')} [--json]`)
  process.exit(2)
}
const figures = await (await load()).bench()
console.log(values.json ? JSON.stringify(figures, null, 2) : table(figures))
