import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { orch, type Seen } from '../built.ts'
import type { BenchRepository } from './repository.ts'

/** Writes one file and commits it; the title of the task is its number. */
const agent = (seconds: number) =>
  `sleep ${seconds} && echo "$ORCH_TASK" > "$ORCH_TASK.txt" && git add -A && git commit --quiet -m "$ORCH_TASK"`

export interface Preparation {
  readonly tasks: number
  /** How long an agent takes beside its work. Default 0. */
  readonly seconds?: number
  /** As in the configuration. Default what is built in. */
  readonly queue?: string
  /** More for the agents, which inherit little. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Configures `repository` and stores tasks that have nothing to do with each other. Not part of what is measured. */
export async function prepare(
  { root }: BenchRepository,
  { tasks, seconds = 0, queue, environment = {} }: Preparation,
  own: Readonly<Record<string, string>> = {},
): Promise<void> {
  const configuration = {
    ...(queue !== undefined && { queue }),
    target: 'main',
    agent: {
      command: ['env', ...Object.entries(environment).map((pair) => pair.join('=')), 'sh', '-c', agent(seconds)],
    },
    policy: { maxAgents: 4, landing: { by: 'orchestrator', checks: ['true'] } },
  }
  writeFileSync(join(root, 'orch.config.json'), JSON.stringify(configuration))
  const list = Array.from({ length: tasks }, (_, index) => ({
    id: String(index + 1),
    title: String(index + 1),
    writes: [`${index + 1}.txt`],
  }))
  writeFileSync(join(root, '..', 'tasks.json'), JSON.stringify(list))
  await orch(root, ['add', '../tasks.json'], own)
}

/** `orch run` as a whole process. */
export function orchRun(
  repository: BenchRepository,
  environment: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  return orch(repository.root, ['run'], environment)
}
