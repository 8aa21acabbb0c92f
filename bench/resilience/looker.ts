import { sqliteQueue } from '@orch/adapter-local'
import { command, createOrchestrator } from '@orch/core'
import { memoryRunner, memoryVcs } from '@orch/core/testing'

/** Ten passes over the queue in a folder, then what they took: its own process, so that nothing else counts. */
const [directory = ''] = process.argv.slice(2)
using queue = sqliteQueue({ directory })
await using orch = createOrchestrator({
  queue,
  vcs: memoryVcs(),
  runner: memoryRunner(),
  agent: command({ argv: ['nothing'] }),
  policy: { maxAgents: 10 },
})
for (let count = 0; count < 10; count++) await orch.pass()
console.log(process.resourceUsage().maxRSS / 1000)
