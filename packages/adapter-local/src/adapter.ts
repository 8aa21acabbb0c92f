import type { OrchAdapter } from '@orch/core'
import { chosenFrom } from './chosen.ts'
import { local, runnerOf } from './local.ts'
import { evidenceIn, placeOf } from './place.ts'
import { sqliteBoard } from './sqlite/board.ts'
import { sqliteQueue } from './sqlite/queue.ts'

/** This package as a configuration names it: `vcs: { use: '@orch/adapter-local', isolation: 'clone' }`, `runner: { use: '@orch/adapter-local', sandbox: 'bubblewrap' }`. */
export const orchAdapter: OrchAdapter = {
  queue(options) {
    chosenFrom('queue', options)
    const { state } = placeOf(options.repository)
    return sqliteQueue({ directory: state, evidence: evidenceIn(state) })
  },
  vcs(options) {
    const { repository, target } = options
    return local({ repository, ...(target !== undefined && { target }), ...chosenFrom('vcs', options) }).vcs
  },
  runner(options) {
    const { repository, path = [] } = options
    return runnerOf({ repository, path, ...chosenFrom('runner', options) })
  },
  board(options) {
    chosenFrom('board', options)
    return sqliteBoard({ directory: placeOf(options.repository).state })
  },
}
