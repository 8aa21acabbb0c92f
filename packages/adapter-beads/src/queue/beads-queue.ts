import { resolve } from 'node:path'
import type { TaskQueue } from '@orch/core'
import { Bd, type BdOptions } from '../bd/bd.ts'
import { Database } from './database.ts'
import { runVerbs } from './runs.ts'
import { Seat } from './seat.ts'
import { taskVerbs } from './tasks.ts'
import { Views } from './views.ts'

export interface BeadsQueueOptions extends BdOptions {
  /** What is anywhere below this issue counts to it, to any depth, and new tasks become children of it. Default: each task counts to the topmost issue above it. */
  readonly epic?: string
  /** Closes an epic with its last child, and says so in a comment. Default false. */
  readonly closeEpics?: boolean
}

/** Disposing it gives the seat of the scheduler back; a later call may take it again. */
export interface BeadsQueue extends Required<Omit<TaskQueue, 'announce'>>, AsyncDisposable {
  /** Processes of `bd` that were started so far, for people who measure. */
  readonly calls: number
}

/**
 * Tasks and run records in the Beads database of a repository, and nothing anywhere else. Nothing is called before the first verb. One
 * orchestrator schedules at a time: a second one waits for its seat. Throws `beads-unusable` where there is no `bd` 1.3 or no database,
 * and `store-lost` while the database is not the one that it began with.
 */
export function beadsQueue(options: BeadsQueueOptions): BeadsQueue {
  const bd = new Bd({ ...options, directory: resolve(options.directory) })
  const database = new Database(bd)
  const seat = new Seat(database)
  const views = new Views(database, seat, options.epic)
  const { epic, closeEpics = false } = options
  return {
    name: 'beads',
    ...taskVerbs({ database, views, epic, closeEpics }),
    ...runVerbs({ database, seat, views }),
    get calls() {
      return bd.calls
    },
    [Symbol.asyncDispose]: () => database.lane.run(() => seat.leave(new AbortController().signal)),
  }
}
