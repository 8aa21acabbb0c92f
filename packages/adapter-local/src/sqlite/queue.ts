import type { RunStore, TaskQueue } from '@orch/core'
import { Database, type DatabaseOptions } from './database.ts'
import { runVerbs } from './runs.ts'
import { taskVerbs } from './tasks.ts'

/** Disposing it lets go of the file; a later call opens it again. Nothing here keeps the process alive. */
export interface SqliteQueue extends Required<Omit<TaskQueue, 'announce' | 'shortestLeaseMs'>>, Disposable {}

/** Disposing it lets go of the file; a later call opens it again. */
export interface SqliteRuns extends Required<Omit<RunStore, 'shortestLeaseMs'>>, Disposable {}

/** Tasks and run records in `<directory>/orch.db`, for any number of processes of this machine. Nothing is opened before the first call. */
export function sqliteQueue(options: DatabaseOptions): SqliteQueue {
  const database = new Database(options)
  return {
    name: 'sqlite',
    ...taskVerbs(database),
    ...runVerbs(database, { tasks: 'here' }),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  }
}

/** Run records alone in `<directory>/orch.db`, for tasks that are kept elsewhere; see `withRuns`. */
export function sqliteRuns(options: DatabaseOptions): SqliteRuns {
  const database = new Database(options)
  return { ...runVerbs(database, { tasks: 'elsewhere' }), [Symbol.dispose]: () => database[Symbol.dispose]() }
}
