import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Seen } from '../built.ts'
import { type Figure, median, medianRatio } from '../figure.ts'
import { orchRun, prepare } from './orch-run.ts'
import { type BenchRepository, benchRepository } from './repository.ts'

const tasks = 40
const manyTasks = 1000
const agents = 4
const rounds = 5

/** How `orch run` compares with the same work done by hand: see the two shell scripts beside this. */
export async function bench(): Promise<readonly Figure[]> {
  build()
  const short = await compare(0, ['bare', 'safe', 'orch'])
  const long = await compare(5, ['safe', 'orch'])
  const perTask = await processesPerTask()
  // It loads what is built, which in a fresh clone is there only now.
  const { quietPass } = await import('../resilience/quiet-pass.ts')
  const { processes: quiet } = await quietPass(1, 1)
  const many = await atScale()
  const figure = (name: string, value: number, unit: Figure['unit'], goal: number | null): Figure => ({
    bench: 'run',
    figure: name,
    value,
    unit,
    goal,
  })
  return [
    figure('run-vs-safe-git', medianRatio(short.times.orch, short.times.safe), 'ratio', 1.25),
    figure('run-vs-bare-git', medianRatio(short.times.orch, short.times.bare), 'ratio', null),
    figure('run-vs-safe-git-5s', medianRatio(long.times.orch, long.times.safe), 'ratio', 1.05),
    figure('run-per-task', median(short.times.orch) / tasks, 'ms', null),
    figure('safe-git-per-task', median(short.times.safe) / tasks, 'ms', null),
    figure('bare-git-per-task', median(short.times.bare) / tasks, 'ms', null),
    figure('git-processes-per-task', perTask, 'count', 18),
    figure('quiet-pass-git-processes', quiet, 'count', 0),
    figure('landed', Math.min(short.landed, long.landed), 'count', tasks),
    figure('landed-of-1000', many.landed, 'count', manyTasks),
    figure('run-1000-memory', many.memory / 1_000_000, 'MB', 200),
    figure('run-1000-open-files', many.openFiles, 'count', null),
    figure('run-1000-per-task', many.ms / manyTasks, 'ms', null),
  ]
}

type Contestant = 'bare' | 'safe' | 'orch'

interface Comparison {
  readonly times: Readonly<Record<Contestant, readonly number[]>>
  /** The fewest tasks that anybody landed in any round. */
  readonly landed: number
}

/** @param seconds how long an agent takes beside its work */
async function compare(seconds: number, contestants: readonly Contestant[]): Promise<Comparison> {
  const times: Record<Contestant, number[]> = { bare: [], safe: [], orch: [] }
  let landed = tasks
  for (let round = 1; round <= rounds; round++) {
    // Whoever comes first leaves the disk to the next one.
    const first = round % contestants.length
    for (const name of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      using repository = benchRepository()
      if (name === 'orch') await prepare(repository, { tasks, seconds })
      const started = performance.now()
      if (name === 'orch') await orchRun(repository)
      else script(name, repository, seconds)
      times[name].push(performance.now() - started)
      landed = Math.min(landed, repository.landed(tasks))
    }
    const last = contestants.map((name) => `${name} ${((times[name].at(-1) ?? 0) / 1000).toFixed(1)} s`)
    console.error(`agents of ${seconds} s, round ${round} of ${rounds}: ${last.join(', ')}`)
  }
  return { times, landed }
}

function script(name: 'bare' | 'safe', { root }: BenchRepository, seconds: number): void {
  const words = [join(import.meta.dirname, `${name}.sh`), root, String(tasks), String(agents), String(seconds)]
  const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name}.sh ended with ${status}:\n${stderr}`)
}

/** Every git process from the start of `orch run` to its end, its agents' and its children's included. */
async function processesPerTask(): Promise<number> {
  using repository = benchRepository()
  const traces = join(repository.root, '..', 'traces')
  mkdirSync(traces)
  const environment = { GIT_TRACE2_EVENT: traces }
  await prepare(repository, { tasks, environment })
  await orchRun(repository, environment)
  return readdirSync(traces).length / tasks
}

async function atScale(): Promise<Seen & { readonly landed: number; readonly ms: number }> {
  using repository = benchRepository()
  await prepare(repository, { tasks: manyTasks })
  const started = performance.now()
  const seen = await orchRun(repository)
  return { ...seen, ms: performance.now() - started, landed: repository.landed(manyTasks) }
}
