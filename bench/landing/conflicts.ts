import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gitVcs } from '@orch/adapter-local'
import { type Figure, median, medianRatio } from '../figure.ts'
import { type Branches, branches } from './branches.ts'
import { recorded } from './recorded.ts'

const rounds = 3
const { signal } = new AbortController()

type Pair = readonly [string, string]

/** How long it takes to know which branches would not merge, and how often that is what their landing meets. */
export async function conflictFigures(): Promise<readonly Figure[]> {
  using made = branches(101)
  const figures: Figure[] = []
  const times = { ours: [] as number[], git: [] as number[], one: [] as number[], oneByGit: [] as number[] }
  const forty = pairsOf([made.base, ...made.heads.slice(0, 40)])
  for (let round = 1; round <= rounds; round++) {
    times.git.push(timed(() => eachInItsProcess(made, forty)))
    const vcs = await opened(made)
    times.ours.push(await timedAsync(() => vcs.predict({ pairs: forty, signal })))
    const fresh = made.heads[100] ?? ''
    const beside = [made.base, ...made.heads.slice(0, 39)].map((head): Pair => [head, fresh])
    times.oneByGit.push(timed(() => eachInItsProcess(made, beside)))
    times.one.push(await timedAsync(() => vcs.predict({ pairs: beside, signal })))
    console.error(
      `conflicts, round ${round} of ${rounds}: git in ${forty.length} processes ${times.git.at(-1)?.toFixed(0)} ms, ours ${times.ours.at(-1)?.toFixed(0)} ms, one of 40 ${times.one.at(-1)?.toFixed(0)} ms`,
    )
  }
  const add = (figure: string, value: number, unit: Figure['unit'], goal: number | null = null): void => {
    figures.push({ bench: 'landing', figure, value, unit, goal })
  }
  add('matrix-10', await coldMatrix(made, 10), 'ms')
  add('matrix-40', median(times.ours), 'ms', 2000)
  add('matrix-40-vs-git-processes', medianRatio(times.ours, times.git), 'ratio', 1)
  add('matrix-40-quiet-git-processes', await quietProcesses(made, forty), 'count', 0)
  add('one-of-40', median(times.one), 'ms', 100)
  add('one-of-40-vs-git-processes', medianRatio(times.one, times.oneByGit), 'ratio', 1)
  add('pairs-5050', await coldMatrix(made, 100), 'ms')
  const { precision, recall } = await besideLanding()
  add('live-precision', precision, '%', 100)
  add('live-recall', recall, '%', 100)
  return figures
}

async function opened({ root }: Pick<Branches, 'root'>) {
  const vcs = gitVcs({ repository: root, target: 'main' })
  await vcs.observe({ landed: [], signal })
  const { predict } = vcs
  if (predict === undefined) throw new Error('the repository does not predict')
  return { ...vcs, predict }
}

/** Every branch with every other and with the target. */
async function coldMatrix(made: Branches, count: number): Promise<number> {
  const times: number[] = []
  const pairs = pairsOf([made.base, ...made.heads.slice(0, count)])
  for (let round = 0; round < rounds; round++) {
    const vcs = await opened(made)
    times.push(await timedAsync(() => vcs.predict({ pairs, signal })))
  }
  return median(times)
}

/** With git alone: one process for each pair. */
function eachInItsProcess({ root }: Branches, pairs: readonly Pair[]): void {
  for (const [one, other] of pairs) {
    const { status } = spawnSync('git', ['merge-tree', '--write-tree', '--name-only', one, other], { cwd: root })
    if (status !== 0 && status !== 1) throw new Error(`git merge-tree ended with ${status}`)
  }
}

async function quietProcesses(made: Branches, pairs: readonly Pair[]): Promise<number> {
  const vcs = await opened(made)
  await vcs.predict({ pairs, signal })
  const traces = join(made.root, '..', 'traces')
  mkdirSync(traces)
  process.env.GIT_TRACE2_EVENT = traces
  for (let pass = 0; pass < 20; pass++) {
    await vcs.observe({ landed: [], signal })
    await vcs.predict({ pairs, signal })
  }
  delete process.env.GIT_TRACE2_EVENT
  return readdirSync(traces).length
}

/** What was predicted of recorded branches at some moment, against what the second of each pair meets when the first has landed and both are as they were. */
async function besideLanding(): Promise<{ readonly precision: number; readonly recall: number }> {
  using history = recorded()
  const vcs = await opened(history)
  const { moments } = history
  const predicted = await vcs.predict({ pairs: moments.map(({ ours, theirs }): Pair => [ours, theirs]), signal })
  const landing = { method: 'squash', message: 'Land it', signal } as const
  const count = { both: 0, predicted: 0, met: 0 }
  for (const [index, { base, ours, theirs }] of moments.entries()) {
    const first = await vcs.buildCandidate({ ...landing, base, head: ours, from: base })
    // At that moment it had taken back what it had changed.
    if (!first.ok) continue
    const second = await vcs.buildCandidate({ ...landing, base: first.value.commit, head: theirs, from: base })
    const isMet = !second.ok && second.reason === 'conflict'
    const isPredicted = (predicted[index] ?? []).length > 0
    count.met += Number(isMet)
    count.predicted += Number(isPredicted)
    count.both += Number(isMet && isPredicted)
  }
  console.error(
    `conflicts: ${count.predicted} of ${moments.length} recorded pairs predicted, ${count.met} met on landing`,
  )
  return { precision: (100 * count.both) / count.predicted, recall: (100 * count.both) / count.met }
}

function pairsOf(heads: readonly string[]): readonly Pair[] {
  return heads.flatMap((one, at) => heads.slice(at + 1).map((other): Pair => [one, other]))
}

function timed(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

async function timedAsync(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
