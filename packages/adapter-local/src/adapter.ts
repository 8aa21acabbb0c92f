import type { OrchAdapter } from '@orch/core'
import { chosenFrom } from './chosen.ts'
import { local, runnerOf } from './local.ts'
import { evidenceIn, placeOf } from './place.ts'
import { sqliteBoard } from './sqlite/board.ts'
import { sqliteQueue } from './sqlite/queue.ts'

/** This package as a configuration names it: `vcs: { use: '@orch/adapter-local', isolation: 'clone', remote: 'origin' }`, `runner: { use: '@orch/adapter-local', sandbox: 'bubblewrap' }`. */
export const orchAdapter: OrchAdapter = {
  queue(options) {
    chosenFrom('queue', options)
    const { state } = placeOf(options.repository)
    return sqliteQueue({ directory: state, evidence: evidenceIn(state) })
  },
  vcs(options) {
    const { repository, target } = options
    const { remote: named, ...chosen } = chosenFrom('vcs', options)
    const remote = typeof named === 'string' ? { name: named } : named
    return local({ repository, ...(target !== undefined && { target }), ...chosen, ...(remote && { remote }) }).vcs
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
