import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Local, local } from '@orch/adapter-local'
import { type AgentProfile, command, createOrchestrator, type NewTask, OrchError } from '@orch/core'
import { drawGraph, graphFormats } from '@orch/core/draw'
import { checkTasks, explain, type Plan, planTasks } from '@orch/core/plan'
import { expectPlan, handClock, memoryQueue, taskQueueSuite } from '@orch/core/testing'

const tasks: readonly NewTask[] = [
  { id: 'button', title: 'Add a button', writes: ['src/Button.tsx'] },
  { id: 'label', title: 'Change every label', writes: ['src/*.tsx'] },
]

// The planner alone.
assert.deepEqual(checkTasks(tasks), [])
const plan: Plan = planTasks(tasks, { maxAgents: 2 })
assert.deepEqual(plan.mergeOrder, ['button', 'label'])
assert.match(explain(plan, 'label'), /^label waits for button/)
expectPlan(plan).runs('button').notBeside('label', { because: 'both write src/Button.tsx' })

// Its pictures.
for (const format of graphFormats) assert.match(drawGraph(plan, { format, tasks }), /label/)

// What tests are made of.
assert.equal(typeof handClock, 'function')
assert.equal(typeof memoryQueue, 'function')
assert.equal(typeof taskQueueSuite, 'function')

// Everything on this machine, in a repository of its own.
const repository = resolve('repository')
const git = (...words: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=consumer', '-c', 'user.email=consumer@example.com', ...words], {
    cwd: repository,
  })
execFileSync('git', ['init', '--quiet', '--initial-branch=main', repository])
git('commit', '--quiet', '--allow-empty', '--message=Start')
try {
  const ports: Local<AgentProfile> = local({ repository, target: 'main', agent: command({ argv: ['true'] }) })
  const orch = createOrchestrator({ ...ports, policy: { maxAgents: 2 } })
  assert.deepEqual(await orch.add(tasks), { added: ['button', 'label'], unchanged: [] })
  assert.deepEqual((await orch.plan()).mergeOrder, ['button', 'label'])
  const { tasks: rows } = await orch.status()
  assert.deepEqual(rows.map(({ id }) => id).toSorted(), ['button', 'label'])
  await assert.rejects(orch.show('nobody'), (error) => OrchError.is(error) && error.code === 'unknown-task')
  await orch[Symbol.asyncDispose]()
  assert.equal(git('status', '--porcelain').toString(), '')
} finally {
  rmSync(repository, { recursive: true })
}
