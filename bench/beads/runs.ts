import { beadsQueue } from '@orch/adapter-beads'
import { command, createOrchestrator } from '@orch/core'
import { memoryRunner, memoryVcs } from '@orch/core/testing'
import { orch } from '../built.ts'
import { medianRatio } from '../figure.ts'
import { prepare } from '../run/orch-run.ts'
import { benchRepository } from '../run/repository.ts'
import { benchDatabase } from './database.ts'

const rounds = 3

/** Calls that write, for each task from its claim to its close; the looks between them are those of the passes. */
export async function callsPerTask(tasks: number): Promise<number> {
  using database = benchDatabase(0)
  await using queue = beadsQueue({ directory: database.root, program: database.program })
  const vcs = memoryVcs()
  const runner = memoryRunner({
    script: ({ directory, environment: { ORCH_TASK: id = '' } }) => {
      vcs.edit(directory, { [`${id.slice(1)}.txt`]: id })
      return { exit: 0 }
    },
  })
  const policy = { maxAgents: 4, landing: { by: 'orchestrator' as const } }
  await using orchestrator = createOrchestrator({ queue, vcs, runner, agent: command({ argv: ['nothing'] }), policy })
  const ids = Array.from({ length: tasks }, (_, index) => `t${index}`)
  await orchestrator.add(ids.map((id) => ({ id, writes: [`${id.slice(1)}.txt`] })))
  database.calls()
  const { outcome } = await orchestrator.run()
  if (outcome !== 'done') throw new Error(`the run ended with ${outcome}`)
  return database.calls().filter((line) => ids.some((id) => line.endsWith(`-- ${id}`))).length / tasks
}

/** A whole `orch run` of so many tasks on Beads over the same on SQLite. */
export async function runOverSqlite(tasks: number): Promise<number> {
  const times = { sqlite: [] as number[], beads: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['sqlite', 'beads'] as const) {
      using repository = benchRepository()
      using database = kind === 'beads' ? benchDatabase(0, repository.root) : null
      const environment = database === null ? {} : { PATH: database.path }
      await prepare(repository, { tasks, ...(database && { queue: 'beads' }) }, environment)
      const begun = performance.now()
      await orch(repository.root, ['run'], environment)
      times[kind].push(performance.now() - begun)
      if (repository.landed(tasks) !== tasks) throw new Error(`not everything landed with ${kind}`)
    }
  }
  return medianRatio(times.beads, times.sqlite)
}
