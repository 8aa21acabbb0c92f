import { parseArgs } from 'node:util'
import { shrinkSeed, shrunkText, type Tally } from '../packages/core/src/testing/index.ts'
import { type Found, findMutations } from '../packages/core/test/simulate/found.ts'
import { playInProcesses } from '../packages/core/test/simulate/in-processes.ts'

/** Plays seeds of the simulator and shows what they reached. `mutations`: also looks how soon a loop that does something wrong is found. */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    first: { type: 'string', default: '0' },
    processes: { type: 'string', default: '2' },
    mutations: { type: 'boolean', default: true },
    json: { type: 'boolean', default: false },
  },
  allowNegative: true,
})
const [runs, first, processes] = [values.runs, values.first, values.processes].map(Number)
if (![runs, first, processes].every(Number.isSafeInteger) || !runs || !processes) {
  console.error('usage: pnpm simulate [--runs N] [--first SEED] [--processes N] [--no-mutations] [--json]')
  process.exit(2)
}

const started = performance.now()
const tally = await playInProcesses({ runs, first: first ?? 0, processes })
const seconds = (performance.now() - started) / 1000
const found = values.mutations ? await findMutations(processes) : []
const reached = Object.values(tally.rows).filter((count) => count > 0).length
const rows = Object.keys(tally.rows).length
const missed = found.filter(({ seed }) => seed === null)
if (values.json) console.log(JSON.stringify(report(), null, 2))
else console.log(text())

for (const { seed } of tally.violations.slice(0, 1)) {
  const shrunk = await shrinkSeed(seed)
  if (shrunk !== null) console.error(`\n${shrunkText(shrunk)}`)
}
if (tally.violations.length > 0 || reached < rows || missed.length > 0) process.exitCode = 1

function report() {
  return {
    runs: tally.runs,
    steps: tally.steps,
    faults: sum(tally.faults),
    violations: tally.violations.length,
    rowsReached: reached,
    rows,
    mutations: { tried: found.length, found: found.length - missed.length },
    seconds: Math.round(seconds),
    broken: tally.violations,
    reached: { rows: tally.rows, actions: tally.actions, faults: tally.faults },
    foundAt: Object.fromEntries(found.map(({ mutation, seed }) => [mutation.name, seed])),
  }
}

function text(): string {
  return [
    `${tally.runs} runs, ${tally.steps} steps, ${sum(tally.faults)} faults in ${seconds.toFixed(0)} s: ${tally.violations.length} violations`,
    ...tally.violations.map(({ seed, invariant, what }) => `  seed ${seed}, invariant ${invariant}: ${what}`),
    ...counted(`Rows of the recovery table, ${reached} of ${rows} reached`, tally.rows),
    ...counted('Actions', tally.actions),
    ...counted('Faults, and what agents and people do', tally.faults),
    ...(found.length === 0 ? [] : mutationLines(found)),
  ].join('\n')
}

function counted(title: string, counts: Tally['rows']): readonly string[] {
  const rest = Object.entries(counts).sort(([, a], [, b]) => b - a)
  return ['', `${title}:`, ...rest.map(([name, count]) => `${String(count).padStart(9)}  ${name}`)]
}

function mutationLines(all: readonly Found[]): readonly string[] {
  const said = all.map(({ mutation, seed }) => `${String(seed ?? 'never').padStart(9)}  ${mutation.name}`)
  return ['', 'A loop that does this wrong is found at seed:', ...said]
}

function sum(counts: Tally['rows']): number {
  return Object.values(counts).reduce((all, count) => all + count, 0)
}
