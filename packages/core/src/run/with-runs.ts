import type { RunStore } from '../ports/run-store.ts'
import type { TaskQueue } from '../ports/task-queue.ts'
import type { TaskSource } from '../ports/task-source.ts'

/**
 * One queue of a tracker where people keep work and a store where we keep our records. Claims guard each other by the
 * store's revision; a change at the tracker between a snapshot and a claim is seen by the next pass only. A task that
 * left the tracker is absent from `list`; `write` never answers `gone`.
 */
export function withRuns(source: TaskSource, store: RunStore): TaskQueue {
  const { announce, add, close } = source
  return {
    name: source.name,
    list: (options) => source.list(options),
    ...(announce && { announce: (options) => announce.call(source, options) }),
    ...(add && { add: (options) => add.call(source, options) }),
    ...(close && { close: (options) => close.call(source, options) }),
    schedulers: store.schedulers,
    ...(store.shortestLeaseMs !== undefined && { shortestLeaseMs: store.shortestLeaseMs }),
    read: (options) => store.read(options),
    write: (options) => store.write(options),
    beat: (options) => store.beat(options),
    ask: (options) => store.ask(options),
    pause: (options) => store.pause(options),
    ...((source.watch ?? store.watch) && {
      watch: (options) => {
        source.watch?.(options)
        store.watch?.(options)
      },
    }),
  }
}
