import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, createOrchestrator } from '@orch/core'
import { memoryRunner, memoryVcs } from '@orch/core/testing'
import { expect, test } from 'vitest'
import { type LinearClient, type LinearIssue, linearQueue } from './linear-queue.ts'

test('a tracker that only lists its issues becomes a queue with claims of our own', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orch-linear-'))
  const issue = (identifier: string, blockedBy: readonly string[]): LinearIssue => {
    return { identifier, title: `Do ${identifier}`, description: '', state: 'open', blockedBy }
  }
  const client: LinearClient = {
    issues: async () => ({ nodes: [issue('ENG-1', []), issue('ENG-2', ['ENG-1'])], hasMore: false }),
    upsertComment: async () => undefined,
  }
  try {
    const queue = linearQueue({ client, team: 'ENG', directory })
    const vcs = memoryVcs()
    const runner = memoryRunner({
      script: ({ directory: workspace, environment }) => {
        vcs.edit(workspace, { [`${environment.ORCH_TASK}.txt`]: 'done\n' })
        return { exit: 0 }
      },
    })
    const agent = command({ argv: ['agent'] })
    await using orch = createOrchestrator({ queue, vcs, runner, agent, policy: { landing: { by: 'orchestrator' } } })
    const { tasks } = await orch.run()
    expect(tasks.map(({ id, phase, attempt }) => `${id} ${phase} ${attempt}`)).toEqual([
      'ENG-1 closed 1',
      'ENG-2 closed 1',
    ])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
