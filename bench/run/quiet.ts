import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { local } from '@orch/adapter-local'
import { command, createOrchestrator } from '@orch/core'
import { benchRepository } from './repository.ts'

const passes = 20

/** Git processes of twenty passes in a row while one agent works and nothing moves. */
export async function quietPassProcesses(): Promise<number> {
  using repository = benchRepository()
  const traces = join(repository.root, '..', 'traces')
  mkdirSync(traces)
  const agent = command({ argv: ['sh', '-c', 'while [ -e "$ORCH_PROMPT_FILE" ]; do sleep 0.1; done'] })
  await using orch = createOrchestrator({
    ...local({ repository: repository.root, target: 'main', agent }),
    policy: { maxAgents: 1 },
  })
  await orch.add([{ id: 'one', title: 'One', writes: ['one.txt'] }])
  const working = new Promise<void>((resolve) => orch.on('task-started', () => resolve()))
  const stop = new AbortController()
  const run = orch.run({ signal: stop.signal })
  await working
  stop.abort()
  await run
  process.env.GIT_TRACE2_EVENT = traces
  for (let count = 0; count < passes; count++) await orch.pass()
  delete process.env.GIT_TRACE2_EVENT
  await orch.cancel('one')
  await orch.run()
  return readdirSync(traces).length
}
