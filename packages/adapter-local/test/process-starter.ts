// Another orchestrator's process: starts what it is told to, tells how that went, and lives on until it is killed.
import { command } from '@orch/core'
import { processRunner } from '../src/process/process-runner.ts'

process.on('message', async (told: { processes: string; directory: string; key: string; script: string }) => {
  const { processes, directory, key, script } = told
  const result = await processRunner({ directory: processes }).start({
    key,
    profile: command({ argv: ['sh', '-c', script] }),
    directory,
    prompt: '',
    environment: {},
    signal: new AbortController().signal,
  })
  process.send?.(result)
})
process.send?.('ready')
