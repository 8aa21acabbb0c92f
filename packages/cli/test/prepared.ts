import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Configuration } from '../src/configuration/configuration.ts'
import { type Ended, freshRepository, git, orch } from './rig.ts'

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
  /** Changes are pushed to a bare repository beside the user's, `../remote.git`. */
  readonly pushes?: boolean
  /** Beside the repository's, by their paths from its root. */
  readonly files?: Readonly<Record<string, string>>
  /** What else the configuration says. */
  readonly more?: Configuration
}): Promise<Prepared> {
  const { by = 'orchestrator', method = 'merge', checks = [], pushes = false } = options
  const landing = { by, method, checks, ...(pushes && { via: 'push' }) }
  const policy = { leaseMs: 2000, maxAttempts: 1, landing }
  const agent = options.agent === undefined ? {} : { agent: { command: options.agent } }
  const root = freshRepository({
    'orch.config.json': JSON.stringify({ ...agent, policy, remote: { url: '../remote.git' }, ...options.more }),
    'tasks.yaml': options.tasks ?? tasks,
  })
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(root, name), text)
  if (pushes) git(root, 'clone', '--quiet', '--bare', '.', '../remote.git')
  const call = (...words: string[]) => orch(words, { directory: root })
  expect(await call('add', 'tasks.yaml')).toMatchObject({ exit: 0, stderr: '' })
  return { root, call }
}
