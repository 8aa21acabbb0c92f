import { expect } from 'vitest'
import type { Configuration } from '../src/configuration/configuration.ts'
import { type Ended, freshRepository, orch } from './rig.ts'

export const tasks =
  '- { id: one, title: First, writes: [one.txt] }\n- { id: two, title: Second, writes: [two.txt], dependsOn: [one] }\n'

export interface Prepared {
  readonly root: string
  call(...words: string[]): Promise<Ended>
}

/** A repository with a configuration and stored tasks. */
export async function prepared(options: {
  readonly agent?: readonly string[]
  readonly by?: 'human' | 'orchestrator'
  readonly method?: 'merge' | 'squash' | 'rebase'
  readonly tasks?: string
  readonly checks?: readonly string[]
  /** What else the configuration says. */
  readonly more?: Configuration
}): Promise<Prepared> {
  const landing = { by: options.by ?? 'orchestrator', method: options.method ?? 'merge', checks: options.checks ?? [] }
  const policy = { leaseMs: 2000, maxAttempts: 1, landing }
  const agent = options.agent === undefined ? {} : { agent: { command: options.agent } }
  const root = freshRepository({
    'orch.config.json': JSON.stringify({ ...agent, policy, ...options.more }),
    'tasks.yaml': options.tasks ?? tasks,
  })
  const call = (...words: string[]) => orch(words, { directory: root })
  expect(await call('add', 'tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
  return { root, call }
}
