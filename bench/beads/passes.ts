import { beadsQueue } from '@orch/adapter-beads'
import { command, createOrchestrator } from '@orch/core'
import { memoryRunner, memoryVcs } from '@orch/core/testing'
import { median, medianRatio } from '../figure.ts'
import { benchDatabase } from './database.ts'

const rounds = 5

export interface Passes {
  /** Seconds of a pass after somebody has changed something. */
  readonly seconds: number
  /** The same over one bare `bd list`. */
  readonly overList: number
  readonly quietCalls: number
  readonly changedCalls: number
}

/** Passes over a database of so many issues, none of which may start. */
export async function passesOver(issues: number): Promise<Passes> {
  using database = benchDatabase(issues)
  await using queue = beadsQueue({ directory: database.root, program: database.program })
  await using orch = createOrchestrator({
    queue,
    vcs: memoryVcs(),
    runner: memoryRunner(),
    agent: command({ argv: ['nothing'] }),
  })
  // Makes the seat and takes it.
  await orch.pass()
  await orch.pass()
  const lists: number[] = []
  const passes: number[] = []
  let quiet = 0
  let changed = 0
  for (let round = 0; round < rounds; round += 1) {
    database.bd(null, 'update', 'bench-1', `--notes=round ${round}`, '--json')
    const begun = performance.now()
    database.bd(null, 'list', '--all', '-n', '0', '--json')
    const listed = performance.now()
    database.calls()
    const before = performance.now()
    await orch.pass()
    passes.push(performance.now() - before)
    lists.push(listed - begun)
    changed += withoutBeats(database.calls()).length
    await orch.pass()
    quiet += withoutBeats(database.calls()).length
  }
  return {
    seconds: median(passes) / 1000,
    overList: medianRatio(passes, lists),
    quietCalls: quiet / rounds,
    changedCalls: changed / rounds,
  }
}

/** A beat comes every half a minute, whatever happens, with the look that follows it. */
function withoutBeats(calls: readonly string[]): readonly string[] {
  const beat = calls.findIndex((line) => line.endsWith('-- bench-orchestrator'))
  return beat === -1
    ? calls
    : calls.filter((line, index) => index !== beat && !(index > beat && line.startsWith('list')))
}
