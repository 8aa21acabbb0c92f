import type { RunStore } from './run-store.ts'
import type { TaskSource } from './task-source.ts'

/** A source and a store in one: SQLite, Beads. Elsewhere `withRuns(source, store)` makes one of two. */
export type TaskQueue = TaskSource & RunStore
