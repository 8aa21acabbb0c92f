import { expect, it } from 'vitest'
import { command } from '../../src/model/profile.ts'
import { createOrchestrator } from '../../src/run/orchestrator.ts'
import { memoryBoard } from '../../src/testing/memory-board.ts'
import { memoryQueue } from '../../src/testing/memory-queue.ts'
import { memoryReviewHost } from '../../src/testing/memory-review-host.ts'
import { memoryRunner } from '../../src/testing/memory-runner.ts'
import { memoryVcs } from '../../src/testing/memory-vcs.ts'

const [inherited, configured] = ['hunter2-inherited', 'hunter2/configured']
const both = `${inherited} and ${encodeURIComponent(configured)}`

it('a known value appears in no prompt, review, event, error, record or status, wherever it comes from', async () => {
  const queue = memoryQueue()
  const review = memoryReviewHost()
  const board = memoryBoard()
  const vcs = memoryVcs()
  const runner = memoryRunner({
    secrets: [inherited],
    script: (start, agent) => {
      agent.print(`I have ${both}`)
      if (start.environment.ORCH_TURN !== '1') {
        vcs.edit(start.directory, { 'a.txt': 'a\n' })
        return { exit: 0, report: { tell: 'done' } }
      }
      return { exit: 0, report: { tell: 'stuck', reason: `is ${both} right?`, options: [both], context: both } }
    },
  })
  const agent = command({ argv: ['agent'], environment: { API_TOKEN: configured } })
  const heard: unknown[] = []
  await using orch = createOrchestrator({ queue, vcs, runner, review, board, agent })
  for (const name of ['task-stuck', 'task-guided', 'task-failed', 'task-committed', 'problem'] as const)
    orch.on(name, (event: object) => heard.push(event))
  await orch.add([{ id: 'a', title: `With ${both}`, body: both }])
  await orch.run()
  const stuck = await orch.show('a')
  expect(stuck.stuckReason).toBe('is [redacted] and [redacted] right?')
  await orch.guide('a', `It is ${both}`)
  await orch.run()
  const failing = new Error(`could not reach ${both}`)
  vcs.observe = () => Promise.reject(failing)
  const thrown = await orch.pass().catch((error: Error) => [error.message, error.stack])
  const { records } = await queue.read({ all: true, signal: new AbortController().signal })
  const shown = JSON.stringify([
    heard,
    stuck,
    thrown,
    records,
    runner.starts.map(({ prompt }) => prompt),
    await review.observe({ branches: ['orch/a'], signal: new AbortController().signal }).then((all) => [...all]),
  ])
  expect(shown).toContain('could not reach [redacted]')
  expect(shown).toContain('It is [redacted]')
  expect(shown).toContain('With [redacted]')
  expect(shown).not.toContain(inherited)
  expect(shown).not.toContain(configured)
  expect(shown).not.toContain(encodeURIComponent(configured))
})

it('a known value in the name of a file is shown nowhere, and the file lands', async () => {
  const queue = memoryQueue()
  const board = memoryBoard()
  const vcs = memoryVcs()
  const path = `src/${'deep/'.repeat(14)}${inherited}.txt`
  const runner = memoryRunner({
    secrets: [inherited],
    script: ({ directory, environment }) => {
      vcs.edit(directory, { [path]: `by ${environment.ORCH_TASK}\n`, [`left-${inherited}`]: 'left\n' })
      if (environment.ORCH_TASK === 'b') vcs.userCommit({ [path]: 'by a person\n' })
      return { exit: 0 }
    },
  })
  const agent = command({ argv: ['agent'] })
  const heard: unknown[] = []
  const policy = { protected: ['src/**'], landing: { by: 'orchestrator', maxRepairs: 0 } } as const
  await using orch = createOrchestrator({ queue, vcs, runner, board, agent, policy })
  for (const name of ['task-committed', 'conflict-found', 'task-stuck', 'task-waits', 'problem'] as const)
    orch.on(name, (event: object) => heard.push(event))
  await orch.add([{ id: 'a', title: 'A', writes: ['src/**'] }])
  await orch.run()
  await orch.land('a')
  await orch.run()
  expect(vcs.userFiles()[path]).toBe('by a\n')
  await orch.add([{ id: 'b', title: 'B', writes: ['src/**'] }])
  await orch.run()
  await orch.land('b')
  await orch.run()
  const shown = JSON.stringify([
    heard,
    [await orch.status(), await orch.show('a'), await orch.show('b')],
    [await orch.scopes(), await orch.conflicts(), await orch.hints(), await orch.kept()],
    (await queue.read({ all: true, signal: new AbortController().signal })).records,
    await board.read({ signal: new AbortController().signal }),
  ])
  expect(shown).toContain('deep/[redacted].txt')
  expect(shown).toContain('conflict with main in')
  expect(shown).not.toContain('hunter2')
})
