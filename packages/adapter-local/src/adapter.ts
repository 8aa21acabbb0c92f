import { join } from 'node:path'
import type { OrchAdapter } from '@orch/core'
import { gitVcs } from './git/git-vcs.ts'
import { local } from './local.ts'
import { evidenceIn, placeOf } from './place.ts'
import { processRunner } from './process/process-runner.ts'
import { sqliteBoard } from './sqlite/board.ts'
import { sqliteQueue } from './sqlite/queue.ts'

/** This package as a configuration names it: `queue: { use: '@orch/adapter-local' }`. It takes no options of its own. */
export const orchAdapter: OrchAdapter = {
  queue: ({ repository }) => {
    const { state } = placeOf(repository)
    return sqliteQueue({ directory: state, evidence: evidenceIn(state) })
  },
  vcs: ({ repository, target }) => (target === undefined ? local({ repository }).vcs : gitVcs({ repository, target })),
  runner: ({ repository, path }) =>
    processRunner({ directory: join(placeOf(repository).state, 'processes'), path: path ?? [] }),
  board: ({ repository }) => sqliteBoard({ directory: placeOf(repository).state }),
}
